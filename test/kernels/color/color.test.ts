import { beforeEach, describe, expect, test } from 'vitest';
import { planarToRgba } from '../../../worker/color/color.ts';
import type { PlanarImage, YuvColour } from '../../../worker/frame/image.ts';
import { load } from '../../helpers/images.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { Random } from '../../helpers/random.ts';
import { noise } from '../../helpers/scene.ts';
import { onWhite, rgbToYcc, toByte, toFullRange, yccToRgb } from '../../reference/color/color.ts';

const instance = await loadTestKernels();
const { kernels, memory } = instance;
beforeEach(() => memory.reset());

describe.each(['RGBA', 'BGRA', 'RGBX', 'BGRX'] as const)('%s', (format) => {
  const blueFirst = format.startsWith('B') ? 1 : 0;
  const pixels = noise(48, 4, 11);
  const rgb = (x: number, y: number): [number, number, number] => {
    const at = (y * 48 + x) * 4;
    return [pixels.data[at]!, pixels.data[at + 1]!, pixels.data[at + 2]!];
  };

  test('luma equals the definition, rounded', () => {
    const { address, stride } = load(instance, pixels, format, 12);
    const out = memory.alloc(64 * 4);
    memory.bytes(out, 64 * 4).fill(7);
    kernels.rgbaToLuma(address, out, 48, 4, stride, 64, blueFirst);
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 48; x++) {
        expect(Math.abs(memory.bytes(out + y * 64 + x, 1)[0]! - rgbToYcc(...rgb(x, y))[0])).toBeLessThan(0.51);
      }
      expect([...memory.bytes(out + y * 64 + 48, 16)]).toEqual(new Array(16).fill(7));
    }
  });

  test.each([
    ['of every pixel', 1, 1],
    ['of pairs', 2, 1],
    ['of 2 × 2 pixels', 2, 2],
  ])('chroma %s equals the mean of the definition, rounded', (_, across, down) => {
    const { address, stride } = load(instance, pixels, format, 12);
    const width = 48 / across;
    const size = (width + 8) * 4;
    const cb = memory.alloc(size);
    const cr = memory.alloc(size);
    memory.bytes(cb, size).fill(7);
    memory.bytes(cr, size).fill(7);
    const luma = memory.alloc(48 * 4);
    if (across === 1) kernels.rgbaToChroma444(address, cb, cr, 48, 4, stride, width + 8, blueFirst);
    else if (down === 1) kernels.rgbaToChroma422(address, cb, cr, 48, 4, stride, width + 8, blueFirst);
    else {
      const planes = { dstY: luma, dstCb: cb, dstCr: cr, yStride: 48, chromaStride: width + 8 };
      kernels.rgbaToYcc420({ ...planes, src: address, width: 48, rows: 4, srcStride: stride, blueFirst });
    }
    if (down === 2) {
      const alone = memory.alloc(48 * 4);
      kernels.rgbaToLuma(address, alone, 48, 4, stride, 48, blueFirst);
      expect(memory.bytes(luma, 48 * 4)).toEqual(memory.bytes(alone, 48 * 4));
    }
    for (let y = 0; y < 4 / down; y++) {
      for (let x = 0; x < width; x++) {
        const sum = [0, 0, 0];
        for (let j = 0; j < down; j++) {
          for (let i = 0; i < across; i++)
            rgb(x * across + i, y * down + j).forEach((v, c) => (sum[c]! += v / across / down));
        }
        const [, wantCb, wantCr] = rgbToYcc(sum[0]!, sum[1]!, sum[2]!);
        expect(Math.abs(memory.bytes(cb + y * (width + 8) + x, 1)[0]! - Math.min(255, wantCb))).toBeLessThan(0.52);
        expect(Math.abs(memory.bytes(cr + y * (width + 8) + x, 1)[0]! - Math.min(255, wantCr))).toBeLessThan(0.52);
      }
      expect([...memory.bytes(cb + y * (width + 8) + width, 8)]).toEqual(new Array(8).fill(7));
    }
  });
});

test('the six corners of the colour cube become those of JFIF', () => {
  const corners = [
    [0, 0, 0],
    [255, 255, 255],
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [255, 255, 0],
  ];
  const data = new Uint8ClampedArray(16 * 4);
  corners.forEach((colour, i) => data.set([...colour, 255], i * 4));
  const { address } = load(instance, { data, width: 16, height: 1 });
  const [y, cb, cr] = [memory.alloc(16), memory.alloc(16), memory.alloc(16)];
  kernels.rgbaToLuma(address, y, 16, 1, 64, 16, 0);
  kernels.rgbaToChroma444(address, cb, cr, 16, 1, 64, 16, 0);
  corners.forEach(([r, g, b], i) => {
    const got = [y, cb, cr].map((plane) => memory.bytes(plane + i, 1)[0]!);
    expect(got).toEqual(rgbToYcc(r!, g!, b!).map(toByte));
  });
});

test.each([1, 3, 4, 5, 17])('one transparent pixel among %i a row is found anywhere', (width) => {
  const pixels = noise(width, 3, width);
  const image = load(instance, pixels, 'RGBA', 8);
  expect(kernels.isOpaque(image.address, width, 3, image.stride)).toBe(1);
  for (let i = 0; i < width * 3; i++) {
    const alpha = image.address + Math.floor(i / width) * image.stride + (i % width) * 4 + 3;
    memory.bytes(alpha, 1)[0] = 254;
    expect(kernels.isOpaque(image.address, width, 3, image.stride)).toBe(0);
    memory.bytes(alpha, 1)[0] = 255;
  }
});

test('conversion returns whether every pixel was opaque', () => {
  const image = load(instance, noise(32, 2, 6), 'RGBA', 8);
  const [y, cb, cr] = [memory.alloc(64), memory.alloc(64), memory.alloc(64)];
  const source = { src: image.address, width: 32, rows: 2, srcStride: image.stride, blueFirst: 0 };
  const opaque = (): number[] => [
    kernels.rgbaToLuma(image.address, y, 32, 2, image.stride, 32, 0),
    kernels.rgbaToYcc420({ ...source, dstY: y, dstCb: cb, dstCr: cr, yStride: 32, chromaStride: 16 }),
  ];
  expect(opaque()).toEqual([1, 1]);
  for (let i = 0; i < 64; i++) {
    const alpha = image.address + (i >> 5) * image.stride + (i & 31) * 4 + 3;
    memory.bytes(alpha, 1)[0] = i * 4;
    expect(opaque()).toEqual([0, 0]);
    memory.bytes(alpha, 1)[0] = 255;
  }
});

test.each([1, 3, 4, 17])('a pixel of colour among %i a row is found, whichever channel differs', (width) => {
  const data = new Uint8ClampedArray(width * 3 * 4);
  for (let i = 0; i < width * 3; i++) data.set([i * 3, i * 3, i * 3, i * 7], i * 4);
  const image = load(instance, { data, width, height: 3 }, 'RGBA', 8);
  const isGrey = (): number => kernels.hasEqualChannels(image.address, width, 3, image.stride);
  expect(isGrey()).toBe(1);
  for (let i = 0; i < width * 3; i++) {
    for (const channel of [0, 1, 2]) {
      const at = image.address + Math.floor(i / width) * image.stride + (i % width) * 4 + channel;
      memory.bytes(at, 1)[0]! += 1;
      expect(isGrey()).toBe(0);
      memory.bytes(at, 1)[0]! -= 1;
    }
  }
});

test.each([1, 15, 16, 33])('one other byte among %i a row is found', (width) => {
  const plane = memory.alloc((width + 5) * 3);
  memory.bytes(plane, (width + 5) * 3).fill(128);
  expect(kernels.isConstant(plane, width, 3, width + 5, 128)).toBe(1);
  for (let i = 0; i < width * 3; i++) {
    const at = plane + Math.floor(i / width) * (width + 5) + (i % width);
    memory.bytes(at, 1)[0] = 127;
    expect(kernels.isConstant(plane, width, 3, width + 5, 128)).toBe(0);
    memory.bytes(at, 1)[0] = 128;
  }
});

test('compositing on white equals the definition, rounded, for every value and alpha', () => {
  const data = new Uint8ClampedArray(256 * 256 * 4);
  for (let i = 0; i < 65536; i++) data.set([i & 255, 255 - (i & 255), i & 255, i >> 8], i * 4);
  const { address, stride } = load(instance, { data, width: 256, height: 256 });
  kernels.compositeOnWhite(address, 256, 256, stride);
  const got = memory.bytes(address, data.length);
  for (let i = 0; i < data.length; i += 4) {
    for (let c = 0; c < 3; c++) {
      if (got[i + c] !== toByte(onWhite(data[i + c]!, data[i + 3]!)))
        expect.fail(`${data[i + c]} at alpha ${data[i + 3]}`);
    }
    if (got[i + 3] !== 255) expect.fail('alpha');
  }
  expect(got.length).toBe(data.length);
});

test.each([
  [1, 4],
  [5, 1],
  [5, 4],
])('copyReplicated repeats the last column and row (%i wide, %i bytes a pixel)', (width, size) => {
  const data = new Random(3).bytes(width * size * 2);
  const src = memory.alloc(data.length);
  const dst = memory.alloc(8 * size * 4 + 16);
  memory.bytes(src, data.length).set(data);
  memory.bytes(dst, 8 * size * 4 + 16).fill(7);
  const strides = { srcStride: width * size, dstStride: 8 * size };
  kernels.copyReplicated({ src, dst, width, rows: 2, fullWidth: 8, fullRows: 4, ...strides, size });
  for (let y = 0; y < 4; y++) {
    for (let x = 0; x < 8; x++) {
      const at = (Math.min(y, 1) * width + Math.min(x, width - 1)) * size;
      expect([...memory.bytes(dst + (y * 8 + x) * size, size)]).toEqual([...data.subarray(at, at + size)]);
    }
  }
  expect([...memory.bytes(dst + 8 * size * 4, 16)]).toEqual(new Array(16).fill(7));
});

describe.each<[string, YuvColour]>([
  ['BT.601 limited', { matrix: 'bt601', fullRange: false }],
  ['BT.601 full', { matrix: 'bt601', fullRange: true }],
  ['BT.709 limited', { matrix: 'bt709', fullRange: false }],
  ['BT.709 full', { matrix: 'bt709', fullRange: true }],
])('%s', (_, colour) => {
  test.each(['I420', 'NV12'] as const)('%s to RGBA equals the definition within one level', (format) => {
    const image = planar(format, 35, 7, colour);
    const out = planarToRgba(instance, image);
    for (let y = 0; y < 7; y++) {
      for (let x = 0; x < 35; x++) {
        const [luma, cb, cr] = sample(image, x, y);
        const full = colour.fullRange ? ([luma, cb, cr] as const) : toFullRange(luma, cb, cr);
        const want = yccToRgb(...full, colour.matrix).map(toByte);
        const got = memory.bytes(out.address + y * out.stride + x * 4, 4);
        want.forEach((value, c) => expect(Math.abs(got[c]! - value)).toBeLessThanOrEqual(1));
        expect(got[3]).toBe(255);
      }
    }
  });
});

test('BT.709 planes become the BT.601 planes of the same colours within two levels', () => {
  const [y, cb, cr] = [memory.alloc(256), memory.alloc(64), memory.alloc(64)];
  const colours = Array.from({ length: 64 }, (_, i) => [(i & 3) * 85, ((i >> 2) & 3) * 85, (i >> 4) * 85]);
  colours.forEach(([r, g, b], i) => {
    const [luma, u, v] = rgbToYcc(r!, g!, b!, 'bt709').map(toByte);
    const at = (i >> 3) * 32 + (i & 7) * 2;
    for (const offset of [0, 1, 16, 17]) memory.bytes(y + at + offset, 1)[0] = luma!;
    memory.bytes(cb + i, 1)[0] = u!;
    memory.bytes(cr + i, 1)[0] = v!;
  });
  kernels.bt709ToBt601(y, cb, cr, 16, 16, 16, 8);
  colours.forEach(([r, g, b], i) => {
    const at = (i >> 3) * 32 + (i & 7) * 2;
    const got = [y + at + 17, cb + i, cr + i].map((address) => memory.bytes(address, 1)[0]!);
    rgbToYcc(r!, g!, b!).forEach((want, c) => expect(Math.abs(got[c]! - want)).toBeLessThan(2));
  });
});

test('BT.709 planes equal plain arithmetic, whatever their samples', () => {
  const [width, rows] = [64, 32];
  const random = new Random(709);
  const planes = [width * rows, (width * rows) / 4, (width * rows) / 4].map((bytes) => {
    const samples = random.bytes(bytes).map((value) => (value < 40 ? 0 : value > 215 ? 255 : value));
    const address = memory.alloc(bytes);
    memory.bytes(address, bytes).set(samples);
    return { address, bytes, samples };
  });
  const [y, cb, cr] = planes as [(typeof planes)[0], (typeof planes)[0], (typeof planes)[0]];
  const clamped = (value: number): number => Math.min(255, Math.max(0, value));
  const want = planes.map(({ samples }) => samples.slice());
  for (let i = 0; i < cb.bytes; i++) {
    const [u, v] = [cb.samples[i]! - 128, cr.samples[i]! - 128];
    const at = Math.floor(i / (width / 2)) * 2 * width + (i % (width / 2)) * 2;
    for (const corner of [at, at + 1, at + width, at + width + 1]) {
      want[0]![corner] = clamped(y.samples[corner]! + ((1664 * u + 3213 * v + 8192) >> 14));
    }
    want[1]![i] = clamped(128 + ((16218 * u - 1813 * v + 8192) >> 14));
    want[2]![i] = clamped(128 + ((16112 * v - 1187 * u + 8192) >> 14));
  }
  kernels.bt709ToBt601(y.address, cb.address, cr.address, width, rows, width, width / 2);
  planes.forEach(({ address, bytes }, i) => expect(memory.bytes(address, bytes).slice()).toEqual(want[i]));
});

/** Random planes inside the codes that colours use. */
function planar(format: 'I420' | 'NV12', width: number, height: number, colour: YuvColour): PlanarImage {
  const chromaWidth = (width + 1) >> 1;
  const chromaBytes = chromaWidth * ((height + 1) >> 1);
  const random = new Random(width);
  const fill = (bytes: number): number => {
    const address = memory.alloc(bytes);
    memory.bytes(address, bytes).set(random.bytes(bytes).map((value) => 16 + Math.floor((value * 219) / 255)));
    return address;
  };
  const luma = { address: fill(width * height), stride: width };
  const planes =
    format === 'I420'
      ? [luma, { address: fill(chromaBytes), stride: chromaWidth }, { address: fill(chromaBytes), stride: chromaWidth }]
      : [luma, { address: fill(chromaBytes * 2), stride: chromaWidth * 2 }];
  return { format, width, height, planes, colour };
}

function sample({ planes, format }: PlanarImage, x: number, y: number): [number, number, number] {
  const at = (plane: number, column: number, row: number): number =>
    memory.bytes(planes[plane]!.address + row * planes[plane]!.stride + column, 1)[0]!;
  const [cx, cy] = [x >> 1, y >> 1];
  return format === 'I420'
    ? [at(0, x, y), at(1, cx, cy), at(2, cx, cy)]
    : [at(0, x, y), at(1, cx * 2, cy), at(1, cx * 2 + 1, cy)];
}
