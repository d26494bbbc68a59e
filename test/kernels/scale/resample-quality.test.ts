// @module-tag slow
import { describe, expect, test } from 'vitest';
import type { PlanarImage } from '../../../worker/frame/image.ts';
import { UPRIGHT } from '../../../worker/frame/orientation.ts';
import { lightTables } from '../../../worker/scale/light.ts';
import type { ResampleKernel } from '../../../worker/options.ts';
import { scalePacked, scalePlanarToPacked, scalePlane } from '../../../worker/scale/scale.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { Random } from '../../helpers/random.ts';
import { resample, type Samples } from '../../reference/scale/resample.ts';

const instance = await loadTestKernels();
const { memory } = instance;
const KERNELS: readonly ResampleKernel[] = ['box', 'bilinear', 'mitchell', 'lanczos3'];

type Size = { width: number; height: number };

function scaled(source: Samples, size: Size, kernel: ResampleKernel, linear = false): Uint8Array {
  const { channels, width, height, data } = source;
  const mark = memory.mark();
  const from = { address: memory.alloc(data.length), stride: width * channels, width, height };
  const length = size.width * size.height * channels;
  const to = { address: memory.alloc(length), stride: size.width * channels, ...size };
  memory.bytes(from.address, data.length).set(data);
  const crop = { x: 0, y: 0, width, height };
  if (channels === 1) scalePlane(instance, from, crop, to, kernel);
  else scalePacked(instance, { ...from, format: 'RGBA' }, crop, { ...to, format: 'RGBA' }, kernel, UPRIGHT, linear);
  const out = memory.bytes(to.address, length).slice();
  memory.release(mark);
  return out;
}

/** Samples by a function of column, row and channel. */
function drawn(
  { width, height }: Size,
  channels: 1 | 4,
  value: (x: number, y: number, channel: number) => number,
): Samples {
  const data = new Uint8Array(width * height * channels);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / channels);
    data[i] = value(pixel % width, Math.floor(pixel / width), i % channels);
  }
  return { data, width, height, channels };
}

function psnr(a: Uint8Array, b: Uint8Array): number {
  const total = a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
  return 10 * Math.log10((65025 * a.length) / total);
}

const mean = (data: Uint8Array): number => data.reduce((sum, value) => sum + value, 0) / data.length;

const largestDifference = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);

/** What photographs have: shading, texture, edges, noise. */
function photograph(size: Size, channels: 1 | 4): Samples {
  const random = new Random(7);
  return drawn(size, channels, (x, y, channel) => {
    if (channel === 3) return 255;
    const shading = 120 + 60 * Math.sin(x / 90 + channel) + 40 * Math.cos(y / 70);
    const texture = 25 * Math.sin(x * 0.9 + y * 0.4) * Math.sin(y / 11);
    const edge = (x - size.width / 2) * 3 + y > 100 ? -40 : 20;
    return Math.min(255, Math.max(0, shading + texture + edge + random.below(9)));
  });
}

describe('brightness', () => {
  test.each(KERNELS)('%s keeps the mean of a photograph within 0.1 level', (kernel) => {
    const source = photograph({ width: 640, height: 480 }, 1);
    for (const size of [
      { width: 320, height: 240 },
      { width: 213, height: 160 },
      { width: 64, height: 48 },
      { width: 800, height: 600 },
    ]) {
      // What the definition itself changes, at the borders most of all, is no concern of the arithmetic's.
      const expected = mean(resample(source, { x: 0, y: 0, ...sizeOf(source) }, size, kernel));
      const out = mean(scaled(source, size, kernel));
      expect(Math.abs(out - expected)).toBeLessThan(0.05);
      // A box of 2 × 2 yields quarters, and halves are rounded up: an eighth of a level more.
      expect(Math.abs(out - mean(source.data))).toBeLessThan(kernel === 'box' ? 0.13 : 0.1);
    }
  });

  test('lanczos3 of a photograph has at least 70 dB', () => {
    const source = photograph({ width: 320, height: 240 }, 4);
    for (const size of [
      { width: 107, height: 80 },
      { width: 153, height: 115 },
      { width: 480, height: 360 },
    ]) {
      const expected = resample(source, { x: 0, y: 0, ...sizeOf(source) }, size, 'lanczos3');
      expect(psnr(scaled(source, size, 'lanczos3'), expected)).toBeGreaterThan(70);
    }
  });
});

const sizeOf = ({ width, height }: Size): Size => ({ width, height });

describe('edges', () => {
  test.each(KERNELS)('%s rings as little as its definition', (kernel) => {
    for (const [dark, light] of [
      [0, 255],
      [64, 192],
      [100, 101],
    ] as const) {
      for (const slant of [0, 0.3, 1]) {
        const source = drawn({ width: 120, height: 90 }, 1, (x, y) => (x > 60 - slant * y ? light : dark));
        for (const size of [
          { width: 37, height: 29 },
          { width: 300, height: 200 },
        ]) {
          const out = scaled(source, size, kernel);
          const expected = resample(source, { x: 0, y: 0, ...sizeOf(source) }, size, kernel);
          expect(largestDifference(out, expected)).toBeLessThanOrEqual(1);
          if (kernel === 'box' || kernel === 'bilinear') {
            expect(out.every((value) => value >= dark && value <= light)).toBe(true);
          }
        }
      }
    }
  });

  test.each([false, true])('of alpha have no fringes (linear: %s)', (linear) => {
    const hidden = new Random(3);
    // An orange disc on transparent pixels of any colour.
    const source = drawn({ width: 80, height: 80 }, 4, (x, y, channel) => {
      const inside = (x - 40) ** 2 + (y - 40) ** 2 < 900;
      return inside ? [240, 120, 20, 255][channel]! : channel === 3 ? 0 : hidden.below(256);
    });
    for (const size of [
      { width: 33, height: 31 },
      { width: 203, height: 190 },
    ]) {
      const out = scaled(source, size, 'lanczos3', linear);
      let worst = 0;
      for (let i = 0; i < out.length; i += 4) {
        if (out[i + 3]! < 16) continue; // hardly anything is seen, and its colour is coarse
        [240, 120, 20].forEach((value, c) => (worst = Math.max(worst, Math.abs(out[i + c]! - value))));
      }
      expect(worst).toBeLessThanOrEqual(1);
    }
  });
});

describe('linear light', () => {
  test('codes are the same after the way to light and back', () => {
    const { light, codes } = lightTables();
    expect(Array.from(light, (value) => codes[value])).toEqual(Array.from({ length: 256 }, (_, code) => code));
  });

  test('the tables equal sRGB, whatever an engine rounds', () => {
    const { light, codes } = lightTables();
    const exact = (code: number) =>
      32640 * (code <= 0.04045 * 255 ? code / 255 / 12.92 : ((code / 255 + 0.055) / 1.055) ** 2.4);
    for (let code = 0; code < 256; code++) {
      expect(light[code]).toBe(Math.round(exact(code)));
      // Far enough from the half that another power function would round alike.
      expect(Math.abs((exact(code) % 1) - 0.5)).toBeGreaterThan(1e-6);
      if (code === 255) break;
      const border = exact(code + 0.5);
      expect(Math.abs(border - Math.round(border))).toBeGreaterThan(1e-6);
      expect([codes[Math.floor(border)], codes[Math.ceil(border)]]).toEqual([code, code + 1]);
    }
  });

  test('a fine checkerboard keeps its light', () => {
    const source = drawn({ width: 64, height: 64 }, 4, (x, y, channel) => (channel === 3 || (x + y) % 2 ? 255 : 0));
    const out = scaled(source, { width: 32, height: 32 }, 'box', true);
    // Half the light of white is the code 188.
    expect(out.every((value, i) => value === (i % 4 === 3 ? 255 : 188))).toBe(true);
  });

  test.each(KERNELS)('%s keeps flat areas exactly flat', (kernel) => {
    for (let code = 0; code < 256; code += 5) {
      const colour = [code, 255 - code, code >> 1, 255];
      const source = drawn({ width: 19, height: 17 }, 4, (_x, _y, channel) => colour[channel]!);
      for (const size of [
        { width: 7, height: 30 },
        { width: 41, height: 5 },
      ]) {
        const out = scaled(source, size, kernel, true);
        expect(out.every((value, i) => value === colour[i % 4])).toBe(true);
      }
    }
  });

  test.each(KERNELS)('%s is close to the definition', (kernel) => {
    const source = photograph({ width: 160, height: 120 }, 4);
    for (const size of [
      { width: 53, height: 41 },
      { width: 250, height: 190 },
    ]) {
      const out = scaled(source, size, kernel, true);
      const expected = resample(source, { x: 0, y: 0, ...sizeOf(source) }, size, kernel, true);
      expect(largestDifference(out, expected)).toBeLessThanOrEqual(1);
      expect(psnr(out, expected)).toBeGreaterThan(kernel === 'box' ? 60 : 65);
    }
  });
});

describe('memory', () => {
  test('a filter too high for the ring is summed in parts, with the same result', async () => {
    for (const channels of [1, 4] as const) {
      const own = await loadTestKernels();
      const source = drawn(
        channels === 1 ? { width: 12000, height: 450 } : { width: 4000, height: 460 },
        channels,
        (x, y, channel) => (channel === 3 ? 255 : (x * 7 + y * 13 + channel * 31) % 251),
      );
      const { width, height, data } = source;
      const from = { address: own.memory.alloc(data.length), stride: width * channels, width, height };
      const to = { address: own.memory.alloc(64), stride: 2 * channels, width: 2, height: 1 };
      own.memory.bytes(from.address, data.length).set(data);
      const before = own.memory.byteLength;
      const crop = { x: 0, y: 0, width, height };
      if (channels === 1) scalePlane(own, from, crop, to, 'lanczos3');
      else scalePacked(own, { ...from, format: 'RGBX' }, crop, { ...to, format: 'RGBX' }, 'lanczos3');
      expect(own.memory.byteLength - before).toBeLessThan(12 * 1024 * 1024);
      const out = own.memory.bytes(to.address, 2 * channels).slice();
      expect(largestDifference(out, resample(source, crop, to, 'lanczos3'))).toBeLessThanOrEqual(1);
    }
  });

  test('scratch does not grow with the picture', async () => {
    const own = await loadTestKernels();
    const source = { address: own.memory.alloc(16384 * 300), stride: 16384, width: 16384, height: 300 };
    const target = { address: own.memory.alloc(8192 * 150), stride: 8192, width: 8192, height: 150 };
    const before = own.memory.byteLength;
    scalePlane(own, source, { x: 0, y: 0, ...sizeOf(source) }, target, 'lanczos3');
    expect(own.memory.byteLength - before).toBeLessThan(2 * 1024 * 1024);
  });

  test('planes become RGBA without memory for the whole frame in RGBA', async () => {
    const own = await loadTestKernels();
    const plane = (width: number, height: number) => ({ address: own.memory.alloc(width * height), stride: width });
    const source: PlanarImage = {
      format: 'I420',
      width: 1600,
      height: 1200,
      planes: [plane(1600, 1200), plane(800, 600), plane(800, 600)],
      colour: { matrix: 'bt601', fullRange: false },
    };
    const address = own.memory.alloc(100 * 75 * 4);
    const target = { format: 'RGBA', address, stride: 400, width: 100, height: 75 } as const;
    const before = own.memory.byteLength;
    scalePlanarToPacked(own, source, { x: 0, y: 0, ...sizeOf(source) }, target, 'lanczos3');
    // 7.3 MiB are what is spared.
    expect(own.memory.byteLength - before).toBeLessThan(1.5 * 1024 * 1024);
  });
});
