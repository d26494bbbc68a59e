// @module-tag slow
import fc from 'fast-check';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { material } from '../../helpers/material.ts';
import { same } from '../../helpers/png-judge.ts';
import { Random } from '../../helpers/random.ts';
import { scene } from '../../helpers/scene.ts';
import { deflateBlocks, ENDS, FLUSHES, OPEN, type Piece } from '../../reference/png/deflate.ts';
import { codeLengths } from '../../reference/jpeg/huffman.ts';
import { bytesOf, inflateBlocks, type Block, type Token } from '../../reference/png/inflate.ts';
import { filterRow, huffmanBits } from '../../reference/png/png.ts';

const { kernels, memory } = await loadTestKernels();
const SEARCHES = [0, 1, 2, 3];
const CANARY = 0xa5;
/** The kernel compares bytes around the stream too, at most so many. */
const AROUND = 64;

const whole = (bytes: Uint8Array, search: number): Piece[] => [
  { length: bytes.length, history: 0, search, ending: ENDS },
];

/** Pieces that end at the cuts, each with all the history there is. */
function piecesOf(bytes: Uint8Array, cuts: readonly number[], search: number, ending: number): Piece[] {
  return [...cuts, bytes.length].map((end, i) => {
    const start = i === 0 ? 0 : cuts[i - 1]!;
    return { length: end - start, history: start, search, ending: i === cuts.length ? ENDS : ending };
  });
}

/** The stream of the kernel, which begins at `position` modulo 2^32. Zeros lie around the bytes. */
function compress(bytes: Uint8Array, pieces: readonly Piece[], position = 0): Uint8Array {
  const mark = memory.mark();
  const around = memory.alloc(AROUND + bytes.length + AROUND);
  memory.bytes(around, AROUND + bytes.length + AROUND).fill(0);
  memory.bytes(around + AROUND, bytes.length).set(bytes);
  const scratch = memory.alloc(kernels.deflateScratch());
  kernels.deflateStart(scratch);
  let at = 0;
  const written = pieces.map(({ length, history, search, ending }) => {
    const bound = kernels.deflateBound(length);
    const dst = memory.alloc(bound + 16);
    memory.bytes(dst, bound + 16).fill(CANARY);
    const src = around + AROUND + at;
    const count = kernels.deflate(src, dst, scratch, length, history, position + at, search, ending);
    expect(count).toBeLessThanOrEqual(bound);
    expect([...memory.bytes(dst + bound, 16)]).toEqual(Array(16).fill(CANARY));
    at += length;
    return memory.bytes(dst, count).slice();
  });
  memory.release(mark);
  return Buffer.concat(written);
}

/** Fails at the first difference of blocks, and shows it alone. */
function expectBlocks(blocks: readonly Block[], expected: readonly Block[]): void {
  const contentOf = (block: Block) => (block.type === 'stored' ? [...block.bytes] : block.tokens);
  const head = ({ type, final }: Block) => ({ type, final });
  expect(blocks.map(head)).toEqual(expected.map(head));
  blocks.forEach((block, i) => {
    const [content, should] = [contentOf(block), contentOf(expected[i]!)].map((tokens) => tokens.map(nameOf));
    const at = content!.findIndex((token, j) => token !== should![j]);
    if (at >= 0)
      expect({ block: i, at, tokens: content!.slice(at, at + 5) }).toEqual({ tokens: should!.slice(at, at + 5) });
    expect(content!.length).toBe(should!.length);
    if (block.type === 'dynamic') expect(block).toMatchObject({ lengths: (expected[i] as typeof block).lengths });
  });
}

const nameOf = (token: Token): number | string =>
  typeof token === 'number' ? token : `${token.length} from ${token.distance}`;

/** The kernel's stream is lossless by zlib and has exactly the blocks of the reference. */
function judge(bytes: Uint8Array, pieces: readonly Piece[], position = 0): Block[] {
  const stream = compress(bytes, pieces, position);
  expect(same(inflateRawSync(stream), bytes)).toBe(true);
  const blocks = inflateBlocks(stream);
  expectBlocks(blocks, deflateBlocks(bytes, pieces, position));
  return blocks;
}

/** RGB rows of a photo-like picture through one filter, as PNG has them. */
function filtered(width: number, height: number, type: number): Uint8Array {
  const { data } = scene(width, height);
  const rows = Array.from({ length: height }, (_, y) =>
    Uint8Array.from({ length: width * 3 }, (_, i) => data[(y * width + Math.floor(i / 3)) * 4 + (i % 3)]!),
  );
  return Buffer.concat(rows.map((row, y) => Buffer.from([type, ...filterRow(type, row, rows[y - 1], 3)])));
}

/** Words drawn with a few much more likely than the others. */
function text(length: number, seed: number): Uint8Array {
  const random = new Random(seed);
  const words = Array.from({ length: 300 }, () =>
    String.fromCharCode(...Array.from({ length: 2 + random.below(8) }, () => 97 + random.below(26))),
  );
  let out = '';
  while (out.length < length) out += `${words[Math.floor(300 * (random.below(1000) / 1000) ** 3)]!} `;
  return Buffer.from(out.slice(0, length));
}

/** Bytes in which parts of several kinds follow one another. */
const mixed = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts);

const tiles = (distance: number, length = 100_000): Uint8Array => {
  const tile = new Random(distance).bytes(distance);
  return Uint8Array.from({ length }, (_, i) => tile[i % distance]!);
};

/**
 * Repeats of several lengths for the same position: the longer the farther back; about as long as is sure, or long
 * enough; beginning in the end of another.
 */
function nested(length: number, seed: number): Uint8Array {
  const random = new Random(seed);
  const parts: Uint8Array[] = [];
  for (let made = 0; made < length;) {
    const long = random.bytes(80);
    const tail = random.bytes(1 + random.below(4));
    const over = mixed(long.slice(-22 - random.below(6)), tail);
    const shorter = [
      Array.from({ length: 14 }, (_, i) => long.slice(0, 6 + 3 * (13 - i))),
      [0, 0].map(() => long.slice(0, 60 + random.below(10))),
      [long.slice(0, 28 + random.below(9)), long.slice(1)],
      [over, long.slice(0, 80 - over.length + tail.length)],
    ][random.below(4)]!;
    const round = mixed(...[long, ...shorter, mixed(long, tail)].flatMap((part) => [part, random.bytes(2)]));
    parts.push(round);
    made += round.length;
  }
  return mixed(...parts).subarray(0, length);
}

/**
 * 16 KiB of two values alone, noise and runs, then as much noise of all values among which are short copies of the
 * first: literals that were cheap are dear.
 */
function copies(length: number, seed: number): Uint8Array {
  const random = new Random(seed);
  const bytes = random.bytes(length);
  for (let start = 0, middle = 16_384; start < length; start += 32_768, middle += 32_768) {
    for (let at = start; at < middle; at++) bytes[at]! &= 1;
    for (let run = 0; run < 100; run++) {
      const at = start + random.below(15_000);
      bytes.fill(1, at, at + 30);
    }
    for (let copy = 0; copy < 60; copy++) {
      const from = middle - 300 + random.below(280);
      bytes.copyWithin(middle + random.below(16_000), from, from + 8 + random.below(14));
    }
  }
  return bytes;
}

/**
 * Bytes that cost from one bit on, without any run, and from the second block on runs of bytes and of threes, some of
 * them of bytes that were not there before.
 */
function lateRuns(length: number, seed: number): Uint8Array {
  const random = new Random(seed);
  const drawn = () => (random.below(10) > 0 ? 0 : Math.clz32(random.word()));
  const bytes = Uint8Array.from({ length }, (_, i) => (i & 1 ? 128 + random.below(64) : drawn()));
  for (let at = 66_000; at + 40 < length; at += 40) {
    for (let i = at; i < at + 3; i++) bytes[i] = [0, random.below(12), 100 + random.below(20)][random.below(3)]!;
    const distance = random.below(2) > 0 ? 1 : 3;
    const end = at + distance + 3 + random.below(16);
    for (let i = at + distance; i < end; i++) bytes[i] = bytes[i - distance]!;
  }
  return bytes;
}

const inputs: Record<string, Uint8Array> = {
  'one byte': Uint8Array.of(7),
  noise: new Random(1).bytes(200_000),
  zeros: new Uint8Array(200_000),
  'runs of 257, 258, 259 and 300': Uint8Array.from([257, 258, 259, 300].flatMap((n) => Array<number>(n).fill(n & 255))),
  'two symbols': new Random(2).bytes(100_000).map((x) => x & 1),
  'few, rare symbols': new Random(3).bytes(100_000).map((x) => (x < 250 ? 0 : x)),
  'every byte once': Uint8Array.from({ length: 256 }, (_, i) => i),
  'short matches': new Random(4).bytes(120_000).map((x, i) => (i % 9 < 5 ? i % 9 : x)),
  'a photo by Sub': filtered(320, 200, 1),
  'a photo by Paeth': filtered(320, 200, 4),
  'a photo unfiltered': filtered(200, 120, 0),
  text: text(100_000, 8),
  'nested repeats': nested(80_000, 10),
  'noise and copies': copies(65_536, 11),
  'late runs': lateRuns(90_000, 12),
  'text, noise, a photo and zeros': mixed(
    text(20_000, 9),
    new Random(5).bytes(30_000),
    filtered(200, 100, 2),
    new Uint8Array(9000),
  ),
};
for (const distance of [1, 2, 3, 4, 5, 257, 4096, 32766, 32767, 32768, 32769, 40000]) {
  inputs[`tiles at distance ${distance}`] = tiles(distance);
}

describe('inflateBlocks', () => {
  const coders = {
    'level 0': { level: 0 },
    'level 1': { level: 1 },
    'level 6': { level: 6 },
    'level 9': { level: 9 },
    'fixed codes': { strategy: constants.Z_FIXED },
    'literals alone': { strategy: constants.Z_HUFFMAN_ONLY },
  };
  test.each(Object.entries(coders))('reads what zlib writes: %s', (_, options) => {
    for (const bytes of [new Uint8Array(0), ...Object.values(inputs)]) {
      expect(same(bytesOf(inflateBlocks(deflateRawSync(bytes, options))), bytes)).toBe(true);
    }
  });

  test('returns forms, ends and tokens of blocks', () => {
    const abc = [97, 98, 99];
    const repeated = Uint8Array.from([...abc, ...abc, ...abc]);
    const stored = inflateBlocks(deflateRawSync(repeated, { level: 0 }));
    expect(stored).toEqual([{ final: true, type: 'stored', bytes: repeated }]);
    const [fixed] = inflateBlocks(deflateRawSync(repeated, { level: 9 }));
    expect(fixed).toMatchObject({ final: true, type: 'fixed', tokens: [...abc, 97, { length: 5, distance: 3 }] });
    const [dynamic] = inflateBlocks(deflateRawSync(text(5000, 1)));
    expect(dynamic).toMatchObject({ final: true, type: 'dynamic' });
  });

  test.each<[string, number[]]>([
    ['no end', []],
    ['the reserved type', [0b111]],
    ['a length that is not its complement', [0b001, 1, 0, 0xff, 0xff, 7]],
    ['a stored block cut off', [0b001, 2, 0, 0xfd, 0xff, 7]],
    ['a match from before the stream', [0b0000_0011, 0b0000_0010]],
    ['more code length codes than there are', [0b101, 0b1110_0000, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
  ])('throws for %s', (_, stream) => {
    expect(() => inflateBlocks(Uint8Array.from(stream))).toThrow();
    expect(() => inflateRawSync(Uint8Array.from(stream), { finishFlush: constants.Z_FINISH })).toThrow();
  });

  test('throws for bytes behind the end, and for a stream that is cut off', () => {
    const stream = deflateRawSync(text(100, 1));
    expect(() => inflateBlocks(Buffer.concat([stream, Uint8Array.of(0)]))).toThrow('behind');
    expect(() => inflateBlocks(stream.subarray(0, -1))).toThrow('short');
  });
});

describe('huffmanLengths', () => {
  const measure = (counts: number[], limit: number) => {
    const mark = memory.mark();
    const address = memory.alloc(4 * counts.length);
    memory.words(address, counts.length).set(counts);
    const lengths = memory.alloc(counts.length);
    kernels.huffmanLengths(address, lengths, memory.alloc(65536), counts.length, limit);
    memory.release(mark);
    return [...memory.bytes(lengths, counts.length)];
  };
  const bits = (counts: number[], lengths: number[]) => counts.reduce((sum, count, i) => sum + count * lengths[i]!, 0);
  const kraft = (lengths: number[]) => lengths.reduce((sum, length) => sum + (length ? 2 ** -length : 0), 0);

  test('equals package-merge, with the longer code for the first of two equal counts', () => {
    const random = new Random(4);
    for (let round = 0; round < 60; round++) {
      const [symbols, limit] = [[19, 7] as const, [30, 15] as const, [288, 13] as const][round % 3]!;
      const steepness = random.below(20);
      const counts = Array.from({ length: symbols }, () => random.below(2 ** random.below(1 + steepness)));
      expect(measure(counts, limit)).toEqual(codeLengths(counts, limit));
    }
  });

  test('has the cost of a Huffman code when no code reaches the limit', () => {
    const random = new Random(5);
    for (const symbols of [2, 3, 19, 30, 288]) {
      const counts = Array.from({ length: symbols }, () => random.below(100) + 50);
      const lengths = measure(counts, 15);
      expect(kraft(lengths)).toBe(1);
      expect(bits(counts, lengths)).toBe(huffmanBits(counts));
    }
  });

  test('has the least cost of all codes within the limit', () => {
    const counts = [1, 1, 2, 3, 5, 8];
    let best = Infinity;
    const tryAll = (lengths: number[]): void => {
      if (lengths.length < counts.length) {
        for (let length = 1; length <= 3; length++) tryAll([...lengths, length]);
      } else if (kraft(lengths) <= 1) best = Math.min(best, bits(counts, lengths));
    };
    tryAll([]);
    expect(bits(counts, measure(counts, 3))).toBe(best);
  });

  test('gives a complete code within the limit for Fibonacci counts', () => {
    const counts = [1, 1];
    while (counts.length < 30) counts.push(counts.at(-1)! + counts.at(-2)!);
    for (const limit of [5, 7, 14, 15]) {
      const lengths = measure(counts, limit);
      expect(Math.max(...lengths)).toBe(limit);
      expect(kraft(lengths)).toBe(1);
    }
  });

  test('gives a single symbol one bit, and no symbols none', () => {
    expect(measure([0, 0, 9, 0], 15)).toEqual([0, 0, 1, 0]);
    expect(measure([0, 0, 0], 15)).toEqual([0, 0, 0]);
  });
});

describe('deflate', () => {
  test.each(Object.keys(inputs))('makes the blocks of the reference from %s', (name) => {
    const bytes = inputs[name]!;
    for (const search of SEARCHES) judge(bytes, whole(bytes, search));
  });

  test.each(SEARCHES)('makes the blocks of the reference from short inputs: search %i', (search) => {
    for (let length = 1; length <= 70; length++) {
      const random = new Random(length).bytes(length);
      for (const bytes of [random, random.map((x) => x >> 7), random.map((x, i) => (i % 9 < 6 ? i % 3 : x))]) {
        judge(bytes, whole(bytes, search));
      }
    }
    expect(compress(new Uint8Array(0), whole(new Uint8Array(0), search))).toHaveLength(0);
  });

  test.each([
    [0, 32_766],
    [0, 4 * 32_766],
    [1, 32_766],
    [1, 65_535],
    [2, 65_535],
    [3, 16_384],
    [3, 65_536],
  ])('search %i of about %i bytes', (search, most) => {
    const photo = filtered(300, 150, 4);
    for (const length of [most - 1, most, most + 1, most + 600]) {
      const bytes = Uint8Array.from({ length }, (_, i) => photo[i % photo.length]!);
      judge(bytes, whole(bytes, search));
    }
  });

  test.each(SEARCHES)('is lossless with repeats at every distance up to 32 KiB and past it: search %i', (search) => {
    const random = new Random(5);
    const farthest = 33_000;
    const bytes = new Uint8Array(40_000 + farthest * 10);
    bytes.set(random.bytes(40_000));
    let at = 40_000;
    for (let distance = 1; distance <= farthest; distance++) {
      for (const end = at + 9; at < end; at++) bytes[at] = bytes[at - distance]!;
      bytes.set(random.bytes(1), at++);
    }
    const written = compress(bytes, whole(bytes, search));
    expect(same(inflateRawSync(written), bytes)).toBe(true);
    // The cheapest path uses the repeats: 10 bytes take less than 6.
    if (search === 3) expect(written.length).toBeLessThan(40_000 + farthest * 6);
  });

  test.each(SEARCHES)('compresses a stream in pieces, with all, some or no history: search %i', (search) => {
    const cuts = [1, 300, 20_000, 20_003, 33_000];
    for (const bytes of [text(40_000, 3), tiles(4096, 40_000)]) {
      for (const ending of [OPEN, FLUSHES]) {
        const pieces = piecesOf(bytes, cuts, search, ending);
        judge(bytes, pieces);
        for (const history of [0, 3, 5000]) {
          judge(
            bytes,
            pieces.map((piece) => ({ ...piece, history: Math.min(history, piece.history) })),
          );
        }
      }
    }
  });

  test('chooses the smallest form for short pieces, where a few bits decide', () => {
    // Nine bits each by the fixed code: stored is smaller from 25 to 32 on, by how many bits wait.
    const bytes = new Random(14).bytes(9000).map((x) => 144 + (x % 112));
    for (const ending of [OPEN, FLUSHES]) {
      const cuts = Array.from({ length: 250 }, (_, i) => 28 * i + 20 + (i % 5));
      const blocks = judge(bytes, piecesOf(bytes, cuts, 2, ending));
      expect(new Set(blocks.map(({ type }) => type)).size).toBeGreaterThan(1);
    }
  });

  test.each(SEARCHES)('works at positions past 2^32: search %i', (search) => {
    for (const bytes of [text(45_000, 4), tiles(20_000, 45_000)]) {
      for (const position of [1, 40_000, 2 ** 32 - 20_000]) {
        judge(bytes, piecesOf(bytes, [25_000], search, OPEN), position);
      }
    }
  });

  test('begins a new block before one could hold too many matches', () => {
    // Words that begin and end in different bytes, each once in every round, and noise: little that is longer than a
    // word repeats.
    const random = new Random(6);
    const short = random.bytes(16_384).map((x, i) => (i % 9 < 3 ? i % 9 : x));
    const words = Array.from(random.bytes(200), (middle, i) => Uint8Array.of(i, middle, i));
    const rounds = Array.from({ length: 150 }, () => {
      const order = words.map((word) => ({ word, at: random.word() })).sort((one, other) => one.at - other.at);
      return mixed(...order.map(({ word }) => word), random.bytes(200));
    });
    const bytes = mixed(short, ...rounds);
    const blocks = judge(bytes, whole(bytes, 3));
    const matches = blocks.map((block) =>
      block.type === 'stored' ? 0 : block.tokens.filter((t) => typeof t !== 'number').length,
    );
    expect(Math.max(...matches)).toBeGreaterThan(21_848 - 5461);
    expect(Math.max(...matches)).toBeLessThanOrEqual(21_848);
  });

  test.each([0, 1])(
    'looks for repeats when there are enough runs, and not when there are too few: search %i',
    (search) => {
      // Four positions are looked at in each of 63 groups of 512 bytes: 12 % of them are 30.24.
      const ends = [28, 29, 30, 31, 32, 33].map((found) => {
        const bytes = new Random(found).bytes(32_766).map((x) => x | 1);
        for (let group = 0; group < 8; group++) {
          const looked = Math.min(4, found - 4 * group);
          if (looked > 0) bytes.fill(0, 512 * group, 512 * group + 24 + 4 * looked);
        }
        const matches = judge(bytes, whole(bytes, search)).flatMap((block) =>
          block.type === 'stored' ? [] : block.tokens,
        );
        return matches.some((token) => typeof token !== 'number' && token.length > 23);
      });
      if (search === 0) expect(ends).toEqual([false, false, false, true, true, true]);
    },
  );

  test('begins a new block where the kind of bytes changes, and nowhere else', () => {
    const noise = new Random(7).bytes(65_536);
    const bytes = noise.map((x, i) => (i < 32_768 ? x >> 2 : 128 + (x >> 2)));
    const blocks = judge(bytes, whole(bytes, 3));
    expect(blocks.map((_, i) => bytesOf(blocks.slice(0, i + 1)).length)).toEqual([32_768, 65_536]);
  });

  test('makes the blocks of the reference from any bytes in any pieces', () => {
    fc.assert(
      fc.property(
        material,
        fc.constantFrom(...SEARCHES),
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 3 }),
        fc.constantFrom(OPEN, FLUSHES),
        (bytes, search, cuts, ending) => {
          const sorted = cuts.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b);
          judge(bytes, piecesOf(bytes, sorted, search, ending));
        },
      ),
      { numRuns: 60, seed: 9 },
    );
  });

  test('stores bytes that do not compress, and is small for those that do', () => {
    const sizeOf = (bytes: Uint8Array, search: number) => compress(bytes, whole(bytes, search)).length;
    expect(sizeOf(inputs['noise']!, 2)).toBeLessThanOrEqual(200_000 + 5 * 5 + 1);
    expect(sizeOf(new Uint8Array(1_000_000), 0)).toBeLessThan(1300);
    expect(sizeOf(inputs['one byte']!, 1)).toBe(3);
    expect(sizeOf(inputs['tiles at distance 32768']!, 3)).toBeLessThan(34_500);
    expect(sizeOf(inputs['tiles at distance 32769']!, 3)).toBeGreaterThan(90_000);
  });
});
