/** DCT and quantisation of a row of MCUs, blocks in the order of an interleaved scan (T.81 A.2.3). */
import { forwardDct } from './fdct';
import { BLOCK_BYTES, quantiseBlock, WIDE_BYTES } from './quantise';

/** Bytes of a block's coefficients before quantisation. */
export const COEFS_BYTES: usize = 128;

/** What {@link transformMcuRow} takes. */
@unmanaged
class TransformMcuRow {
  y: usize;
  cb: usize;
  cr: usize;
  coefs: usize;
  mcus: i32;
  grey: i32;
  across: i32;
  down: i32;
  yStride: usize;
  chromaStride: usize;
}

/**
 * Transforms `mcus` MCUs: `across` × `down` luma blocks, then one block of each chroma unless `grey`. Writes 64 × i16
 * for each block ({@link forwardDct}).
 */
export function transformMcuRow(record: TransformMcuRow): void {
  let y = record.y;
  let cb = record.cb;
  let cr = record.cr;
  let coefs = record.coefs;
  const mcus = record.mcus;
  const grey = record.grey;
  const across = record.across;
  const down = record.down;
  const yStride = record.yStride;
  const chromaStride = record.chromaStride;
  for (let mcu = 0; mcu < mcus; mcu++) {
    for (let v = 0; v < down; v++) {
      const row = y + <usize>v * yStride * 8;
      for (let h = 0; h < across; h++) {
        forwardDct(row + <usize>(h << 3), coefs, yStride);
        coefs += COEFS_BYTES;
      }
    }
    y += <usize>(across << 3);
    if (grey) continue;
    forwardDct(cb, coefs, chromaStride);
    forwardDct(cr, coefs + COEFS_BYTES, chromaStride);
    coefs += COEFS_BYTES * 2;
    cb += 8;
    cr += 8;
  }
}

/**
 * Quantises `count` blocks at `coefs`: writes a record for each to `blocks` and its exact values, where they are
 * wanted, to `wide` ({@link quantiseBlock}). Block i takes the table of component `components[i % perMcu]` (u8: 0 for
 * luminance); `reciprocals` holds the one of luminance and 128 bytes behind it that of chrominance.
 */
export function quantiseBlocks(
  coefs: usize,
  components: usize,
  reciprocals: usize,
  blocks: usize,
  wide: usize,
  count: i32,
  perMcu: i32,
): void {
  let slot = 0;
  for (let i = 0; i < count; i++) {
    quantiseBlock(coefs, reciprocals + (load<u8>(components + slot) === 0 ? 0 : 128), blocks, wide);
    slot = slot + 1 === perMcu ? 0 : slot + 1;
    coefs += COEFS_BYTES;
    blocks += BLOCK_BYTES;
    wide += WIDE_BYTES;
  }
}
