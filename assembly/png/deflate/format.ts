/** What DEFLATE has (RFC 1951). */

/**
 * Symbols that stand for literals, the end of block and match lengths (3.2.5). The last two never occur; they count in
 * the construction of the fixed code.
 */
export const LITERALS: i32 = 288;
/** Symbols that stand for match distances. */
export const DISTANCES: i32 = 30;
/** Symbols that code lengths are themselves coded with (3.2.7). */
export const CODE_LENGTHS: i32 = 19;
export const END_OF_BLOCK: i32 = 256;

/** The lengths that a match may have. */
export const SHORTEST: i32 = 3;
export const LONGEST: i32 = 258;
/** The farthest that a match may reach back (2). */
export const WINDOW: i32 = 32768;

/** Bytes of a stored block at most (3.2.4). */
export const STORED_CAPACITY: i32 = 65535;
