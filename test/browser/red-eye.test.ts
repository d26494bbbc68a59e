import { afterAll, describe, expect, test } from 'vitest';
import { Darkroom, type DevelopOptions } from '../../src/index.ts';
import { compileKernels, instantiateKernels } from '../../worker/memory/kernels.ts';
import { face, goldenEyes } from '../helpers/golden-red-eye.ts';
import { has } from '../helpers/engine.ts';
import { loadPlanes } from '../helpers/planes.ts';
import { decode } from './frames.ts';

const darkroom = new Darkroom({ workers: 1 });
afterAll(() => darkroom.close());

/** The golden face as an I420 frame. */
async function planarFace(): Promise<VideoFrame> {
  const wasm = new URL('../../build/kernels.wasm', import.meta.url);
  const instance = await instantiateKernels(await compileKernels(wasm));
  const { planes, width, height } = loadPlanes(instance, face(380, 240, goldenEyes));
  // Firefox 153 and WebKitGTK 2.50 do not heed a layout: the rows have to follow each other.
  const rows = planes.flatMap(({ address, stride }, i) =>
    Array.from({ length: i ? height >> 1 : height }, (_, y) =>
      instance.memory.bytes(address + y * stride, i ? width >> 1 : width),
    ),
  );
  return new VideoFrame(await new Blob(rows).arrayBuffer(), {
    ...{ format: 'I420', codedWidth: width, codedHeight: height, timestamp: 0 },
    colorSpace: { matrix: 'smpte170m', primaries: 'bt709', transfer: 'bt709', fullRange: false },
  });
}

describe('redEyeReduction', () => {
  test.each([
    ['the frame as it is', {}, 1],
    ['scaled', { imageWidth: 760 }, 2],
    ['a PNG', { type: 'image/png' as const }, 1],
  ])('corrects eyes in planes and returns where they are, in pixels of the photo: %s', async (_, options, scale) => {
    const { blob, redEyes } = await darkroom.develop(await planarFace(), { redEyeReduction: true, ...options });
    expect(redEyes.length).toBe(2);
    const { data, width } = await decode(blob);
    for (const { x, y, r } of goldenEyes) {
      const eye = redEyes.find((found) => Math.hypot(found.x - x * scale, found.y - y * scale) < 1.5 * scale)!;
      expect(eye).toBeDefined();
      expect(Math.abs(eye.radius - r * scale)).toBeLessThan(2 * scale);
      expect(eye.confidence).toBeGreaterThan(0.8);
      const at = (Math.round(y * scale) * width + Math.round((x + r / 2) * scale)) * 4;
      expect(data[at]! - Math.max(data[at + 1]!, data[at + 2]!)).toBeLessThan(20);
    }
  });

  test.for<[string, VideoFrameInit | object, DevelopOptions, (x: number, y: number) => number[]]>([
    ['turned by 90°', { rotation: 90 }, {}, (x: number, y: number) => [240 - 1 - y, x]],
    ['turned by 180°', { rotation: 180 }, {}, (x: number, y: number) => [380 - 1 - x, 240 - 1 - y]],
    ['turned by 270°', { rotation: 270 }, {}, (x: number, y: number) => [y, 380 - 1 - x]],
    ['flipped', { flip: true }, {}, (x: number, y: number) => [380 - 1 - x, y]],
    ['mirrored', {}, { mirror: true }, (x: number, y: number) => [380 - 1 - x, y]],
    ['turned and mirrored', { rotation: 90 }, { mirror: true }, (x: number, y: number) => [y, x]],
  ])('returns where the eyes are in a photo %s', async ([, init, options, place], { skip }) => {
    skip(Object.keys(init).length > 0 && !has.rotation, 'frames do not know rotation');
    const stored = await planarFace();
    const frame = new VideoFrame(stored, init as VideoFrameInit);
    stored.close();
    const { redEyes } = await darkroom.develop(frame, { redEyeReduction: true, ...options });
    expect(redEyes.length).toBe(2);
    for (const { x, y } of goldenEyes) {
      const [wantX, wantY] = place(x, y) as [number, number];
      expect(Math.min(...redEyes.map((eye) => Math.hypot(eye.x - wantX, eye.y - wantY)))).toBeLessThan(1.5);
    }
  });

  test('leaves red eyes alone when it is not asked for', async () => {
    expect((await darkroom.develop(await planarFace())).redEyes).toEqual([]);
  });
});
