/** The tests of a room, in a process that lives from mutant to mutant. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Processor time that a file of tests may take: so many times what it takes without a mutant, and some seconds. */
const TIMES = 4;
const SECONDS = 3;
const UNLIMITED = 3600;

/** How a runner ends that is over its limit. */
const TIME_OUT = 3;

export class Tests {
  #root;
  #wasm;
  #process = null;
  /** Seconds of each file without a mutant, by name and pass. */
  #usual = new Map();

  /** `wasm`: where the kernels of the mutant are, seen from the root. */
  constructor(root, wasm) {
    this.#root = root;
    this.#wasm = wasm;
  }

  /** Runs a file of tests without a mutant, which must pass. */
  async measure(test, golden) {
    const { failure, seconds, ran } = await this.#run({ changed: null, test, golden, limit: UNLIMITED });
    if (failure) throw new Error(`${test} fails without a mutant: ${failure}`);
    if (ran > 0) this.#usual.set(`${test} ${golden}`, seconds);
  }

  /** Whether a file has tests of a pass. */
  has(test, golden) {
    return this.#usual.has(`${test} ${golden}`);
  }

  /** Seconds that a file takes without a mutant. */
  usual(test, golden) {
    return this.#usual.get(`${test} ${golden}`);
  }

  /** The test that fails, `'time limit'`, or null. */
  async failureOf(changed, test, golden) {
    const limit = this.usual(test, golden) * TIMES + SECONDS;
    return (await this.#run({ changed, test, golden, limit })).failure;
  }

  close() {
    this.#process?.kill('SIGKILL');
    this.#process = null;
  }

  async #run(job) {
    const runner = (this.#process ??= await this.#start());
    const over = new AbortController();
    const answered = Promise.race(['message', 'exit'].map((event) => once(runner, event, { signal: over.signal })));
    runner.send(job);
    const [answer] = await answered;
    over.abort();
    if (typeof answer === 'object' && answer !== null) return answer;
    this.#process = null;
    return { failure: answer === TIME_OUT ? 'time limit' : 'the process of the tests ended', seconds: 0 };
  }

  async #start() {
    const script = fileURLToPath(new URL('runner.mjs', import.meta.url));
    const runner = fork(script, [this.#root, this.#wasm], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    await once(runner, 'message');
    return runner;
  }
}
