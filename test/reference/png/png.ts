/**
 * PNG by its definitions, a byte at a time: filters (clause 9), checksums (RFC 1950, annex D) and reading a file back.
 */
import { inflateSync } from 'node:zlib';

/** The Paeth predictor, clause 9.4. */
function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const pa = Math.abs(p - a);
  const pb = Math.abs(p - b);
  const pc = Math.abs(p - c);
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

function predict(type: number, a: number, b: number, c: number): number {
  return [0, a, b, Math.floor((a + b) / 2), paeth(a, b, c)][type]!;
}

/** One row through a filter; `prior` is the row above, or undefined at the top. */
export function filterRow(type: number, row: Uint8Array, prior: Uint8Array | undefined, bpp: number): Uint8Array {
  return row.map((x, i) => x - predict(type, row[i - bpp] ?? 0, prior?.[i] ?? 0, prior?.[i - bpp] ?? 0));
}

/** The filter with the smallest sum of magnitudes among those whose bit is set; of equals the lowest. */
export function chooseFilter(filters: number, row: Uint8Array, prior: Uint8Array | undefined, bpp: number): number {
  let best = -1;
  let least = Infinity;
  for (let type = 0; type < 5; type++) {
    if (!((filters >> type) & 1)) continue;
    const sum = filterRow(type, row, prior, bpp).reduce((total, x) => total + (x < 128 ? x : 256 - x), 0);
    if (sum < least) [least, best] = [sum, type];
  }
  return best;
}

/**
 * The filter whose output costs least, over the whole sixteens of a row. A byte of magnitude m costs 1.2 + 1.6 log2(1 +
 * m) bits, above 15 that of the middle of its sixteen; a quarter of it in a run of bytes, or of groups of three, that
 * began earlier in its sixteen.
 */
export function cheapestFilter(filters: number, row: Uint8Array, prior: Uint8Array | undefined, bpp: number): number {
  const eighths = (magnitude: number): number => {
    const middle = magnitude < 16 ? magnitude : Math.min(128, (magnitude & ~15) + 7.5);
    return Math.round(8 * (1.2 + 1.6 * Math.log2(1 + middle)));
  };
  let best = -1;
  let least = Infinity;
  for (let type = 0; type < 5; type++) {
    if (!((filters >> type) & 1)) continue;
    const bytes = filterRow(type, row, prior, bpp);
    let sum = 0;
    for (let i = 0; i < (bytes.length & ~15); i++) {
      const lane = i & 15;
      const one = lane >= 2 && bytes[i] === bytes[i - 1] && bytes[i] === bytes[i - 2];
      const three = lane >= 5 && [0, 1, 2].every((back) => bytes[i - back] === bytes[i - back - 3]);
      const x = bytes[i]!;
      sum += eighths(x < 128 ? x : 256 - x) * (one || three ? 1 : 4);
    }
    if (sum < least) [least, best] = [sum, type];
  }
  return best;
}

/** CRC-32 bit by bit. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** Adler-32, both sums reduced at every byte. */
export function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}

/** Total bits of a Huffman code for the counts, by joining the two smallest until one is left; no length limit. */
export function huffmanBits(counts: readonly number[]): number {
  const left = counts.filter((count) => count > 0).sort((a, b) => a - b);
  if (left.length === 1) return left[0]!;
  let bits = 0;
  while (left.length > 1) {
    const joined = left.shift()! + left.shift()!;
    bits += joined;
    const at = left.findIndex((count) => count >= joined);
    left.splice(at < 0 ? left.length : at, 0, joined);
  }
  return bits;
}

/**
 * A PNG that is not interlaced and of at most 8 bits a sample, taken apart: its filtered bytes and its pixels as RGBA.
 */
export function readPng(file: Uint8Array): {
  width: number;
  height: number;
  bitDepth: number;
  colourType: number;
  chunks: string[];
  filtered: Uint8Array;
  pixels: Uint8Array;
} {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks: string[] = [];
  const data: Uint8Array[] = [];
  let palette = new Uint8Array();
  let alphas = new Uint8Array();
  for (let at = 8; at < file.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    const body = file.slice(at + 8, at + 8 + length);
    if (crc32(file.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)) {
      throw new Error(`The CRC of ${type} is wrong.`);
    }
    chunks.push(type);
    if (type === 'IDAT') data.push(body);
    if (type === 'PLTE') palette = body;
    if (type === 'tRNS') alphas = body;
    at += 12 + length;
  }
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  const bitDepth = view.getUint8(24);
  const colourType = view.getUint8(25);
  const samples = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colourType]!;
  const bpp = Math.ceil((samples * bitDepth) / 8);
  const filtered = new Uint8Array(inflateSync(Buffer.concat(data)));
  const rowBytes = Math.ceil((width * samples * bitDepth) / 8);
  if (filtered.length !== height * (1 + rowBytes)) throw new Error('The image data has the wrong length.');
  const rows = new Uint8Array(height * rowBytes);
  for (let y = 0; y < height; y++) {
    const type = filtered[y * (1 + rowBytes)]!;
    for (let i = 0; i < rowBytes; i++) {
      const at = y * rowBytes + i;
      const a = i >= bpp ? rows[at - bpp]! : 0;
      const b = y > 0 ? rows[at - rowBytes]! : 0;
      const c = i >= bpp && y > 0 ? rows[at - rowBytes - bpp]! : 0;
      rows[at] = filtered[y * (1 + rowBytes) + 1 + i]! + predict(type, a, b, c);
    }
  }
  const sample = (y: number, i: number): number => {
    const bit = i * bitDepth;
    return (rows[y * rowBytes + (bit >> 3)]! >> (8 - bitDepth - (bit & 7))) & ((1 << bitDepth) - 1);
  };
  const pixel = (y: number, x: number): number[] => {
    const [p, q, r, s] = [0, 1, 2, 3].map((i) => (i < samples ? sample(y, x * samples + i) : 0)) as [
      number,
      number,
      number,
      number,
    ];
    if (colourType === 3) return [...palette.subarray(3 * p, 3 * p + 3), alphas[p] ?? 255];
    if (colourType === 2) return [p, q, r, 255];
    if (colourType === 6) return [p, q, r, s];
    const grey = (p * 255) / ((1 << bitDepth) - 1);
    return [grey, grey, grey, colourType === 4 ? q : 255];
  };
  const pixels = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) pixels.set(pixel(y, x), (y * width + x) * 4);
  }
  return { width, height, bitDepth, colourType, chunks, filtered, pixels };
}
