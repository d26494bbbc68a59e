/** The tests of a room, in a process that lives from mutant to mutant. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** In the names of tests that compare with a hash. */
const GOLDEN = 'golden';
const WITHOUT_GOLDEN = `^(?!.*${GOLDEN})`;

/**
 * The quickest tests of a file, which together take this share of its time or two seconds, are asked before the
 * others.
 */
const QUICK = 0.2;
const QUICK_TIME = 2000;

/** Processor time that tests may take: so many times what they take without a mutant, and some seconds. */
const TIMES = 4;
const SECONDS = 3;
const UNLIMITED = 3600;

/** How a runner ends that is over its limit. */
const TIME_OUT = 3;

export class Tests {
  #root;
  #wasm;
  #process = null;

  /** `wasm`: where the kernels of the mutant are, seen from the root. */
  constructor(root, wasm) {
    this.#root = root;
    this.#wasm = wasm;
  }

  /**
   * Runs a file of tests without a mutant, which must pass. Its parts: a `test` file, a `pattern` of names, whether
   * they are `golden` and `quick`, and the processor `seconds` that they take.
   */
  async partsOf(test) {
    const parts = [];
    for (const golden of [false, true]) {
      const pattern = golden ? GOLDEN : WITHOUT_GOLDEN;
      const { failure, seconds, times } = await this.#run({ changed: null, test, pattern, limit: UNLIMITED });
      if (failure) throw new Error(`${test} fails without a mutant: ${failure}`);
      if (times.length > 0) parts.push(...divide({ test, pattern, golden, quick: true, seconds }, times));
    }
    return parts;
  }

  /** The test of a part that fails, `'time limit'`, or null. */
  async failureOf(changed, { test, pattern, seconds }) {
    const limit = seconds * TIMES + SECONDS;
    return (await this.#run({ changed, test, pattern, limit })).failure;
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
    return { failure: answer === TIME_OUT ? 'time limit' : 'the process of the tests ended', seconds: 0, times: [] };
  }

  async #start() {
    const script = fileURLToPath(new URL('runner.mjs', import.meta.url));
    const runner = fork(script, [this.#root, this.#wasm], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    await once(runner, 'message');
    return runner;
  }
}

/** The quick tests and the slow ones of a part. */
function divide(part, times) {
  const all = times.reduce((sum, [, time]) => sum + time, 0);
  const quick = Math.max(all * QUICK, QUICK_TIME);
  const slow = [];
  let sum = 0;
  for (const [name, time] of times.sort((a, b) => a[1] - b[1])) {
    sum += time;
    if (sum > quick) slow.push(name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  }
  if (slow.length === 0 || slow.length === times.length) return [part];
  const names = `(${slow.join('|')})$`;
  return [
    {
      ...part,
      pattern: `^(?!${names})${part.golden ? `.*${GOLDEN}` : `(?!.*${GOLDEN})`}`,
      seconds: (part.seconds * quick) / all,
    },
    { ...part, quick: false, pattern: `^${names}` },
  ];
}
