/**
 * The coefficients of a baseline or progressive JPEG, decoded by the procedures of T.81 Annexes F and G, a bit at a
 * time.
 */

/**
 * One component: sampling factors, blocks that the picture reaches, blocks stored in whole MCUs, their coefficients in
 * zigzag order.
 */
export type DecodedComponent = {
  id: number;
  h: number;
  v: number;
  realAcross: number;
  realDown: number;
  across: number;
  blocks: number[][];
};

/** What a file holds. `scans` are (components, Ss, Se, Ah, Al). */
export type DecodedFile = {
  marker: number;
  width: number;
  height: number;
  components: DecodedComponent[];
  scans: { components: number[]; from: number; to: number; high: number; low: number }[];
  /** Quantiser steps in zigzag order, by destination. */
  quantisers: number[][];
  /** MCUs between two restart markers, or 0. */
  restartInterval: number;
};

type Codes = Map<string, number>;

class Bits {
  readonly #text: string;
  #at = 0;

  constructor(bytes: number[]) {
    this.#text = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  }

  take(count: number): number {
    if (this.#at + count > this.#text.length) throw new Error('The scan is too short.');
    this.#at += count;
    return count === 0 ? 0 : parseInt(this.#text.slice(this.#at - count, this.#at), 2);
  }

  symbol(codes: Codes): number {
    for (let length = 1; length <= 16; length++) {
      const symbol = codes.get(this.#text.slice(this.#at, this.#at + length));
      if (symbol !== undefined) {
        this.#at += length;
        return symbol;
      }
    }
    throw new Error('No such code.');
  }

  /** RECEIVE and EXTEND (F.2.2.1). */
  value(size: number): number {
    const bits = this.take(size);
    return size > 0 && bits < 2 ** (size - 1) ? bits - 2 ** size + 1 : bits;
  }

  /** Whether only filling 1-bits, less than a byte, are left. */
  get isDone(): boolean {
    return /^1{0,7}$/.test(this.#text.slice(this.#at));
  }
}

/** Decodes all scans of a file. Throws on anything that does not fit the standard. */
export function decodeCoefficients(jpeg: Uint8Array): DecodedFile {
  const tables = new Map<number, Codes>();
  const file: DecodedFile = {
    marker: 0,
    width: 0,
    height: 0,
    components: [],
    scans: [],
    quantisers: [],
    restartInterval: 0,
  };
  let at = 2;
  for (;;) {
    if (jpeg[at] !== 0xff) throw new Error(`No marker at ${at}.`);
    const marker = jpeg[at + 1]!;
    if (marker === 0xd9) {
      if (at + 2 !== jpeg.length) throw new Error('Bytes behind EOI.');
      return file;
    }
    const length = jpeg[at + 2]! * 256 + jpeg[at + 3]!;
    const body = jpeg.subarray(at + 4, at + 2 + length);
    at += 2 + length;
    if (marker === 0xc4) readTable(body, tables);
    if (marker === 0xdb) file.quantisers[body[0]!] = [...body.subarray(1, 65)];
    if (marker === 0xdd) file.restartInterval = body[0]! * 256 + body[1]!;
    if (marker === 0xc0 || marker === 0xc2) readFrame(body, marker, file);
    if (marker === 0xda) {
      const intervals: number[][] = [[]];
      for (;;) {
        if (jpeg[at] !== 0xff || jpeg[at + 1] === 0) {
          intervals.at(-1)!.push(jpeg[at]!);
          at += jpeg[at] === 0xff ? 2 : 1;
        } else if ((jpeg[at + 1]! & 0xf8) === 0xd0) {
          if ((jpeg[at + 1]! & 7) !== ((intervals.length - 1) & 7))
            throw new Error('Restart markers are out of order.');
          intervals.push([]);
          at += 2;
        } else break;
      }
      readScan(body, intervals, tables, file);
    }
  }
}

function readTable(body: Uint8Array, tables: Map<number, Codes>): void {
  const codes: Codes = new Map();
  let code = 0;
  let next = 17;
  for (let length = 1; length <= 16; length++, code *= 2) {
    for (let i = 0; i < body[length]!; i++) codes.set((code++).toString(2).padStart(length, '0'), body[next++]!);
  }
  if (next !== body.length) throw new Error('One table for each DHT is what we write.');
  tables.set(body[0]!, codes);
}

function readFrame(body: Uint8Array, marker: number, file: DecodedFile): void {
  file.marker = marker;
  file.height = body[1]! * 256 + body[2]!;
  file.width = body[3]! * 256 + body[4]!;
  const factors = Array.from({ length: body[5]! }, (_, i) => body.subarray(6 + i * 3, 9 + i * 3));
  const most = (of: (f: Uint8Array) => number): number => Math.max(...factors.map(of));
  const [hMax, vMax] = [most((f) => f[1]! >> 4), most((f) => f[1]! & 15)];
  for (const [id, sampling] of factors as unknown as [number, number][]) {
    const [h, v] = [sampling >> 4, sampling & 15];
    const realAcross = Math.ceil(Math.ceil((file.width * h) / hMax) / 8);
    const realDown = Math.ceil(Math.ceil((file.height * v) / vMax) / 8);
    const across = Math.ceil(file.width / (8 * hMax)) * h;
    const down = Math.ceil(file.height / (8 * vMax)) * v;
    const blocks = Array.from({ length: across * down }, () => new Array<number>(64).fill(0));
    file.components.push({ id, h, v, realAcross, realDown, across, blocks });
  }
}

function readScan(body: Uint8Array, intervals: number[][], tables: Map<number, Codes>, file: DecodedFile): void {
  let interval = 0;
  let bits = new Bits(intervals[0]!);
  const count = body[0]!;
  const members = Array.from({ length: count }, (_, i) => ({
    component: file.components.find(({ id }) => id === body[1 + i * 2])!,
    dc: tables.get(body[2 + i * 2]! >> 4),
    ac: tables.get(0x10 | (body[2 + i * 2]! & 15)),
    predictor: 0,
    run: 0,
  }));
  const [from, to] = [body[1 + count * 2]!, body[2 + count * 2]!];
  const [high, low] = [body[3 + count * 2]! >> 4, body[3 + count * 2]! & 15];
  const ids = members.map(({ component }) => file.components.indexOf(component));
  file.scans.push({ components: ids, from, to, high, low });

  const decode = (member: (typeof members)[number], block: number[]): void => {
    let k = from;
    if (k === 0) {
      if (high > 0) throw new Error('DC is not refined here.');
      member.predictor += bits.value(bits.symbol(member.dc!));
      block[0] = member.predictor * 2 ** low;
      k++;
    }
    if (high === 0) decodeFirst(member, block, k);
    else decodeRefinement(member, block, k);
  };
  const decodeFirst = (member: (typeof members)[number], block: number[], first: number): void => {
    if (first > to) return;
    if (member.run > 0) {
      member.run--;
      return;
    }
    for (let k = first; k <= to; k++) {
      const symbol = bits.symbol(member.ac!);
      const [run, size] = [symbol >> 4, symbol & 15];
      if (size === 0 && run < 15) {
        member.run = 2 ** run + bits.take(run) - 1;
        return;
      }
      k += run;
      if (k > to) throw new Error('A run leaves its band.');
      block[k] = bits.value(size) * 2 ** low;
    }
  };
  const decodeRefinement = (member: (typeof members)[number], block: number[], first: number): void => {
    const correct = (k: number): void => {
      if (bits.take(1)) block[k]! += Math.sign(block[k]!) * 2 ** low;
    };
    let k = first;
    while (member.run === 0 && k <= to) {
      const symbol = bits.symbol(member.ac!);
      const size = symbol & 15;
      let run = symbol >> 4;
      if (size === 0 && run < 15) {
        member.run = 2 ** run + bits.take(run);
        break;
      }
      const fresh = size === 0 ? 0 : bits.take(1) ? 2 ** low : -(2 ** low);
      for (; ; k++) {
        if (k > to) throw new Error('A run leaves its band.');
        if (block[k] !== 0) correct(k);
        else if (run-- === 0) break;
      }
      block[k++] = fresh;
    }
    if (member.run > 0) {
      for (; k <= to; k++) if (block[k] !== 0) correct(k);
      member.run--;
    }
  };

  if (count === 1) {
    const [member] = members;
    const { realAcross, realDown, across, blocks } = member!.component;
    for (let y = 0; y < realDown; y++) {
      for (let x = 0; x < realAcross; x++) decode(member!, blocks[y * across + x]!);
    }
  } else {
    const { across, blocks, h, v } = members[0]!.component;
    let mcus = 0;
    for (let row = 0; row < blocks.length / across / v; row++) {
      for (let column = 0; column < across / h; column++) {
        if (file.restartInterval > 0 && mcus > 0 && mcus % file.restartInterval === 0) {
          if (!bits.isDone) throw new Error('The interval is too long.');
          bits = new Bits(intervals[++interval] ?? []);
          for (const member of members) member.predictor = 0;
        }
        mcus++;
        for (const member of members) {
          const c = member.component;
          for (let y = row * c.v; y < (row + 1) * c.v; y++) {
            for (let x = column * c.h; x < (column + 1) * c.h; x++) decode(member, c.blocks[y * c.across + x]!);
          }
        }
      }
    }
  }
  if (members.some(({ run }) => run > 0) || !bits.isDone || interval !== intervals.length - 1)
    throw new Error('The scan is too long.');
}
