/**
 * The working area of a DEFLATE stream: what lives from call to call, and tables that every block makes anew. Offsets
 * in bytes from the start of the area.
 */

import { LITERALS, STORED_CAPACITY, WINDOW } from './format';

/** Bits that do not fill a byte yet, lowest first: u64, and their count: i32. */
export const BIT_BUFFER: usize = 0;
export const BIT_COUNT: usize = 8;
/** The address of the next byte of output: u32. */
export const OUTPUT: usize = 12;
/** Matches of the block so far: i32. */
export const MATCH_COUNT: usize = 16;
/** The address behind the last of them: u32. */
export const MATCH_END: usize = 20;
/** Counts of symbols: u32 each. */
export const LITERAL_COUNTS: usize = 64;
export const DISTANCE_COUNTS: usize = LITERAL_COUNTS + <usize>LITERALS * 4;
export const CODE_LENGTH_COUNTS: usize = DISTANCE_COUNTS + 32 * 4;
/** Three further histograms of bytes beside LITERAL_COUNTS, so that equal neighbours do not wait for each other. */
export const BYTE_COUNTS: usize = CODE_LENGTH_COUNTS + 32 * 4;
/** Code lengths: u8 each. */
export const LITERAL_LENGTHS: usize = BYTE_COUNTS + 3 * 256 * 4;
export const DISTANCE_LENGTHS: usize = LITERAL_LENGTHS + <usize>LITERALS;
export const CODE_LENGTH_LENGTHS: usize = DISTANCE_LENGTHS + 32;
/** Codes: u32 each, the count of bits and, from bit 8, the bits. */
export const LITERAL_CODES: usize = CODE_LENGTH_LENGTHS + 32;
export const DISTANCE_CODES: usize = LITERAL_CODES + <usize>LITERALS * 4;
export const CODE_LENGTH_CODES: usize = DISTANCE_CODES + 32 * 4;
/** Codes of the match lengths 3 to 258 with their extra bits. */
export const LENGTH_CODES: usize = CODE_LENGTH_CODES + 32 * 4;
/** The code lengths of a block as symbols 0 to 18: u16 each, the symbol and its extra bits from bit 8. */
export const RUNS: usize = LENGTH_CODES + 256 * 4;
/**
 * What every byte cost as a literal in the last block, and every distance symbol with its extra bits, in bits: u8 each.
 */
export const LITERAL_PRICES: usize = RUNS + 320 * 2;
export const DISTANCE_PRICES: usize = LITERAL_PRICES + 256;
/** What every match length cost with its extra bits, from length 0 on: u32 each. */
export const LENGTH_PRICES: usize = DISTANCE_PRICES + 32;
/** Scratch of the code construction. */
export const CONSTRUCTION: usize = LENGTH_PRICES + 260 * 4;
const CONSTRUCTION_BYTES: usize = <usize>LITERALS * 4 + 2 * 576 * 4 + 15 * 576 * 2;

/** The matches of a block: u32 literals before it, u16 length, u16 distance. */
export const MATCHES: usize = CONSTRUCTION + CONSTRUCTION_BYTES;
export const MATCH_CAPACITY: i32 = 21848;
/** Bytes of a block with matches, of which there are at most a third as many: as many as a stored block holds. */
export const MATCHED_BLOCK: i32 = STORED_CAPACITY;

/** Bytes that are parsed at a time, so that steps and costs stay in the cache: no match reaches past them. */
export const PARSED: i32 = 16384;

/** The last position of each hash of three (or four) and of five bytes: u32, an offset into the stream. */
export const SHORT_HEADS: usize = MATCHES + MATCH_CAPACITY * 8;
export const SHORT_BITS: i32 = 14;
export const CHAIN_HEADS: usize = SHORT_HEADS + (1 << SHORT_BITS) * 4;
export const CHAIN_BITS: i32 = 16;
/** For every position of the window the distance to the one before it with the same hash of five bytes: u16. */
export const CHAINS: usize = CHAIN_HEADS + (1 << CHAIN_BITS) * 4;

/**
 * Matches to choose from, length << 16 | distance, u32, and for every position of what is parsed the address of its
 * first.
 */
export const CANDIDATES: usize = CHAINS + WINDOW * 2;
export const MOST_CANDIDATES: i32 = 8;
export const FIRST_CANDIDATES: usize = CANDIDATES + PARSED * MOST_CANDIDATES * 4;
/** What the literals before every position of what is parsed cost together: u32. */
export const LITERAL_SUMS: usize = FIRST_CANDIDATES + (PARSED + 4) * 4;
/** For every position of what is parsed the step chosen: length << 16 | distance, u32, or 0 for a literal. */
export const STEPS: usize = LITERAL_SUMS + (PARSED + 4) * 4;
/** The least cost from every position to the end: u32. */
export const COSTS: usize = STEPS + PARSED * 4;
/** What a literal, a match of every length from 0 on, and every distance symbol are taken to cost: u32. */
export const LITERAL_COSTS: usize = COSTS + (PARSED + 4) * 4;
export const LENGTH_COSTS: usize = LITERAL_COSTS + 256 * 4;
export const DISTANCE_COSTS: usize = LENGTH_COSTS + 260 * 4;
/** Counts of symbols in what is parsed, and in the block before it: of literals and lengths, then of distances, u32. */
export const PARSED_COUNTS: usize = DISTANCE_COSTS + 32 * 4;

export const COUNT_BYTES: usize = (<usize>LITERALS + 32) * 4;
export const BLOCK_COUNTS: usize = PARSED_COUNTS + COUNT_BYTES;

/**
 * What follows one another in a block of literals, two bytes at a time: first their counts, u16 each, the second byte
 * higher …
 */
export const PAIR_COUNTS: usize = BLOCK_COUNTS + COUNT_BYTES;
/** … then their codes, joined: u32 each, the count of bits and, from bit 6, the bits. */
export const PAIR_CODES: usize = PAIR_COUNTS;
/** A block in which pairs are counted holds fewer than 65536 of them. */
const PAIR_BYTES: usize = 65536 * 4;
/**
 * For every byte as the first of a pair, its code as an entry of {@link PAIR_CODES}, and two to the count of its bits:
 * u32.
 */
export const FIRST_CODES: usize = PAIR_CODES + PAIR_BYTES;
export const FIRST_POWERS: usize = FIRST_CODES + 256 * 4;

const END: usize = FIRST_POWERS + 256 * 4;

/** Bytes of the working area of a stream. */
export function deflateScratch(): i32 {
  return <i32>END;
}
