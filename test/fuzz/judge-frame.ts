/** Judges what is told of a frame beside its photo: how sharp it is, and its red eyes. */
import assert from 'node:assert/strict';
import { rgbToYcc } from '../reference/color/color.ts';
import { laplacianEnergy } from '../reference/sharpness.ts';
import type { Case } from './case.ts';
import type { Developed } from './develop.ts';
import { pixelsOf, type Picture } from './picture.ts';

/** Expects the sharpness by its definition, of luma that is rounded to codes. */
export function judgeSharpness({ sharpness, read }: Developed, { colour }: Case): void {
  if (sharpness === undefined) return;
  const [luma] = 'planes' in read ? read.planes : [read.pixels];
  const { width, height } = luma;
  if (width < 3 || height < 3) return assert.equal(sharpness, 0, 'sharpness');
  const codes = 'planes' in read ? Float64Array.from(luma.data) : lumaOf(read);
  const gain = 'planes' in read && !colour.fullRange ? 255 / 219 : 1;
  const expected = (laplacianEnergy(codes, width, height, width) * gain ** 2) / ((width - 2) * (height - 2));
  // Half a code off in each of the five samples changes the Laplacian by 4 at most.
  const root = 'planes' in read ? 0.001 * Math.sqrt(expected) : 4;
  assert(Math.abs(Math.sqrt(sharpness) - Math.sqrt(expected)) <= root, `sharpness is ${sharpness}, not ${expected}`);
}

function lumaOf(picture: Picture): Float64Array {
  const { data, width, height } = pixelsOf(picture);
  return Float64Array.from(
    { length: width * height },
    (_, i) => rgbToYcc(data[i * 4]!, data[i * 4 + 1]!, data[i * 4 + 2]!)[0],
  );
}

/** Expects nothing to change outside the eyes. */
export function judgeRedEyes({ read, corrected, redEyes }: Developed): void {
  const [before, after] = [read, corrected].map((picture) => ('planes' in picture ? picture.planes : [picture.pixels]));
  before!.forEach(({ data, width, channels }, plane) => {
    const step = plane === 0 ? 1 : 2;
    data.forEach((value, i) => {
      if (value === after![plane]!.data[i]) return;
      const at = Math.floor(i / channels);
      const [x, y] = [(at % width) * step, Math.floor(at / width) * step];
      const near = redEyes.some((eye) => Math.hypot(eye.x - x, eye.y - y) <= 2 * eye.radius + 5);
      assert(near, `red eyes: sample ${x}, ${y} of plane ${plane} was changed`);
    });
  });
}
