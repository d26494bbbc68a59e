/**
 * What scaling must give to the bit: plain sums of 16-bit samples and 14-bit weights, rows first, with a rounding
 * each.
 */
import type { AxisWeights } from '../../../worker/scale/weights.ts';
import type { Samples } from './resample.ts';

/** How samples of a picture become 16-bit values and, filtered along both axes, bytes again. */
export type Kind = {
  /** Values of one pixel. */
  widen: (pixel: Uint8Array) => number[];
  /** Fraction bits that the horizontal sum drops. */
  bits: number;
  narrow: (values: number[]) => number[];
};

const byte = (value: number): number => Math.min(255, Math.max(0, value));
const short = (value: number): number => Math.min(32767, Math.max(-32768, value));

/** Samples as they are. */
export const PLAIN: Kind = {
  widen: (pixel) => [...pixel].map((value) => (value - 128) * 128),
  bits: 21,
  narrow: (values) => values.map((value) => byte(value + 128)),
};

/** Three channels and a fourth that is 255. */
export const OPAQUE: Kind = {
  ...PLAIN,
  narrow: (values) => [...PLAIN.narrow(values).slice(0, 3), 255],
};

/** Colours weighed by alpha: half of colour × alpha, rounded up, less 16384. */
export const ALPHA: Kind = {
  widen: (pixel) => [...pixel].map((value, c) => ((value * (c < 3 ? pixel[3]! : 255) + 1) >> 1) - 16384),
  bits: 14,
  narrow: (values) => {
    const [red, green, blue, alpha] = values.map((value) => short(value) + 16384) as [number, number, number, number];
    const opacity = byte(Math.trunc((alpha * 2 + 127) / 255));
    if (opacity === 0) return [0, 0, 0, 0];
    const straight = (colour: number) => (colour <= 0 ? 0 : byte(Math.floor((colour * 510 + alpha) / (alpha * 2))));
    return [straight(red), straight(green), straight(blue), opacity];
  },
};

/** Light weighed by alpha; white is 32640. */
export function lightKind(light: ArrayLike<number>, codes: ArrayLike<number>): Kind {
  return {
    widen: (pixel) =>
      [...pixel].map((value, c) =>
        c === 3 ? value * 128 - 16384 : Math.floor((light[value]! * pixel[3]! + 127) / 255) - 16384,
      ),
    bits: 14,
    narrow: (values) => {
      const [red, green, blue, alpha] = values.map((value) => short(value) + 16384) as [number, number, number, number];
      const opacity = Math.min((alpha + 64) >> 7, 255);
      if (opacity <= 0) return [0, 0, 0, 0];
      const straight = (value: number) =>
        value <= 0 ? 0 : codes[Math.min(32640, Math.floor((value * 32640 + (alpha >> 1)) / alpha))]!;
      return [straight(red), straight(green), straight(blue), opacity];
    },
  };
}

/** Scales a picture by the given weights. */
export function resampleExactly(source: Samples, columns: AxisWeights, rows: AxisWeights, kind: Kind): Uint8Array {
  const { channels, data, width } = source;
  const out = new Uint8Array(columns.count * rows.count * channels);
  const wide = Array.from({ length: rows.extent }, (_, y) =>
    Array.from({ length: columns.extent }, (_, x) => {
      const at = ((rows.origin + y) * width + columns.origin + x) * channels;
      return kind.widen(data.subarray(at, at + channels));
    }),
  );
  for (let y = 0; y < rows.count; y++) {
    const filtered = Array.from({ length: columns.extent }, (_, x) =>
      Array.from({ length: channels }, (_, c) => short((weighed(rows, y, (j) => wide[j]?.[x]?.[c]) + (1 << 13)) >> 14)),
    );
    for (let x = 0; x < columns.count; x++) {
      const values = Array.from(
        { length: channels },
        (_, c) => (weighed(columns, x, (j) => filtered[j]?.[c]) + (1 << (kind.bits - 1))) >> kind.bits,
      );
      out.set(kind.narrow(values), (y * columns.count + x) * channels);
    }
  }
  return out;
}

/** The weighted sum of one output; what lies past the picture weighs nothing. */
function weighed({ first, window, weights }: AxisWeights, i: number, sample: (j: number) => number | undefined) {
  let sum = 0;
  for (let k = 0; k < window; k++) {
    const weight = weights[i * window + k]!;
    if (weight !== 0) sum += weight * sample(first[i]! + k)!;
  }
  return sum | 0;
}
