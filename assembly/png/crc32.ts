/**
 * CRC-32 as PNG uses it (PNG third edition, clause 5.5 and annex D; polynomial of ISO 3309, bits reflected), sixteen
 * bytes a step: a CRC is linear, so the step is the XOR of what each of the sixteen bytes contributes alone, looked up
 * in sixteen tables. Table k tells what a byte followed by k zero bytes leaves in the register.
 */

/** x^32 + x^26 + x^23 + … + x + 1, the term x^31 in the lowest bit. */
const POLYNOMIAL: u32 = 0xedb88320;

/** Bytes of the sixteen tables. */
export const CRC32_TABLE_BYTES: i32 = 16 * 1024;

/** Fills the sixteen tables, {@link CRC32_TABLE_BYTES} at `tables`. */
export function crc32Tables(tables: usize): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let register = byte;
    for (let bit = 0; bit < 8; bit++) register = (register >> 1) ^ (POLYNOMIAL & (0 - (register & 1)));
    store<u32>(tables + (byte << 2), register);
  }
  for (let at: usize = tables; at < tables + 15 * 1024; at += 4) {
    const register = load<u32>(at);
    store<u32>(at, (register >> 8) ^ load<u32>(tables + ((register & 255) << 2)), 1024);
  }
}

/** Continues the CRC of the bytes so far (0 at the start) over `length` bytes at `src`. */
export function crc32(src: usize, tables: usize, length: i32, crc: u32): u32 {
  let register = ~crc;
  for (; length >= 16; length -= 16) {
    const low = load<u64>(src) ^ register;
    const high = load<u64>(src, 8);
    register =
      load<u32>(tables + (((<usize>low) & 255) << 2), 15 * 1024) ^
      load<u32>(tables + (((<usize>(low >> 8)) & 255) << 2), 14 * 1024) ^
      load<u32>(tables + (((<usize>(low >> 16)) & 255) << 2), 13 * 1024) ^
      load<u32>(tables + (((<usize>(low >> 24)) & 255) << 2), 12 * 1024) ^
      load<u32>(tables + (((<usize>(low >> 32)) & 255) << 2), 11 * 1024) ^
      load<u32>(tables + (((<usize>(low >> 40)) & 255) << 2), 10 * 1024) ^
      load<u32>(tables + (((<usize>(low >> 48)) & 255) << 2), 9 * 1024) ^
      load<u32>(tables + (((<usize>(low >> 56)) & 255) << 2), 8 * 1024) ^
      load<u32>(tables + (((<usize>high) & 255) << 2), 7 * 1024) ^
      load<u32>(tables + (((<usize>(high >> 8)) & 255) << 2), 6 * 1024) ^
      load<u32>(tables + (((<usize>(high >> 16)) & 255) << 2), 5 * 1024) ^
      load<u32>(tables + (((<usize>(high >> 24)) & 255) << 2), 4 * 1024) ^
      load<u32>(tables + (((<usize>(high >> 32)) & 255) << 2), 3 * 1024) ^
      load<u32>(tables + (((<usize>(high >> 40)) & 255) << 2), 2 * 1024) ^
      load<u32>(tables + (((<usize>(high >> 48)) & 255) << 2), 1024) ^
      load<u32>(tables + (((<usize>(high >> 56)) & 255) << 2));
    src += 16;
  }
  for (; length > 0; length--) {
    register = (register >> 8) ^ load<u32>(tables + (((register ^ load<u8>(src)) & 255) << 2));
    src++;
  }
  return ~register;
}
