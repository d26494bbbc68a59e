export { deinterleaveUv } from './planes';
export { rgbaToChroma, rgbaToChromaHalf, rgbaToLuma } from './rgb-to-ycc';
export { compositeOnWhite, copyReplicated, isOpaque } from './strips';
export { bt709ToBt601, scaleSamples, yuv420ToRgba } from './yuv';
