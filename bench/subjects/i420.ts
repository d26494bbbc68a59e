/** RGBA pixels as limited-range BT.601 I420 planes; chroma is that of every other pixel. */
export function toI420(rgba: Uint8ClampedArray, width: number, height: number): Uint8Array<ArrayBuffer> {
  const chromaWidth = (width + 1) >> 1;
  const chromaBytes = chromaWidth * ((height + 1) >> 1);
  const planes = new Uint8Array(width * height + chromaBytes * 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const [r, g, b] = [rgba[at]!, rgba[at + 1]!, rgba[at + 2]!];
      const luma = 0.299 * r + 0.587 * g + 0.114 * b;
      planes[y * width + x] = 16.5 + (luma * 219) / 255;
      if ((x | y) & 1) continue;
      const chroma = width * height + (y >> 1) * chromaWidth + (x >> 1);
      planes[chroma] = 128.5 + (((b - luma) / 1.772) * 224) / 255;
      planes[chroma + chromaBytes] = 128.5 + (((r - luma) / 1.402) * 224) / 255;
    }
  }
  return planes;
}
