/**
 * Which smaller form of PNG holds the same pixels (PNG third edition, clauses 11.2.1 and 12.4): whether they are grey,
 * and whether they are so few colours that a palette holds them. Each question ends at the first pixel that answers no.
 * `always` is OR-ed into pixels before they are looked at: 0xff000000 where the fourth byte has no meaning.
 */

/** Slots of the table of colours; at most 256 are used. */
const SLOTS: usize = 2048;

/** Bytes of the table of colours: a used mark, the colour and its index, u32 each. */
export function colourTableBytes(): i32 {
  return <i32>SLOTS * 12;
}

function slotOf(colour: u32): usize {
  return <usize>((colour * 0x9e3779b1) >> 21);
}

/**
 * Collects the colours in the order in which they appear: u32 each at `colours`, 256 at most. Returns how many, or -1
 * where there are more. `table` takes {@link colourTableBytes}.
 */
export function collectColours(
  src: usize,
  colours: usize,
  table: usize,
  width: i32,
  height: i32,
  stride: i32,
  always: u32,
): i32 {
  memory.fill(table, 0, SLOTS * 12);
  let count: i32 = 0;
  let last: u32 = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = load<u32>(src + (x << 2)) | always;
      if (colour === last && count) {
        // A run goes by four pixels at a time.
        const run = i32x4.splat(<i32>colour);
        const marks = i32x4.splat(<i32>always);
        while (x + 5 <= width && i32x4.all_true(i32x4.eq(v128.or(v128.load(src + (x << 2), 4), marks), run))) x += 4;
        continue;
      }
      last = colour;
      let slot = slotOf(colour);
      let entry = table + slot * 12;
      while (load<u32>(entry) && load<u32>(entry, 4) !== colour) {
        slot = (slot + 1) & (SLOTS - 1);
        entry = table + slot * 12;
      }
      if (load<u32>(entry)) continue;
      if (count === 256) return -1;
      store<u32>(entry, 1);
      store<u32>(entry, colour, 4);
      store<u32>(entry, count, 8);
      store<u32>(colours + (count << 2), colour);
      count++;
    }
    src += stride;
  }
  return count;
}

/**
 * Writes the index of every pixel, a byte each, by a table that {@link collectColours} or {@link tabulateColours}
 * filled.
 */
export function indexColours(
  src: usize,
  dst: usize,
  table: usize,
  width: i32,
  height: i32,
  srcStride: i32,
  dstStride: i32,
  always: u32,
): void {
  let last: u32 = 0;
  let index: u32 = 0;
  let known = false;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = load<u32>(src + (x << 2)) | always;
      if (colour !== last || !known) {
        let slot = slotOf(colour);
        while (load<u32>(table + slot * 12, 4) !== colour && load<u32>(table + slot * 12))
          slot = (slot + 1) & (SLOTS - 1);
        index = load<u32>(table + slot * 12, 8);
        last = colour;
        known = true;
      }
      store<u8>(dst + x, index);
    }
    src += srcStride;
    dst += dstStride;
  }
}

/** Fills the table with `count` colours that differ, so that {@link indexColours} knows them by their order. */
export function tabulateColours(colours: usize, table: usize, count: i32): void {
  memory.fill(table, 0, SLOTS * 12);
  for (let i = 0; i < count; i++) {
    const colour = load<u32>(colours + (i << 2));
    let slot = slotOf(colour);
    while (load<u32>(table + slot * 12)) slot = (slot + 1) & (SLOTS - 1);
    store<u32>(table + slot * 12, 1);
    store<u32>(table + slot * 12, colour, 4);
    store<u32>(table + slot * 12, i, 8);
  }
}

/**
 * Grey pixels to their first byte, and, where `alpha`, their fourth after it.
 * - `src` has `height` rows of `4 * width` bytes; strides in bytes
 */
export function greyOf(
  src: usize,
  dst: usize,
  width: i32,
  height: i32,
  srcStride: i32,
  dstStride: i32,
  alpha: i32,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (alpha) {
        store<u8>(dst + (x << 1), load<u8>(src + (x << 2)));
        store<u8>(dst + (x << 1), load<u8>(src + (x << 2), 3), 1);
      } else store<u8>(dst + x, load<u8>(src + (x << 2)));
    }
    src += srcStride;
    dst += dstStride;
  }
}

/**
 * Samples of a byte into samples of `depth` bits (1, 2 or 4), the leftmost in the highest bits (clause 7.2), in place:
 * row by row from `rows`, `pitch` bytes apart. Of every sample the lowest `depth` bits count; the last byte is filled
 * with zeros.
 */
export function packSamples(rows: usize, width: i32, height: i32, pitch: i32, depth: i32): void {
  const perByte = 8 / depth;
  const mask: u32 = (1 << depth) - 1;
  for (let y = 0; y < height; y++) {
    let to = rows;
    for (let x = 0; x < width; x += perByte) {
      let bits: u32 = 0;
      const count = min(perByte, width - x);
      for (let i = 0; i < count; i++) bits = (bits << depth) | (load<u8>(rows + x + i) & mask);
      store<u8>(to++, bits << (depth * (perByte - count)));
    }
    rows += pitch;
  }
}
