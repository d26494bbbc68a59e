/** The first 16 hexadecimal digits of the SHA-256 of each photo; written by test/kernels/golden-frames.test.ts. */
export const GOLDEN_FRAME_HASHES: Readonly<Record<string, string>> = {};
