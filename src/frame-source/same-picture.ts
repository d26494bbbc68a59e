/** Whether two frames show the same, pixel by pixel, whatever their formats. */
export function samePicture(one: VideoFrame, other: VideoFrame): boolean {
  const { displayWidth: width, displayHeight: height } = one;
  if (width !== other.displayWidth || height !== other.displayHeight) return false;
  const [a, b] = [words(one, width, height), words(other, width, height)];
  return a.every((word, i) => word === b[i]);
}

function words(frame: VideoFrame, width: number, height: number): Uint32Array {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.drawImage(frame, 0, 0, width, height);
  return new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
}
