/** A raw DEFLATE stream taken apart into its blocks, by RFC 1951, a bit at a time. */

/** A literal byte, or a match: how many bytes are copied, and from how far back. */
export type Token = number | { length: number; distance: number };

/**
 * Code lengths in bits, 0 for what has no code: of 288 symbols for literals, end of block and match lengths, of 32 for
 * distances.
 */
export type CodeLengths = { literals: number[]; distances: number[] };

export type Block = { final: boolean } & (
  { type: 'stored'; bytes: Uint8Array } | { type: 'fixed' | 'dynamic'; tokens: Token[]; lengths: CodeLengths }
);

/** What a symbol stands for: the least of its values, and the extra bits that tell which. */
type Range = { base: number; extra: number };

export const END_OF_BLOCK = 256;

/**
 * Match lengths by symbol less 257, and distances by symbol (3.2.5): four, or two, symbols for every count of extra
 * bits.
 */
export const LENGTHS: readonly Range[] = [...ranges(3, 28, 4), { base: 258, extra: 0 }];
export const DISTANCES: readonly Range[] = ranges(1, 30, 2);

function ranges(base: number, symbols: number, perExtra: number): Range[] {
  return Array.from({ length: symbols }, (_, symbol) => {
    const extra = Math.max(0, Math.floor(symbol / perExtra) - 1);
    const range = { base, extra };
    base += 2 ** extra;
    return range;
  });
}

/** 3.2.6. */
export const FIXED: CodeLengths = {
  literals: Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)),
  distances: new Array<number>(32).fill(5),
};

/** The order in which the lengths of the code length codes are sent (3.2.7). */
export const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Symbols by code, a 1 before its bits. */
type Code = Map<number, number>;

/**
 * The code of the lengths (3.2.2). It must be complete, unless it has no symbol, or one of a single bit, as the code of
 * distances may (3.2.7).
 */
function codeOf(lengths: readonly number[]): Code {
  const code: Code = new Map();
  let next = 0;
  for (let length = 1; length <= 15; length++) {
    next *= 2;
    lengths.forEach((of, symbol) => {
      if (of === length) code.set(2 ** length + next++, symbol);
    });
    if (next > 2 ** length) throw new Error('More codes than there are.');
  }
  const alone = code.size === 0 || (code.size === 1 && code.has(2));
  if (next !== 2 ** 15 && !alone) throw new Error('The code is incomplete.');
  return code;
}

class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  bit(): number {
    const byte = this.#bytes[this.#at >> 3];
    if (byte === undefined) throw new Error('The stream is too short.');
    return (byte >> (this.#at++ & 7)) & 1;
  }

  /** The lowest bit comes first (3.1.1). */
  take(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value += this.bit() * 2 ** i;
    return value;
  }

  /** The highest bit of a code comes first (3.1.1). */
  symbol(code: Code): number {
    let bits = 1;
    while (bits < 2 ** 15) {
      bits = bits * 2 + this.bit();
      const symbol = code.get(bits);
      if (symbol !== undefined) return symbol;
    }
    throw new Error('No such code.');
  }

  value(ranges: readonly Range[], symbol: number): number {
    const range = ranges[symbol];
    if (!range) throw new Error('A symbol that never occurs.');
    return range.base + this.take(range.extra);
  }

  toFullByte(): void {
    this.#at = Math.ceil(this.#at / 8) * 8;
  }

  get isDone(): boolean {
    return Math.ceil(this.#at / 8) === this.#bytes.length;
  }
}

/** The blocks of a stream that fills `stream` to its last byte. Throws on anything that does not fit RFC 1951. */
export function inflateBlocks(stream: Uint8Array): Block[] {
  const bits = new Bits(stream);
  const blocks: Block[] = [];
  let written = 0;
  for (;;) {
    const final = bits.bit() === 1;
    const type = bits.take(2);
    if (type === 3) throw new Error('A reserved type of block.');
    if (type === 0) {
      const bytes = readStored(bits);
      blocks.push({ final, type: 'stored', bytes });
      written += bytes.length;
    } else {
      const lengths = type === 1 ? FIXED : readLengths(bits);
      const tokens = readTokens(bits, lengths, written);
      blocks.push({ final, type: type === 1 ? 'fixed' : 'dynamic', tokens, lengths });
      for (const token of tokens) written += typeof token === 'number' ? 1 : token.length;
    }
    if (final) break;
  }
  if (!bits.isDone) throw new Error('Bytes behind the last block.');
  return blocks;
}

/** 3.2.4. */
function readStored(bits: Bits): Uint8Array {
  bits.toFullByte();
  const length = bits.take(16);
  if (bits.take(16) !== 65535 - length) throw new Error('The length of a stored block is not its complement.');
  return Uint8Array.from({ length }, () => bits.take(8));
}

/** 3.2.7. */
function readLengths(bits: Bits): CodeLengths {
  const literals = bits.take(5) + 257;
  const distances = bits.take(5) + 1;
  const sent = bits.take(4) + 4;
  const codeLengths = new Array<number>(19).fill(0);
  for (const symbol of CODE_LENGTH_ORDER.slice(0, sent)) codeLengths[symbol] = bits.take(3);
  const code = codeOf(codeLengths);
  const lengths: number[] = [];
  while (lengths.length < literals + distances) {
    const symbol = bits.symbol(code);
    if (symbol < 16) {
      lengths.push(symbol);
      continue;
    }
    const repeated = symbol === 16 ? lengths.at(-1) : 0;
    if (repeated === undefined) throw new Error('No length to repeat.');
    const times = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
    for (let i = 0; i < times; i++) lengths.push(repeated);
  }
  if (lengths.length > literals + distances) throw new Error('A repeat past the last length.');
  if (!lengths[END_OF_BLOCK]) throw new Error('The block cannot end.');
  const padded = (of: number[], symbols: number) => [...of, ...new Array<number>(symbols - of.length).fill(0)];
  return { literals: padded(lengths.slice(0, literals), 288), distances: padded(lengths.slice(literals), 32) };
}

/** 3.2.3; `written` bytes of the stream come before. */
function readTokens(bits: Bits, lengths: CodeLengths, written: number): Token[] {
  const literals = codeOf(lengths.literals);
  const distances = codeOf(lengths.distances);
  const tokens: Token[] = [];
  for (;;) {
    const symbol = bits.symbol(literals);
    if (symbol === END_OF_BLOCK) return tokens;
    if (symbol < END_OF_BLOCK) {
      tokens.push(symbol);
      written++;
      continue;
    }
    const length = bits.value(LENGTHS, symbol - 257);
    const distance = bits.value(DISTANCES, bits.symbol(distances));
    if (distance > written) throw new Error('A match from before the stream.');
    tokens.push({ length, distance });
    written += length;
  }
}

/** The bytes that the blocks of a whole stream stand for. */
export function bytesOf(blocks: readonly Block[]): Uint8Array {
  const bytes: number[] = [];
  for (const block of blocks) {
    for (const token of block.type === 'stored' ? block.bytes : block.tokens) {
      if (typeof token === 'number') bytes.push(token);
      else for (let i = 0; i < token.length; i++) bytes.push(bytes[bytes.length - token.distance]!);
    }
  }
  return Uint8Array.from(bytes);
}
