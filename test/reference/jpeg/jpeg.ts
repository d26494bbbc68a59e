/** JPEG's stages by the definitions of T.81. */

/** Forward DCT of 64 level-shifted samples, row-major (A.3.3). */
export function fdct8x8(samples: ArrayLike<number>): number[] {
  const out: number[] = [];
  const c = (k: number): number => (k === 0 ? Math.SQRT1_2 : 1);
  for (let v = 0; v < 8; v++) {
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let y = 0; y < 8; y++) {
        for (let x = 0; x < 8; x++) {
          sum +=
            (samples[y * 8 + x]! - 128) *
            Math.cos(((2 * x + 1) * u * Math.PI) / 16) *
            Math.cos(((2 * y + 1) * v * Math.PI) / 16);
        }
      }
      out.push((sum * c(u) * c(v)) / 4);
    }
  }
  return out;
}

/** Huffman codes of a table (annex C): symbol → bits as text. */
export function huffmanCodes(counts: number[], symbols: number[]): Map<number, string> {
  const codes = new Map<number, string>();
  let code = 0;
  let next = 0;
  counts.forEach((count, i) => {
    for (let n = 0; n < count; n++) codes.set(symbols[next++]!, (code++).toString(2).padStart(i + 1, '0'));
    code *= 2;
  });
  return codes;
}

/** Category and magnitude bits of a value (F.1.2.1). */
function magnitude(value: number): [number, string] {
  const size = value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value))) + 1;
  const bits = value < 0 ? value + 2 ** size - 1 : value;
  return [size, size === 0 ? '' : bits.toString(2).padStart(size, '0')];
}

/** Bits of a block in zigzag order (F.1.2). */
export function blockBits(
  block: ArrayLike<number>,
  predictor: number,
  dc: Map<number, string>,
  ac: Map<number, string>,
): string {
  const [size, extra] = magnitude(block[0]! - predictor);
  let bits = dc.get(size)! + extra;
  let run = 0;
  for (let k = 1; k < 64; k++) {
    if (block[k] === 0) {
      run++;
      continue;
    }
    for (; run > 15; run -= 16) bits += ac.get(0xf0)!;
    const [acSize, acExtra] = magnitude(block[k]!);
    bits += ac.get(run * 16 + acSize)! + acExtra;
    run = 0;
  }
  return run > 0 ? bits + ac.get(0)! : bits;
}

/** Bytes of a bit string, filled with ones and stuffed (F.1.2.3). */
export function packBits(bits: string): number[] {
  const bytes: number[] = [];
  for (let i = 0; i < bits.length; i += 8) {
    const byte = parseInt(bits.slice(i, i + 8).padEnd(8, '1'), 2);
    bytes.push(byte);
    if (byte === 0xff) bytes.push(0);
  }
  return bytes;
}

/** 2^13 fixed point. */
const fix = (value: number): number => Math.round(value * 8192);

/**
 * One pass of the transform of {@link fdctInteger}: sums of eight samples, those of index 0 and 4 exact, the others
 * times 2^13.
 */
function fdctPass(x: readonly number[]): number[] {
  const [s0, s1, s2, s3] = [0, 1, 2, 3].map((i) => x[i]! + x[7 - i]!) as [number, number, number, number];
  const [d7, d6, d5, d4] = [0, 1, 2, 3].map((i) => x[i]! - x[7 - i]!) as [number, number, number, number];
  const turned = (s1 - s2 + s0 - s3) * fix(0.5411961);
  const z1 = (d4 + d7) * fix(-0.899976223);
  const z2 = (d5 + d6) * fix(-2.562915447);
  const z5 = (d4 + d6 + d5 + d7) * fix(1.175875602);
  const z3 = (d4 + d6) * fix(-1.96157056) + z5;
  const z4 = (d5 + d7) * fix(-0.390180644) + z5;
  return [
    s0 + s3 + (s1 + s2),
    d7 * fix(1.50132111) + z1 + z4,
    turned + (s0 - s3) * fix(0.765366865),
    d6 * fix(3.072711026) + z2 + z3,
    s0 + s3 - (s1 + s2),
    d5 * fix(2.053119869) + z2 + z4,
    turned - (s1 - s2) * fix(1.847759065),
    d4 * fix(0.298631336) + z1 + z3,
  ];
}

/**
 * The integer DCT of Loeffler, Ligtenberg and Moschytz: columns, kept times 4, then rows; eight times the coefficients
 * of T.81.
 */
export function fdctInteger(samples: readonly number[]): number[] {
  const rounded = (value: number, bits: number) => (value + (1 << (bits - 1))) >> bits;
  const between = new Array<number>(64);
  const out = new Array<number>(64);
  for (let x = 0; x < 8; x++) {
    const column = fdctPass([0, 1, 2, 3, 4, 5, 6, 7].map((y) => samples[y * 8 + x]! - 128));
    column.forEach((value, v) => (between[v * 8 + x] = v % 4 === 0 ? value * 4 : rounded(value, 11)));
  }
  for (let v = 0; v < 8; v++) {
    const row = fdctPass(between.slice(v * 8, v * 8 + 8));
    row.forEach((value, u) => (out[v * 8 + u] = rounded(value, u % 4 === 0 ? 2 : 15)));
  }
  return out;
}
