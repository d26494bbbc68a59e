/**
 * Huffman coding of quantised blocks where the codes are known beforehand (T.81 F.1.2): what tokens.ts and huffman.ts
 * do in two steps, in one.
 *
 * The tables of a destination are 512 × u32 for small coefficients, `run << 5 | value + 16` with values from -16 to 15,
 * then the codes of its 272 symbols; entries are those of huffman.ts, the additional bits of small coefficients filled
 * in. The place of the value 0 has end of block at run 0 and the run of sixteen zeros at run 15.
 */
import { stuff } from './huffman';
import { BLOCK_BYTES, TRANSPOSED_ZIGZAG, WIDE_BYTES } from './quantise';
import { magnitude, SYMBOLS } from './tokens';

/** Entries for small coefficients. */
export const SMALL: usize = 512;

/** Bytes of the small coefficients' entries, and of all of a destination. */
const SMALL_BYTES: usize = SMALL * 4;
const TABLE_BYTES: usize = SMALL_BYTES + <usize>SYMBOLS * 4;

const END_OF_BLOCK: usize = 16 << 2;
const ZERO_RUN: usize = ((15 << 5) | 16) << 2;

/** What {@link encodeBlocks} takes. */
@unmanaged
class EncodeBlocks {
  blocks: usize;
  wide: usize;
  components: usize;
  predictors: usize;
  tables: usize;
  state: usize;
  words: usize;
  dst: usize;
  count: i32;
  perMcu: i32;
}

/**
 * Codes `count` blocks (records of {@link quantiseBlock}). Components, predictors and `wide` are those of {@link
 * tokenise}, `state` and `words` those of {@link encodeTokens}, with room for 65 codes a block. Returns the bytes
 * written to `dst`.
 */
export function encodeBlocks(record: EncodeBlocks): i32 {
  let blocks = record.blocks;
  let wide = record.wide;
  const components = record.components;
  const predictors = record.predictors;
  const tables = record.tables;
  const state = record.state;
  const words = record.words;
  const dst = record.dst;
  const count = record.count;
  const perMcu = record.perMcu;
  let acc = load<u64>(state);
  let free = load<i32>(state, 8);
  let end = words;
  let slot = 0;
  for (let i = 0; i < count; i++) {
    const component = <usize>load<u8>(components + slot);
    slot = slot + 1 === perMcu ? 0 : slot + 1;
    const predictor = predictors + (component << 2);
    const table = tables + (component === 0 ? 0 : TABLE_BYTES);
    const codes = table + SMALL_BYTES;
    const dc = <i32>load<i16>(blocks, 72);
    const difference = magnitude(dc - load<i32>(predictor));
    store<i32>(predictor, dc);
    let entry = load<u32>(codes + ((difference & 0xff) << 2)) | ((difference >> 16) << 5);
    let set = load<u64>(blocks, 64);
    let last: u32 = 0;
    while (true) {
      const bits = <u64>(entry >> 5);
      const length = entry & 31;
      free -= length;
      if (free < 0) {
        store<u64>(end, (acc << (length + free)) | (bits >> -free));
        end += 8;
        free += 64;
        acc = bits;
      } else {
        acc = (acc << length) | bits;
      }
      if (set === 0) {
        if (last === 63) break;
        last = 63;
        entry = load<u32>(table + END_OF_BLOCK);
        continue;
      }
      const k = <u32>ctz(set);
      const run = k - last - 1;
      if (run >= 16) {
        last += 16;
        entry = load<u32>(table + ZERO_RUN);
        continue;
      }
      set &= set - 1;
      last = k;
      const value = <i32>load<i8>(blocks + k);
      const place = <u32>(value + 16);
      if (place < 32) {
        entry = load<u32>(table + (((run << 5) + place) << 2));
      } else {
        const saturated = value === 127 || value === -128;
        const level = magnitude(
          saturated ? <i32>load<i16>(wide + ((<usize>load<u8>(TRANSPOSED_ZIGZAG + k)) << 1)) : value,
        );
        entry = load<u32>(codes + ((16 + (run << 4) + (level & 0xff)) << 2)) | ((level >> 16) << 5);
      }
    }
    blocks += BLOCK_BYTES;
    wide += WIDE_BYTES;
  }
  store<u64>(state, acc);
  store<i32>(state, free, 8);
  return <i32>(stuff(words, end, dst) - dst);
}
