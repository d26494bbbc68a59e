import { relative } from 'node:path';
import type { Reporter, ReportedHookContext, TestCase, TestModule } from 'vitest/node';

/**
 * How much longer than its own limit a test or a hook may be silent, in ms: a busy machine sends its last word late.
 */
const GRACE_MS = 15_000;

/** The longest limit that a hook before all tests has, in ms: building and installing the package. */
const HOOK_LIMIT_MS = 120_000;

/** What a file of tests does at the moment, and until when it has to have said something. */
type Activity = { words: string; until: number };

/**
 * Ends a run in which a test neither ends nor runs out of time, since its loop lets nothing else happen: Vitest itself
 * would wait for ever. The last line but the counts says where it stood.
 */
export default class HangWatch implements Reporter {
  readonly #activities = new Map<TestModule, Activity>();
  /** Files that have ended; of their last tests the reporter may hear after that. */
  readonly #ended = new Set<TestModule>();
  readonly #end: (words: string) => void;
  readonly #grace: number;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param end ends the run, which cannot go on by itself, with these words on what hangs */
  constructor(end: (words: string) => void, grace = GRACE_MS) {
    this.#end = end;
    this.#grace = grace;
  }

  onTestRunStart(): void {
    this.#timer ??= setInterval(() => this.#look(), 1000);
    this.#timer.unref();
  }

  onTestRunEnd(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#activities.clear();
  }

  onTestModuleStart(module: TestModule): void {
    this.#ended.delete(module);
    this.#note(module, 'before its first test', module.project.config.testTimeout);
  }

  onTestModuleEnd(module: TestModule): void {
    this.#ended.add(module);
    this.#activities.delete(module);
  }

  onTestCaseReady(test: TestCase): void {
    this.#note(test.module, `in “${test.fullName}”`, test.options.timeout ?? test.project.config.testTimeout);
  }

  onTestCaseResult(test: TestCase): void {
    this.#note(test.module, `after “${test.fullName}”`, test.project.config.testTimeout);
  }

  onHookStart({ name, entity }: ReportedHookContext): void {
    // Those of a single test belong to it.
    if (entity.type === 'test') return;
    this.#note(entity.type === 'module' ? entity : entity.module, `in ${name}`, HOOK_LIMIT_MS);
  }

  #note(module: TestModule, words: string, limit: number): void {
    if (this.#ended.has(module)) return;
    this.#activities.set(module, { words, until: Date.now() + limit + this.#grace });
  }

  #look(): void {
    for (const [module, { words, until }] of this.#activities) {
      if (Date.now() < until) continue;
      this.#activities.clear();
      this.#end(`${module.project.name}: ${relative(process.cwd(), module.moduleId)}: hangs, ${words}`);
    }
  }
}
