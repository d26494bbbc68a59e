/** Whether a room's tests notice a mutant. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildKernels } from './build.mjs';
import { Tests } from './tests.mjs';

export class Judge {
  #root;
  #wasm;
  #tests;
  #runner;
  #plain;
  #optimised;
  /** Of each source and test: how often it was asked and how often it noticed. */
  #experience = new Map();

  constructor(root, room, tests) {
    this.#root = root;
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
    for (const test of this.#tests) {
      await this.#runner.measure(test, false);
      await this.#runner.measure(test, true);
    }
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

  /** The first test that fails; the files most likely to notice for their time come first. */
  async #failure({ file }, changed, golden) {
    const experience = (test) => this.#experience.get(`${file} ${test}`) ?? { asked: 0, noticed: 0 };
    const worth = (test) => {
      const { asked, noticed } = experience(test);
      return (noticed + 1) / (asked + 2) / this.#runner.usual(test, golden);
    };
    const tests = this.#tests.filter((test) => this.#runner.has(test, golden)).sort((a, b) => worth(b) - worth(a));
    for (const test of tests) {
      const failure = await this.#runner.failureOf(changed, test, golden);
      const { asked, noticed } = experience(test);
      this.#experience.set(`${file} ${test}`, { asked: asked + 1, noticed: noticed + (failure ? 1 : 0) });
      if (failure) return `${test}: ${failure}`;
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
