import sharp from 'sharp';
import { beforeEach, describe, expect, test } from 'vitest';
import type { PlanarImage } from '../../worker/image.ts';
import type { RedEye } from '../../worker/photo.ts';
import { reduceRedEye } from '../../worker/red-eye.ts';
import { describePicture, halveRows } from '../../worker/red-eye/picture.ts';
import { searchRedEyes } from '../../worker/red-eye/search.ts';
import { findSpots, noCounts, renewSpots, type Spot } from '../../worker/red-eye/spots.ts';
import { sha256 } from '../helpers/golden-jpeg.ts';
import { correct, face, goldenEyes, goldenRedEye, RED_PUPIL, type DrawnEye } from '../helpers/golden-red-eye.ts';
import { load } from '../helpers/images.ts';
import { loadTestKernels } from '../helpers/kernels.ts';
import { bytesOf, loadPlanes } from '../helpers/planes.ts';
import { Random } from '../helpers/random.ts';
import { drawn, noise, scene, type Pixels } from '../helpers/scene.ts';
import { close5x5, contrast, redness, yuvToRgb } from '../reference/red-eye.ts';

const instance = await loadTestKernels();
const { kernels, memory } = instance;
beforeEach(() => memory.reset());

/** Pixels of planes as RGBA at `out`. */
function convertPatch(picture: number, x: number, y: number, width: number, height: number, out: number): void {
  for (let row = 0; row < height; row++) kernels.convertRow(picture, x, y + row, width, out + row * width * 4);
}

describe('stages', () => {
  test.each(['RGBA', 'BGRA'] as const)('redness of %s is the definition in marked tiles, and 0 in others', (format) => {
    const [width, height] = [53, 21];
    const pixels = noise(width, height, 2);
    const picture = describePicture(instance, load(instance, pixels, format, 4));
    const [flags, map, row] = [memory.alloc(8), memory.alloc(width * height + 16), memory.alloc(width * 4 + 64)];
    const marks = [1, 0, 1, 1, 0, 1, 0, 1];
    memory.bytes(flags, 8).set(marks);
    memory.bytes(map, width * height + 16).fill(9);
    kernels.rednessMap(picture.address, 0, flags, map, row, 0, height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [r, g, b] = pixels.data.subarray((y * width + x) * 4) as unknown as [number, number, number];
        const marked = marks[(y >> 4) * 4 + (x >> 4)];
        expect(memory.bytes(map + y * width + x, 1)[0]).toBe(marked ? redness(r, g, b) : 0);
      }
    }
    expect([...memory.bytes(map + width * height + 8, 8)]).toEqual(new Array(8).fill(9));
  });

  test('tiles with a red pixel are marked, then four to one, then with their neighbours', () => {
    const pixels = drawn(100, 60, (x, y) =>
      x >= 50 && x < 52 && y >= 34 && y < 36 ? [200, 30, 30, 255] : [120, 110, 100, 255],
    );
    const picture = describePicture(instance, load(instance, pixels));
    const [flags, pooled, near] = [memory.alloc(28), memory.alloc(8), memory.alloc(28)];
    expect(kernels.flagRed(picture.address, flags, 7, 4)).toBe(1);
    const places = (address: number, count: number): number[] =>
      [...memory.bytes(address, count)].flatMap((flag, i) => (flag ? [i] : []));
    expect(places(flags, 28)).toEqual([2 * 7 + 3]);
    kernels.poolFlags(flags, pooled, 7, 4);
    expect(places(pooled, 8)).toEqual([5]);
    kernels.spreadFlags(flags, near, 7, 4);
    expect(places(near, 28)).toEqual([9, 10, 11, 16, 17, 18, 23, 24, 25]);
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
    [4, 2],
    [6, 4],
    [7, 6],
    [16, 11],
    [15, 13],
  ])('%i × %i halved is the rounded mean of two or of three, 1 : 2 : 1', (srcWidth, srcHeight) => {
    const pixels = noise(srcWidth, srcHeight, 4, false);
    const image = load(instance, pixels, 'RGBA', 8);
    const [width, height] = [srcWidth >> 1, srcHeight >> 1];
    const [oddX, oddY] = [srcWidth & 1, srcHeight & 1];
    const out = memory.alloc(width * height * 4 + 16);
    memory.bytes(out, width * height * 4 + 16).fill(9);
    kernels.halvePixels(image.address, out, width, height, image.stride, width * 4, oddX, oddY);
    for (let i = 0; i < width * height * 4; i++) {
      const [x, y, c] = [(i >> 2) % width, Math.floor(i / 4 / width), i & 3];
      let [sum, weight] = [0, 0];
      for (const [dx, a] of (oddX ? [1, 2, 1] : [1, 1]).entries()) {
        for (const [dy, b] of (oddY ? [1, 2, 1] : [1, 1]).entries()) {
          sum += a * b * pixels.data[((y * 2 + dy) * srcWidth + x * 2 + dx) * 4 + c]!;
          weight += a * b;
        }
      }
      expect(memory.bytes(out + i, 1)[0]).toBe(Math.floor(sum / weight + 0.5));
    }
    expect([...memory.bytes(out + width * height * 4, 16)]).toEqual(new Array(16).fill(9));
  });

  test.each([
    ['I420', true],
    ['I420', false],
    ['NV12', false],
  ] as const)('%s planes are converted and halved by the definition (full range: %s)', (format, fullRange) => {
    const [width, height] = [43, 18];
    const image = loadPlanes(instance, noise(width, height, 5), format, { matrix: 'bt601', fullRange });
    const [lumaPlane, u] = image.planes as [{ address: number; stride: number }, { address: number; stride: number }];
    const v = image.planes[2]?.address ?? u.address + 1;
    const step = format === 'NV12' ? 2 : 1;
    const chroma = (x: number, y: number): [number, number] => {
      const at = (y >> 1) * u.stride + (x >> 1) * step;
      return [memory.bytes(u.address + at, 1)[0]!, memory.bytes(v + at, 1)[0]!];
    };
    const luma = (x: number, y: number): number => memory.bytes(lumaPlane.address + y * lumaPlane.stride + x, 1)[0]!;
    const picture = describePicture(instance, image);
    const out = memory.alloc(width * height * 4 + 16);
    const near = (at: number, expected: number[]): void => {
      expected.forEach((value, c) => expect(Math.abs(memory.bytes(at + c, 1)[0]! - value)).toBeLessThan(1.1));
    };
    convertPatch(picture.address, 0, 0, width, height, out);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) near(out + (y * width + x) * 4, yuvToRgb(luma(x, y), ...chroma(x, y), fullRange));
    }
    const half = memory.words(picture.address + 96 + 16, 2);
    const [address, stride] = [half[0]!, half[1]!];
    for (let y = 0; y < height >> 1; y++) {
      for (let x = 0; x < width >> 1; x++) {
        const sum = luma(2 * x, 2 * y) + luma(2 * x + 1, 2 * y) + luma(2 * x, 2 * y + 1) + luma(2 * x + 1, 2 * y + 1);
        near(address + y * stride + x * 4, yuvToRgb((sum + 2) >> 2, ...chroma(2 * x, 2 * y), fullRange));
      }
    }
  });

  test.each(['I420', 'NV12'] as const)('a patch of %s is written back where it differs, and nowhere else', (format) => {
    const image = loadPlanes(instance, face(61, 41, []), format);
    const picture = describePicture(instance, image);
    const [before, after] = [memory.alloc(20 * 12 * 4), memory.alloc(20 * 12 * 4)];
    const untouched = bytesOf(instance, image);
    convertPatch(picture.address, 42, 30, 19, 11, before);
    const patch = memory.bytes(before, 19 * 11 * 4).slice();
    memory.bytes(after, patch.length).set(patch);
    kernels.writePatch(picture.address, 42, 30, 19, 11, before, after);
    expect(bytesOf(instance, image).equals(untouched)).toBe(true);
    // A whole block of chroma, and the corner of the picture.
    const places = [0, 1, 19, 20, 10 * 19 + 18];
    for (const place of places) memory.bytes(after + place * 4, 3).set([30, 40, 50]);
    kernels.writePatch(picture.address, 42, 30, 19, 11, before, after);
    convertPatch(picture.address, 42, 30, 19, 11, before);
    const now = memory.bytes(before, patch.length);
    for (let i = 0; i < 19 * 11; i++) {
      if (places.includes(i)) {
        [30, 40, 50].forEach((value, c) => expect(Math.abs(now[i * 4 + c]! - value)).toBeLessThan(4));
      } else expect(now.subarray(i * 4, i * 4 + 4)).toEqual(patch.subarray(i * 4, i * 4 + 4));
    }
  });

  test.each([
    [1, 3],
    [2, 6],
    [3, 8],
  ])('candidates of half sides %i and %i are where a plain search finds them', (k, K) => {
    const [width, height] = [77, 64];
    const discs = [
      { x: 20, y: 20, r: 2 },
      { x: 47, y: 18, r: 3 },
      { x: 30, y: 46, r: 5 },
      { x: 58, y: 44, r: 4 },
    ];
    const pixels = drawn(width, height, (x, y) =>
      discs.some((disc) => (x - disc.x) ** 2 + (y - disc.y) ** 2 <= disc.r ** 2)
        ? [180, 40, 45, 255]
        : [200, 160, 140, 255],
    );
    const picture = describePicture(instance, load(instance, pixels));
    const size = width * height;
    const [flags, map, row] = [memory.alloc(20), memory.alloc(size + 64), memory.alloc(512)];
    const [table, scratch] = [memory.alloc((width + 16) * 130 + 64), memory.alloc((width + 16) * 128 + 256)];
    const found = memory.alloc(16 * 100);
    memory.bytes(flags, 20).fill(1);
    kernels.rednessMap(picture.address, 0, flags, map, row, 0, height);
    kernels.summedArea(map, table, width, height);
    const plane = { data: [...memory.bytes(map, size)], width, height };
    const count = kernels.findCandidates(
      ...([picture.address, 0, map, table, flags, scratch, found, 0, height, 0, height, k, K, 100] as const),
    );
    const list = memory.words(found, count * 4);
    expect(count).toBeGreaterThan(0);
    for (let i = 0; i < count; i++) {
      const [x, y, radius, value] = [...list.subarray(i * 4, i * 4 + 4)] as [number, number, number, number];
      expect(radius).toBe(k * 256 + 154);
      // Of a plateau the middle.
      const [column, row] = [Math.floor(x / 256 + (width - 1) / 2), Math.floor(y / 256 + (height - 1) / 2)];
      const exact = contrast(plane, column, row, k, K);
      expect(exact).toBeGreaterThan(0.095);
      expect(Math.abs(value / 1024 - exact)).toBeLessThan(0.01);
      for (let dy = -k; dy <= k; dy++) {
        for (let dx = -k; dx <= k; dx++) {
          const [u, v] = [column + dx, row + dy];
          if (u < K || v < K || u >= width - K || v >= height - K) continue;
          expect(contrast(plane, u, v, k, K)).toBeLessThan(exact + 0.01);
        }
      }
    }
  });
});

/** Two pupils of radius r in a face around them. */
function pairOf(r: number, pupil = RED_PUPIL, grain = 1): { pixels: Pixels; eyes: DrawnEye[] } {
  const eyes: DrawnEye[] = [
    { x: r * 10, y: r * 10, r },
    { x: r * 23, y: r * 10 + 3, r },
  ];
  return { pixels: face(r * 33, r * 20, eyes, pupil, grain), eyes };
}

/** Whether each drawn eye was found, its centre within a pixel or 0.15 r. */
function allFound(eyes: DrawnEye[], redEyes: RedEye[]): boolean {
  return eyes.every((eye) =>
    redEyes.some(
      ({ x, y, radius }) =>
        Math.hypot(x - eye.x, y - eye.y) < Math.max(1.5, 0.15 * eye.r) &&
        Math.abs(radius - eye.r) < Math.max(2, 0.3 * eye.r),
    ),
  );
}

describe('faces', () => {
  test.each([4, 6, 9, 14, 22, 40])('pupils of %i pixels are found, corrected, and their glint kept', (r) => {
    const { pixels, eyes } = pairOf(r);
    const { data, redEyes } = correct(instance, pixels);
    expect(redEyes.length).toBe(2);
    expect(allFound(eyes, redEyes)).toBe(true);
    for (const eye of eyes) {
      const found = redEyes.find(({ x }) => Math.abs(x - eye.x) < r)!;
      expect(found.radius / r).toBeGreaterThan(0.8);
      expect(found.radius / r).toBeLessThan(1.25);
      let lostGlint = 0;
      let stillRed = 0;
      forEachPixel(pixels, (x, y, at) => {
        const distance = Math.hypot(x - eye.x, y - eye.y);
        if (distance >= r) return;
        const glint = Math.min(...pixels.data.subarray(at, at + 3)) > 150;
        if (glint && data[at] !== pixels.data[at]) lostGlint++;
        if (!glint && distance < 0.8 * r && redness(data[at]!, data[at + 1]!, data[at + 2]!) > 20) stillRed++;
      });
      expect([lostGlint, stillRed]).toEqual([0, 0]);
    }
    let outside = 0;
    forEachPixel(pixels, (x, y, at) => {
      if (data[at] === pixels.data[at] && data[at + 1] === pixels.data[at + 1]) return;
      if (eyes.every((eye) => Math.hypot(x - eye.x, y - eye.y) > 1.4 * r + 1)) outside++;
    });
    expect(outside).toBe(0);
    expect(redEyes.every(({ confidence }) => confidence > 0.5 && confidence <= 1)).toBe(true);
  });

  test.each([
    ['I420', { matrix: 'bt601', fullRange: false }],
    ['NV12', { matrix: 'bt601', fullRange: true }],
  ] as const)('planes (%s) have the same eyes, corrected as well', (format, colour) => {
    for (const r of [6, 9, 40]) {
      const { pixels, eyes } = pairOf(r);
      memory.reset();
      const image = loadPlanes(instance, pixels, format, colour);
      const redEyes = reduceRedEye(instance, image);
      expect(redEyes.length).toBe(2);
      expect(allFound(eyes, redEyes)).toBe(true);
      const picture = describePicture(instance, image);
      const out = memory.alloc(pixels.data.length);
      convertPatch(picture.address, 0, 0, image.width, image.height, out);
      const data = memory.bytes(out, pixels.data.length).slice();
      let stillRed = 0;
      forEachPixel(pixels, (x, y, at) => {
        if (eyes.every((eye) => Math.hypot(x - eye.x, y - eye.y) > 0.7 * r)) return;
        const glint = Math.min(...pixels.data.subarray(at, at + 3)) > 120;
        if (!glint && redness(data[at]!, data[at + 1]!, data[at + 2]!) > 32) stillRed++;
      });
      expect(stillRed).toBe(0);
      const once = bytesOf(instance, image);
      expect(reduceRedEye(instance, image)).toEqual([]);
      expect(bytesOf(instance, image).equals(once)).toBe(true);
    }
  });

  test.each([
    ['as it is', 9, 1, RED_PUPIL],
    ['noisy', 9, 3, RED_PUPIL],
    ['small', 4, 1, RED_PUPIL],
    ['large', 40, 1, RED_PUPIL],
    ['orange', 14, 1, [200, 70, 50]],
    ['dark', 14, 2, [90, 20, 26]],
    ['purple', 22, 1, [150, 40, 90]],
  ] as const)('a second run changes nothing: %s', (_, r, grain, pupil) => {
    const { pixels } = pairOf(r, [...pupil], grain);
    const once = correct(instance, pixels);
    expect(once.redEyes.length).toBe(2);
    const data = new Uint8ClampedArray(once.data.buffer);
    const twice = correct(instance, { ...pixels, data });
    expect(twice.redEyes).toEqual([]);
    expect(Buffer.from(data).equals(twice.data)).toBe(true);
  });

  test('what is searched again about a change is all that the change made or undid', () => {
    const [width, height] = [900, 700];
    const random = new Random(11);
    const dots = Array.from({ length: 120 }, () => ({
      ...{ x: random.word() % width, y: random.word() % height },
      ...{ r: 3 + (random.word() % 14), red: 120 + (random.word() % 120) },
    }));
    const skin = [205, 160, 135, 255];
    const pixels = drawn(width, height, (x, y) => {
      const dot = dots.find((dot) => (x - dot.x) ** 2 + (y - dot.y) ** 2 <= dot.r ** 2);
      return dot ? [dot.red, 40, 44, 255] : skin;
    });
    const image = load(instance, pixels);
    const picture = describePicture(instance, image);
    const before = findSpots(instance, picture, noCounts());
    const changes = [
      { left: 200, top: 150, right: 260, bottom: 201 },
      { left: 611, top: 333, right: 640, bottom: 366 },
    ];
    for (const { left, top, right, bottom } of changes) {
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) memory.bytes(image.address + (y * width + x) * 4, 4).set(skin);
      }
      halveRows(instance, picture, top, bottom);
    }
    const order = (a: Spot, b: Spot): number => a.radius - b.radius || a.y - b.y || a.x - b.x;
    const renewed = renewSpots(instance, picture, noCounts(), before, changes).sort(order);
    const fresh = findSpots(instance, describePicture(instance, image), noCounts()).sort(order);
    expect(before.length).toBeGreaterThan(100);
    expect(fresh).not.toEqual(before.sort(order));
    expect(renewed).toEqual(fresh);
  });

  test.each([
    [380, 240, 1],
    [381, 241, 1],
    [383, 242, 3],
    [379, 247, 2],
  ])('a face of %i × %i, turned and mirrored, comes back turned and mirrored, to the byte', (width, height, grain) => {
    const pixels = face(width, height, goldenEyes, RED_PUPIL, grain);
    const upright = correct(instance, pixels);
    expect(upright.redEyes.length).toBe(2);
    const [right, bottom] = [width - 1, height - 1];
    const turns: [string, (x: number, y: number) => [number, number]][] = [
      ['90°', (x, y) => [bottom - y, x]],
      ['180°', (x, y) => [right - x, bottom - y]],
      ['270°', (x, y) => [y, right - x]],
      ['mirrored', (x, y) => [right - x, y]],
      ['mirrored and turned', (x, y) => [y, x]],
    ];
    for (const [name, turn] of turns) {
      const onSide = turn(0, 0)[0] !== turn(0, 1)[0];
      const size = onSide ? { width: height, height: width } : { width, height };
      const turned = (data: Uint8Array | Uint8ClampedArray): Uint8ClampedArray<ArrayBuffer> => {
        const out = new Uint8ClampedArray(data.length);
        forEachPixel(pixels, (x, y, at) => {
          const [u, v] = turn(x, y);
          out.set(data.subarray(at, at + 4), (v * size.width + u) * 4);
        });
        return out;
      };
      const { data, redEyes } = correct(instance, { data: turned(pixels.data), ...size });
      const places = upright.redEyes.map((eye) => {
        const [x, y] = turn(eye.x, eye.y);
        return { ...eye, x, y };
      });
      const order = (a: RedEye, b: RedEye): number => a.x - b.x || a.y - b.y;
      expect(redEyes.sort(order), name).toEqual(places.sort(order));
      expect(Buffer.from(turned(upright.data)).equals(data), name).toBe(true);
    }
  });

  test('planes of an odd size, mirrored but for their last column, have the same eyes', () => {
    const pixels = face(380, 241, goldenEyes);
    const mirrored = new Uint8ClampedArray(pixels.data.length);
    forEachPixel(pixels, (x, y, at) => mirrored.set(pixels.data.subarray(at, at + 4), (y * 380 + 379 - x) * 4));
    const upright = reduceRedEye(instance, loadPlanes(instance, pixels));
    const places = reduceRedEye(instance, loadPlanes(instance, { ...pixels, data: mirrored }));
    expect(upright.length).toBe(2);
    const order = (a: RedEye, b: RedEye): number => a.x - b.x;
    expect(places.map((eye) => ({ ...eye, x: 379 - eye.x })).sort(order)).toEqual(upright.sort(order));
  });

  test('a single eye is enough', () => {
    const eyes = [{ x: 100, y: 90, r: 9 }];
    expect(allFound(eyes, correct(instance, face(200, 180, eyes)).redEyes)).toBe(true);
  });

  test.each([60, 75, 95])('JPEG of quality %i loses no eye', async (quality) => {
    for (const r of [5, 9, 22]) {
      const { pixels, eyes } = pairOf(r);
      const { width, height } = pixels;
      const jpeg = await sharp(pixels.data, { raw: { width, height, channels: 4 } })
        .jpeg({ quality })
        .toBuffer();
      const data = await sharp(jpeg).ensureAlpha().raw().toBuffer();
      expect(allFound(eyes, correct(instance, { data: new Uint8ClampedArray(data), width, height }).redEyes)).toBe(
        true,
      );
    }
  });

  test.each([5, 9, 22])('noise of two per cent loses no eye of %i pixels', (r) => {
    // -4 to 3, twofold and threefold: deviations of 1.8 and 2.7 per cent.
    for (const grain of [2, 3]) {
      const { pixels, eyes } = pairOf(r, RED_PUPIL, grain);
      expect(allFound(eyes, correct(instance, pixels).redEyes)).toBe(true);
    }
  });

  test.each([0.5, 2])('scaled by %d no eye is lost', async (scale) => {
    for (const r of [9, 14, 28]) {
      const { pixels, eyes } = pairOf(r);
      const [width, height] = [Math.round(pixels.width * scale), Math.round(pixels.height * scale)];
      const raw = { width: pixels.width, height: pixels.height, channels: 4 as const };
      const data = await sharp(pixels.data, { raw }).resize(width, height).raw().toBuffer();
      const { redEyes } = correct(instance, { data: new Uint8ClampedArray(data), width, height });
      const scaled = eyes.map((eye) => ({ x: eye.x * scale, y: eye.y * scale, r: eye.r * scale }));
      expect(allFound(scaled, redEyes)).toBe(true);
    }
  });

  test('golden', async () => {
    expect(await sha256(correct(instance, face(380, 240, goldenEyes)).data)).toBe(goldenRedEye);
  });
});

describe('nothing to correct', () => {
  const pictures: [string, Pixels][] = [
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
  ];

  test.each(pictures)('%s comes back byte for byte', (_, pixels) => {
    const { data, redEyes } = correct(instance, pixels);
    expect(redEyes).toEqual([]);
    expect(Buffer.from(pixels.data).equals(data)).toBe(true);
    memory.reset();
    const image: PlanarImage = loadPlanes(instance, pixels);
    const before = bytesOf(instance, image);
    expect(reduceRedEye(instance, image)).toEqual([]);
    expect(bytesOf(instance, image).equals(before)).toBe(true);
  });

  test.each([1, 2, 3, 7, 15, 16, 17, 18, 31, 33])('%i pixels of red a side do no harm', (side) => {
    const before = memory.mark();
    for (const height of [side, 3, 16]) {
      const pixels = drawn(side, height, () => [255, 0, 0, 255]);
      correct(instance, pixels);
      memory.reset();
      reduceRedEye(instance, loadPlanes(instance, pixels));
      memory.reset();
    }
    expect(memory.mark()).toBe(before);
  });

  test.each<[string, (x: number, y: number) => number[]]>([
    ['flat red', () => [220, 20, 30, 255]],
    ['red noise', (x, y) => [((x * 7919 + y * 104729) * 31) % 256, (x * 31 + y * 17) % 40, 20, 255]],
    ['noise', (x, y) => [(x * 7919 + y * y * 31) % 256, (x * x * 13 + y * 71) % 256, (x * y * 7) % 256, 255]],
    ['a chequerboard', (x, y) => (((x >> 3) ^ (y >> 3)) & 1 ? [230, 10, 10, 255] : [30, 30, 30, 255])],
    [
      'red dots on skin',
      (x, y) => (((x % 24) - 12) ** 2 + ((y % 24) - 12) ** 2 < 36 ? [170, 38, 44, 255] : [205, 160, 135, 255]),
    ],
  ])('the work on %s is bounded', (_, colour) => {
    const picture = describePicture(instance, load(instance, drawn(2000, 1500, colour)));
    const counts = noCounts();
    searchRedEyes(instance, picture, counts);
    expect(counts.spots).toBeLessThanOrEqual(8192 * picture.levels.length);
    expect(counts.circles).toBeLessThanOrEqual(1024);
    expect(counts.candidates).toBeLessThanOrEqual(counts.circles);
  });

  test('a photo with no strong red is not searched', () => {
    const picture = describePicture(instance, load(instance, face(640, 480, [])));
    const counts = noCounts();
    expect(searchRedEyes(instance, picture, counts)).toEqual([]);
    expect(counts).toEqual(noCounts());
  });
});

function forEachPixel({ width, height }: Pixels, visit: (x: number, y: number, at: number) => void): void {
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) visit(x, y, (y * width + x) * 4);
}
