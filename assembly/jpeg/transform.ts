/** DCT and quantisation of a row of MCUs, blocks in the order of an interleaved scan (T.81 A.2.3). */
import { transformBlock } from './fdct';

/**
 * Transforms `mcus` MCUs of three planes whose blocks are all there: luma `across` × `down` blocks an MCU (1 or 2 each), chroma
 * one block each. Writes 64 × i16 for each block to `coefs` and a u64 to `masks`; see {@link transformBlock}.
 */
export function transformMcuRow(
  y: usize,
  cb: usize,
  cr: usize,
  coefs: usize,
  masks: usize,
  mcus: i32,
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
        store<u64>(masks, transformBlock(row + <usize>(h << 3), coefs, yStride, lumaReciprocals));
        coefs += 128;
        masks += 8;
      }
    }
    store<u64>(masks, transformBlock(cb, coefs, chromaStride, chromaReciprocals));
    store<u64>(masks, transformBlock(cr, coefs + 128, chromaStride, chromaReciprocals), 8);
    coefs += 256;
    masks += 16;
    y += <usize>(across << 3);
    cb += 8;
    cr += 8;
  }
}
