import { beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../helpers/golden-jpeg.ts';
import { correct, face, goldenEyes, goldenRedEye, type DrawnEye } from '../helpers/golden-red-eye.ts';
import { load } from '../helpers/images.ts';
import { loadTestKernels } from '../helpers/kernels.ts';
import { Random } from '../helpers/random.ts';
import { drawn, noise, scene, type Pixels } from '../helpers/scene.ts';
import { close5x5, redness } from '../reference/red-eye.ts';

const instance = await loadTestKernels();
const { kernels, memory } = instance;
beforeEach(() => memory.reset());

describe('stages', () => {
  test.each(['RGBA', 'BGRA'] as const)('redness of %s is the definition', (format) => {
    const pixels = noise(37, 5, 2);
    const { address, stride } = load(instance, pixels, format, 4);
    const [s, d] = [memory.alloc(37 * 5), memory.alloc(37 * 5)];
    kernels.rednessMaps(address, s, d, 37, 5, stride, format === 'BGRA' ? 2 : 0);
    for (let i = 0; i < 37 * 5; i++) {
      const [r, g, b] = pixels.data.subarray(i * 4) as unknown as [number, number, number];
      expect(memory.bytes(s + i, 1)[0]).toBe(redness(r, g, b));
      expect(memory.bytes(d + i, 1)[0]).toBe(Math.max(0, r - Math.max(g, b)));
    }
  });

  test.each([
    [5, 5],
    [4, 9],
    [16, 7],
    [21, 20],
    [40, 33],
  ])('closing of %i × %i equals the definition', (width, height) => {
    const data = new Random(width).bytes(width * height);
    const [plane, scratch] = [memory.alloc(data.length + 16), memory.alloc(data.length)];
    memory.bytes(plane, data.length + 16).fill(9);
    memory.bytes(plane, data.length).set(data);
    kernels.close5x5(plane, scratch, width, height);
    const small = width < 5 || height < 5;
    expect([...memory.bytes(plane, data.length)]).toEqual(
      small ? [...data] : close5x5({ data: [...data], width, height }),
    );
    expect([...memory.bytes(plane + data.length, 16)]).toEqual(new Array(16).fill(9));
  });

  test.each([
    [1, 1],
    [3, 2],
    [8, 5],
  ])('halving to %i × %i is the rounded mean', (width, height) => {
    const pixels = noise(width * 2, height * 2, 4, false);
    const image = load(instance, pixels, 'RGBA', 8);
    const out = memory.alloc(width * height * 4 + 16);
    kernels.halvePixels(image.address, out, width, height, image.stride, width * 4);
    for (let i = 0; i < width * height * 4; i++) {
      const [x, y, c] = [(i >> 2) % width, Math.floor((i >> 2) / width), i & 3];
      const at = (dx: number, dy: number): number => pixels.data[((y * 2 + dy) * width * 2 + x * 2 + dx) * 4 + c]!;
      expect(memory.bytes(out + i, 1)[0]).toBe((at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1) + 2) >> 2);
    }
  });

  test('candidates are where a plain search finds a red square on grey', () => {
    const size = 40;
    const plane = new Uint8Array(size * size);
    for (let y = 18; y <= 22; y++) plane.fill(200, y * size + 11, y * size + 16);
    const [src, table, scratch, found] = [
      memory.alloc(1600),
      memory.alloc(41 * 41 * 4),
      memory.alloc(3200),
      memory.alloc(1200),
    ];
    memory.bytes(src, 1600).set(plane);
    kernels.summedArea(src, table, size, size);
    expect(memory.words(table, 41 * 41).at(-1)).toBe(25 * 200);
    const count = kernels.findCandidates(table, table, scratch, found, size, size, 2, 6, 100);
    expect(count).toBe(1);
    expect([...memory.words(found, 2)]).toEqual([13, 20]);
  });
});

describe('faces', () => {
  test.each([4, 6, 9, 14, 22, 40])('pupils of %i pixels are found, corrected, and their glint kept', (r) => {
    const eyes: DrawnEye[] = [
      { x: r * 10, y: r * 10, r },
      { x: r * 23, y: r * 10 + 3, r },
    ];
    const pixels = face(r * 33, r * 20, eyes);
    const { data, redEyes } = correct(instance, pixels);
    expect(redEyes.length).toBe(2);
    for (const eye of eyes) {
      const found = redEyes.find(({ x, y }) => Math.hypot(x - eye.x, y - eye.y) < Math.max(1.5, 0.15 * r))!;
      expect(found).toBeDefined();
      expect(found.radius / r).toBeGreaterThan(0.8);
      expect(found.radius / r).toBeLessThan(1.25);
      expect(found.confidence).toBeGreaterThan(0.5);
      let lostGlint = 0;
      let stillRed = 0;
      forEachPixel(pixels, (x, y, at) => {
        const distance = Math.hypot(x - eye.x, y - eye.y);
        if (distance >= r) return;
        const glint = Math.min(...pixels.data.subarray(at, at + 3)) > 150;
        if (glint && data[at] !== pixels.data[at]) lostGlint++;
        if (!glint && distance < 0.8 * r && redness(data[at]!, data[at + 1]!, data[at + 2]!) > 40) stillRed++;
      });
      expect([lostGlint, stillRed]).toEqual([0, 0]);
    }
    let outside = 0;
    forEachPixel(pixels, (x, y, at) => {
      if (data[at] === pixels.data[at] && data[at + 1] === pixels.data[at + 1]) return;
      if (eyes.every((eye) => Math.hypot(x - eye.x, y - eye.y) > 1.8 * r + 1)) outside++;
    });
    expect(outside).toBe(0);
  });

  test('a second run changes nothing', () => {
    const once = correct(instance, face(380, 240, goldenEyes));
    const data = new Uint8ClampedArray(once.data.buffer);
    const twice = correct(instance, { data, width: 380, height: 240 });
    expect(twice.redEyes).toEqual([]);
    expect(twice.data).toEqual(new Uint8Array(data));
  });

  test('turned and mirrored faces have the same eyes', () => {
    const pixels = face(380, 240, goldenEyes);
    const upright = correct(instance, pixels).redEyes;
    const turns: [string, (x: number, y: number) => [number, number]][] = [
      ['90°', (x, y) => [239 - y, x]],
      ['180°', (x, y) => [379 - x, 239 - y]],
      ['270°', (x, y) => [y, 379 - x]],
      ['mirrored', (x, y) => [379 - x, y]],
    ];
    for (const [name, turn] of turns) {
      const [width, height] = name === '90°' || name === '270°' ? [240, 380] : [380, 240];
      const data = new Uint8ClampedArray(pixels.data.length);
      forEachPixel(pixels, (x, y, at) => {
        const [u, v] = turn(x, y);
        data.set(pixels.data.subarray(at, at + 4), (v * width + u) * 4);
      });
      const { redEyes } = correct(instance, { data, width, height });
      expect(redEyes.length).toBe(upright.length);
      for (const eye of upright) {
        const [u, v] = turn(eye.x, eye.y);
        const same = redEyes.find(({ x, y }) => Math.hypot(x - u, y - v) < 1);
        expect(same, name).toBeDefined();
        expect(Math.abs(same!.radius - eye.radius)).toBeLessThan(1);
      }
    }
  });

  test('golden', async () => {
    expect(await sha256(correct(instance, face(380, 240, goldenEyes)).data)).toBe(goldenRedEye);
  });
});

describe('nothing to correct', () => {
  test.each<[string, Pixels]>([
    ['dark pupils', face(380, 240, goldenEyes, [22, 20, 24])],
    ['skin', face(200, 200, [])],
    ['a photo-like scene', scene(320, 240)],
    ['flat red', drawn(200, 150, () => [220, 20, 30, 255])],
    [
      'lips',
      drawn(200, 150, (x, y) =>
        (x - 100) ** 2 / 900 + (y - 75) ** 2 / 90 < 1 ? [190, 60, 70, 255] : [205, 160, 135, 255],
      ),
    ],
    [
      'red dots on white',
      drawn(240, 160, (x, y) =>
        ((x % 40) - 20) ** 2 + ((y % 40) - 20) ** 2 < 30 ? [210, 20, 30, 255] : [245, 245, 245, 255],
      ),
    ],
    ['red noise', drawn(300, 200, (x, y) => [(x * 7919 + y * 104729) % 256, (x * 31 + y * 17) % 40, 20, 255])],
    [
      'a chequerboard of red',
      drawn(256, 256, (x, y) => (((x >> 3) ^ (y >> 3)) & 1 ? [230, 10, 10, 255] : [30, 30, 30, 255])),
    ],
  ])('%s comes back byte for byte', (_, pixels) => {
    const { data, redEyes } = correct(instance, pixels);
    expect(redEyes).toEqual([]);
    expect(data).toEqual(new Uint8Array(pixels.data));
  });

  test.each(Array.from({ length: 18 }, (_, i) => i + 1))('%i pixels of red a side do no harm', (side) => {
    const before = memory.mark();
    correct(
      instance,
      drawn(side, side, () => [255, 0, 0, 255]),
    );
    correct(
      instance,
      drawn(side, 3, () => [255, 0, 0, 255]),
    );
    memory.reset();
    expect(memory.mark()).toBe(before);
  });
});

function forEachPixel({ width, height }: Pixels, visit: (x: number, y: number, at: number) => void): void {
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) visit(x, y, (y * width + x) * 4);
}
