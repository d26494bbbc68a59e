import { ssim } from 'ssim.js';

/** Mean SSIM of two pictures of one size, 1 for equal ones (Wang et al. 2004, on luma, not downsampled). */
export function similarity(a, b) {
  return ssim(a, b, { ssim: 'fast', downsample: false }).mssim;
}
