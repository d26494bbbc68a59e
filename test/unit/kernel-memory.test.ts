import { describe, expect, test } from 'vitest';
import { DEFAULT_MAXIMUM_BYTES, KernelMemory } from '../../worker/memory/memory.ts';

const PAGE = 65536;
/** What stays free behind everything. */
const OVERREAD = 64;

function memoryOf(pages: number, base = 1000): KernelMemory {
  const memory = new KernelMemory(pages * PAGE);
  memory.setBase(base);
  return memory;
}

describe('a stack', () => {
  test('begins behind the tables and returns multiples of 16', () => {
    const memory = memoryOf(8);
    expect([memory.alloc(1), memory.alloc(16), memory.alloc(17), memory.alloc(0), memory.alloc(5)]).toEqual([
      1008, 1024, 1040, 1072, 1072,
    ]);
    expect(memory.mark()).toBe(1088);
    expect(memoryOf(8, 1024).alloc(1)).toBe(1024);
  });

  test('can be released to a mark, and reset to its beginning', () => {
    const memory = memoryOf(8);
    memory.alloc(100);
    const mark = memory.mark();
    memory.alloc(1000);
    memory.release(mark);
    expect(memory.alloc(1)).toBe(mark);
    memory.reset();
    expect(memory.alloc(1)).toBe(1008);
  });

  test('can extend its last allocation', () => {
    const memory = memoryOf(8);
    const address = memory.alloc(16);
    memory.extend(33);
    expect(memory.alloc(1)).toBe(address + 64);
  });

  test('has at most 1 GiB, or the whole pages that the owner allows', () => {
    expect(DEFAULT_MAXIMUM_BYTES).toBe(2 ** 30);
    expect(new KernelMemory().maximumBytes).toBe(2 ** 30);
    expect(new KernelMemory(10 * PAGE - 1).maximumBytes).toBe(9 * PAGE);
  });
});

describe('growth', () => {
  test('adds no page beyond what is allocated and 64 bytes of overread', () => {
    const memory = memoryOf(20, 0);
    expect(memory.byteLength).toBe(4 * PAGE);
    memory.alloc(4 * PAGE - OVERREAD);
    expect(memory.byteLength).toBe(4 * PAGE);
    memory.alloc(16);
    expect(memory.byteLength).toBe(5 * PAGE);
    memory.alloc(10 * PAGE);
    expect(memory.byteLength).toBe(15 * PAGE);
  });

  test('happens when memory is reserved, and not again for what fits', () => {
    const memory = memoryOf(20, 0);
    memory.reserve(10 * PAGE - OVERREAD);
    expect(memory.byteLength).toBe(10 * PAGE);
    expect(memory.mark()).toBe(0);
    const { buffer } = memory.memory;
    memory.alloc(10 * PAGE - OVERREAD);
    expect(memory.memory.buffer).toBe(buffer);
  });

  test('ends at the maximum with an error that says what is needed and what there is', () => {
    const memory = memoryOf(32, 0);
    memory.alloc(32 * PAGE - OVERREAD - 16);
    memory.reserve(16);
    expect(() => memory.reserve(17)).toThrow(RangeError);
    expect(() => memory.alloc(PAGE)).toThrow('needs 3 MiB of working memory; the limit is 2 MiB');
    expect(memory.alloc(16)).toBe(32 * PAGE - OVERREAD - 16);
    expect(() => memoryOf(32, 24 * PAGE).alloc(8 * PAGE)).toThrow('needs 1 MiB');
  });

  test.each([NaN, -1, undefined as unknown as number])('throws for %s bytes', (bytes) => {
    expect(() => memoryOf(8).alloc(bytes)).toThrow(RangeError);
  });
});

test('views show the present memory after it has grown', () => {
  const memory = memoryOf(20, 0);
  const address = memory.alloc(64);
  memory.bytes(address, 8).set([1, 2, 3, 4, 5, 6, 7, 8]);
  memory.alloc(10 * PAGE);
  const bytes = memory.bytes(address + 1, 3);
  expect([...bytes]).toEqual([2, 3, 4]);
  expect(bytes.buffer).toBe(memory.memory.buffer);
  expect([...memory.words(address + 4, 1)]).toEqual([0x08070605]);
});

test('a record is written from its address on and read again, also when memory has grown', () => {
  type Pair = { first: number; second: number };
  const write = (words: Int32Array, at: number, { first, second }: Pair): void => words.set([first, second], at);
  const read = (words: Int32Array, at: number): Pair => ({ first: words[at]!, second: words[at + 1]! });
  const memory = memoryOf(20, 0);
  const address = memory.alloc(32) + 4;
  memory.write(address, write, { first: 1, second: -2 });
  memory.alloc(10 * PAGE);
  expect(memory.read(address, read)).toEqual({ first: 1, second: -2 });
  memory.write(address, write, { first: 3, second: 2 ** 31 });
  expect([...memory.words(address - 4, 4)]).toEqual([0, 3, -(2 ** 31), 0]);
});
