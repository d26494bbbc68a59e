/** What ends and begins a zlib stream (RFC 1950). */

/** Deflate with a window of 32 KiB, and the check bits that make it a multiple of 31 (2.2). */
export const ZLIB_HEADER = Uint8Array.of(0x78, 0x01);

/** The checksum of no bytes. */
export const ADLER32_START = 1;

const MODULUS = 65521;

/** Adler-32 of bytes, for the few of them that TypeScript writes (8.2). */
export function adler32(bytes: Uint8Array): number {
  let [a, b] = [ADLER32_START, 0];
  for (const byte of bytes) {
    a = (a + byte) % MODULUS;
    b = (b + a) % MODULUS;
  }
  return b * 65536 + a;
}

/**
 * Adler-32 of two runs of bytes in turn. A is one plus the sum of all bytes; B is the sum of all A, so every byte of
 * the second run meets the first's A in place of the one that it started from.
 */
export function combineAdler32(first: number, second: number, secondBytes: number): number {
  const a1 = first & 0xffff;
  const a = (a1 + (second & 0xffff) + MODULUS - 1) % MODULUS;
  const gained = ((secondBytes % MODULUS) * (a1 + MODULUS - 1)) % MODULUS;
  const b = ((first >>> 16) + (second >>> 16) + gained) % MODULUS;
  return b * 65536 + a;
}
