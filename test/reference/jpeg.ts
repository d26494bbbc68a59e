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
