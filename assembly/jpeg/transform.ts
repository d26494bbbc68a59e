/** DCT and quantisation of a row of MCUs, blocks in the order of an interleaved scan (T.81 A.2.3). */
import { forwardDct } from './fdct';
import { BLOCK_BYTES, quantiseBlock, WIDE_BYTES } from './quantise';

/**
 * Transforms and quantises `mcus` MCUs: `across` × `down` luma blocks, then one block of each chroma unless `grey`. Writes a
 * record for each block to `blocks` and its exact values, where they are wanted, to `wide` ({@link quantiseBlock}). `scratch`:
 * 128 bytes.
 */
export function transformMcuRow(
  y: usize,
  cb: usize,
  cr: usize,
  blocks: usize,
  wide: usize,
  scratch: usize,
  mcus: i32,
  grey: i32,
  across: i32,
  down: i32,
  yStride: usize,
  chromaStride: usize,
  lumaReciprocals: usize,
  chromaReciprocals: usize,
): void {
  for (let mcu = 0; mcu < mcus; mcu++) {
    for (let v = 0; v < down; v++) {
      const row = y + <usize>v * yStride * 8;
      for (let h = 0; h < across; h++) {
        forwardDct(row + <usize>(h << 3), scratch, yStride);
        quantiseBlock(scratch, lumaReciprocals, blocks, wide);
        blocks += BLOCK_BYTES;
        wide += WIDE_BYTES;
      }
    }
    y += <usize>(across << 3);
    if (grey) continue;
    forwardDct(cb, scratch, chromaStride);
    quantiseBlock(scratch, chromaReciprocals, blocks, wide);
    forwardDct(cr, scratch, chromaStride);
    quantiseBlock(scratch, chromaReciprocals, blocks + BLOCK_BYTES, wide + WIDE_BYTES);
    blocks += BLOCK_BYTES * 2;
    wide += WIDE_BYTES * 2;
    cb += 8;
    cr += 8;
  }
}
