/** Whether a room's tests notice a mutant. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildKernels } from './build.mjs';
import { Tests } from './tests.mjs';

export class Judge {
  #root;
  #wasm;
  #tests;
  #quick;
  #runner;
  #parts = [];
  #plain;
  #optimised;
  /** Of each source and part of tests: how often it was asked and how often it noticed. */
  #experience = new Map();

  /** With `quick` the slow tests are not asked. */
  constructor(root, room, tests, quick) {
    this.#root = root;
    this.#quick = quick;
    this.#wasm = `build/mutate/${room}.wasm`;
    this.#tests = tests;
    this.#runner = new Tests(root, this.#wasm);
  }

  /** Runs everything without a mutant, once. */
  async start() {
    if (this.#plain) return;
    mkdirSync(join(this.#root, dirname(this.#wasm)), { recursive: true });
    this.#plain = await buildKernels(this.#root);
    this.#write(this.#plain);
    for (const test of this.#tests) this.#parts.push(...(await this.#partsOf(test)));
    if (this.#quick) this.#parts = this.#parts.filter(({ quick }) => quick);
  }

  /** The parts of a file of tests, remembered for as long as it stays as it is. */
  async #partsOf(test) {
    const path = join(this.#root, dirname(this.#wasm), `${test.replaceAll('/', '-')}.json`);
    const text = readFileSync(join(this.#root, 'test', `${test}.test.ts`), 'utf8');
    const known = this.#quick && existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
    if (known.text === text) return known.parts;
    const parts = await this.#runner.partsOf(test);
    writeFileSync(path, JSON.stringify({ text, parts }));
    return parts;
  }

  /**
   * `kind`: 'broken' does not compile, 'equivalent' compiles to the same, 'killed' is noticed `by` a test, perhaps a
   * `golden` one, 'survived' by none.
   */
  async judge(mutant) {
    const isKernel = mutant.file.startsWith('assembly/');
    const wasm = isKernel ? await buildKernels(this.#root, mutant.file, mutant.text) : this.#plain;
    if (!wasm) return { kind: 'broken' };
    if (isKernel && same(wasm, this.#plain)) return { kind: 'equivalent' };
    this.#write(wasm);
    for (const golden of [false, true]) {
      const by = await this.#failure(mutant, isKernel ? null : mutant, golden);
      if (by) return { kind: 'killed', by, golden };
    }
    return { kind: isKernel && (await this.#optimisesToTheSame(mutant)) ? 'equivalent' : 'survived' };
  }

  close() {
    this.#runner.close();
  }

  /** The first test that fails; those most likely to notice for their time come first. */
  async #failure({ file }, changed, golden) {
    const experience = ({ test, pattern }) => this.#experience.get(file + test + pattern) ?? { asked: 0, noticed: 0 };
    const worth = (part) => {
      const { asked, noticed } = experience(part);
      return (noticed + 1) / (asked + 2) / part.seconds;
    };
    const parts = this.#parts.filter((part) => part.golden === golden).sort((a, b) => worth(b) - worth(a));
    for (const part of parts) {
      const failure = await this.#runner.failureOf(changed, part);
      const { asked, noticed } = experience(part);
      const now = { asked: asked + 1, noticed: noticed + (failure ? 1 : 0) };
      this.#experience.set(file + part.test + part.pattern, now);
      if (failure) return `${part.test}: ${failure}`;
    }
    return null;
  }

  async #optimisesToTheSame({ file, text }) {
    this.#optimised ??= await buildKernels(this.#root, undefined, undefined, 2);
    return same(await buildKernels(this.#root, file, text, 2), this.#optimised);
  }

  #write(wasm) {
    writeFileSync(join(this.#root, this.#wasm), wasm);
  }
}

function same(a, b) {
  return Buffer.compare(a, b) === 0;
}
