/**
 * A case's frame as a camera or a canvas would store it: order of channels, planes, what lies around the visible part.
 */
import { Random } from '../helpers/random.ts';
import type { Pixels } from '../helpers/scene.ts';
import { rgbToYcc, toByte } from '../reference/color/color.ts';
import type { Samples } from '../reference/scale/resample.ts';
import { isPlanarFormat, type Case } from './case.ts';
import { paint } from './content.ts';

/** Bytes of a frame: where its planes lie in them, and which part of them is visible. */
export type Stored = {
  data: Uint8Array<ArrayBuffer>;
  codedWidth: number;
  codedHeight: number;
  layout: { offset: number; stride: number }[];
};

/** One plane: `step` bytes a sample; samples that are visible begin at `left`, `top`. */
type Part = { samples: Samples; left: number; top: number; width: number; height: number; gap: number };

/** Stores what a case shows. */
export function store(given: Case): Stored {
  const { width, height, margin, format, gap } = given;
  const codedWidth = margin.left + width + margin.right;
  const codedHeight = margin.top + height + margin.bottom;
  const pixels = paint(given);
  const whole = { left: margin.left, top: margin.top, width: codedWidth, height: codedHeight };
  const parts: Part[] = isPlanarFormat(format)
    ? placePlanes(planesOf(given, pixels), whole, format, gap)
    : [{ samples: inOrder(pixels, format), ...whole, gap: gap * 4 }];
  const strides = parts.map((part) => part.width * part.samples.channels + part.gap);
  const bytes = parts.reduce((sum, part, i) => sum + part.height * strides[i]!, 0);
  const data = new Random(given.seed + 2).bytes(bytes);
  let offset = 0;
  const layout = parts.map((part, i) => {
    const plane = { offset, stride: strides[i]! };
    copyInto(data, part, plane);
    offset += part.height * plane.stride;
    return plane;
  });
  return { data, codedWidth, codedHeight, layout };
}

function copyInto(data: Uint8Array, { samples, left, top }: Part, plane: { offset: number; stride: number }): void {
  const row = samples.width * samples.channels;
  for (let y = 0; y < samples.height; y++) {
    const at = plane.offset + (top + y) * plane.stride + left * samples.channels;
    data.set(samples.data.subarray(y * row, (y + 1) * row), at);
  }
}

function inOrder({ data, width, height }: Pixels, format: string): Samples {
  const bytes = new Uint8Array(data);
  if (format.startsWith('B')) {
    for (let i = 0; i < bytes.length; i += 4) [bytes[i], bytes[i + 2]] = [bytes[i + 2]!, bytes[i]!];
  }
  // The X has no meaning.
  if (format.endsWith('X')) for (let i = 3; i < bytes.length; i += 4) bytes[i] = i;
  return { data: bytes, width, height, channels: 4 };
}

/** Y, U and V of pixels. */
function planesOf({ colour, anyCodes }: Case, { data, width, height }: Pixels): [Samples, Samples, Samples] {
  const [across, down] = [(width + 1) >> 1, (height + 1) >> 1];
  const [zero, luma, chroma] = colour.fullRange ? [0, 1, 1] : [16, 219 / 255, 224 / 255];
  const codes = (at: number): [number, number, number] => {
    const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!];
    if (anyCodes) return [r, g, b];
    const [y, cb, cr] = rgbToYcc(r, g, b, colour.matrix);
    return [zero + y * luma, 128 + (cb - 128) * chroma, 128 + (cr - 128) * chroma];
  };
  const y = Uint8Array.from({ length: width * height }, (_, i) => toByte(codes(i * 4)[0]));
  const [u, v] = [1, 2].map((channel) =>
    Uint8Array.from({ length: across * down }, (_, i) => {
      const [row, column] = [2 * Math.floor(i / across), 2 * (i % across)];
      return toByte(codes((row * width + column) * 4)[channel]!);
    }),
  );
  const half = { width: across, height: down, channels: 1 } as const;
  return [
    { data: y, width, height, channels: 1 },
    { data: u!, ...half },
    { data: v!, ...half },
  ];
}

function placePlanes(
  [y, u, v]: [Samples, Samples, Samples],
  whole: { left: number; top: number; width: number; height: number },
  format: 'I420' | 'NV12',
  gap: number,
): Part[] {
  const half = {
    left: whole.left / 2,
    top: whole.top / 2,
    width: (whole.width + 1) >> 1,
    height: (whole.height + 1) >> 1,
  };
  const luma = { samples: y, ...whole, gap };
  if (format === 'I420') return [luma, ...[u, v].map((samples) => ({ samples, ...half, gap }))];
  const pairs = Uint8Array.from({ length: u.data.length * 2 }, (_, i) => (i % 2 ? v : u).data[i >> 1]!);
  const samples: Samples = { data: pairs, width: u.width * 2, height: u.height, channels: 1 };
  return [luma, { samples, ...half, left: half.left * 2, width: half.width * 2, gap }];
}
