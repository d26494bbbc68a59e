/** Kernels of which one traps: the module with `unreachable` put before the code of an exported function. */
export function trapIn(wasm: Uint8Array, name: string): Uint8Array<ArrayBuffer> {
  return putBefore(wasm, name, [0x00]);
}

/** Kernels of which one never returns: `loop br 0 end`. */
export function spinIn(wasm: Uint8Array, name: string): Uint8Array<ArrayBuffer> {
  return putBefore(wasm, name, [0x03, 0x40, 0x0c, 0x00, 0x0b]);
}

function putBefore(wasm: Uint8Array, name: string, code: readonly number[]): Uint8Array<ArrayBuffer> {
  const sections = readSections(wasm);
  const index = exportedFunction(sections.get(EXPORTS)!, name);
  const out: number[] = [...wasm.subarray(0, 8)];
  for (const [id, body] of sections) {
    const content = id === CODE ? withCode(body, index, code) : [...body];
    out.push(id, ...leb(content.length));
    for (const byte of content) out.push(byte);
  }
  return new Uint8Array(out);
}

const EXPORTS = 7;
const CODE = 10;

function readSections(wasm: Uint8Array): Map<number, Uint8Array> {
  const sections = new Map<number, Uint8Array>();
  const reader = new Reader(wasm, 8);
  while (reader.at < wasm.length) {
    const id = reader.byte();
    const body = reader.bytes(reader.leb());
    // Custom sections may repeat and mean nothing to the engine.
    if (id !== 0) sections.set(id, body);
  }
  return sections;
}

/** The kernels import a memory alone, so that functions are numbered as their bodies are. */
function exportedFunction(section: Uint8Array, name: string): number {
  const reader = new Reader(section);
  for (let left = reader.leb(); left > 0; left--) {
    const exported = new TextDecoder().decode(reader.bytes(reader.leb()));
    const kind = reader.byte();
    const index = reader.leb();
    if (kind === 0 && exported === name) return index;
  }
  throw new Error(`No function ${name} is exported.`);
}

function withCode(section: Uint8Array, index: number, code: readonly number[]): number[] {
  const reader = new Reader(section);
  const count = reader.leb();
  const out = leb(count);
  for (let i = 0; i < count; i++) {
    const body = reader.bytes(reader.leb());
    if (i !== index) {
      out.push(...leb(body.length));
      for (const byte of body) out.push(byte);
      continue;
    }
    const locals = new Reader(body);
    for (let groups = locals.leb(); groups > 0; groups--) {
      locals.leb();
      locals.byte();
    }
    out.push(...leb(body.length + code.length), ...body.subarray(0, locals.at), ...code);
    for (const byte of body.subarray(locals.at)) out.push(byte);
  }
  return out;
}

function leb(value: number): number[] {
  const out: number[] = [];
  for (; value > 0x7f; value >>>= 7) out.push((value & 0x7f) | 0x80);
  return [...out, value];
}

class Reader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte(): number {
    return this.#bytes[this.at++]!;
  }

  bytes(length: number): Uint8Array {
    return this.#bytes.subarray(this.at, (this.at += length));
  }

  leb(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }
}
