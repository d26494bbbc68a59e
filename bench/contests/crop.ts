import type { Pixels } from '../../src/bench/likeness.ts';

/** Side of the crops to look at, in pixels. */
const SIDE = 256;

/** The middle of a picture, RGBA in base64, so that it survives the way to the command. */
export function cropOf({ data, width, height }: Pixels): { width: number; height: number; rgba: string } {
  const [across, down] = [Math.min(SIDE, width), Math.min(SIDE, height)];
  const [left, top] = [(width - across) >> 1, (height - down) >> 1];
  let bytes = '';
  for (let y = top; y < top + down; y++) {
    for (let i = (y * width + left) * 4; i < (y * width + left + across) * 4; i++)
      bytes += String.fromCharCode(data[i]!);
  }
  return { width: across, height: down, rgba: btoa(bytes) };
}
