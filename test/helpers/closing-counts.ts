import { spawnSync } from 'node:child_process';
import { relative } from 'node:path';
import type { Reporter, TestModule, TestRunEndReason, TestSpecification } from 'vitest/node';
import { missingEngines } from '../../scripts/browser.mjs';
import { isUndone } from '../../scripts/undone.mjs';

type Errors = readonly { readonly message: string; readonly stack?: string }[];

/**
 * Closes the run with what a reader of its last screen needs: the skipped tests by reason, the engines that were not
 * there, what passed at a second try only, what failed and why, and the counts on one plain line. A run of what a
 * browser left undone is counted together with the run before. The exit code is that of these lines.
 */
export default class ClosingCounts implements Reporter {
  readonly #specifications = new Map<string, TestSpecification>();
  readonly #runAgain: string[] = [];
  #errors: Errors = [];

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    for (const specification of specifications) {
      const where = placeOf(specification);
      if (this.#specifications.has(where)) this.#runAgain.push(where);
      this.#specifications.set(where, specification);
    }
    this.#errors = this.#errors.filter((error) => !tellsOfUndone(error));
  }

  /** Ends the process of a run that cannot end by itself, with these words on what hangs. */
  stop(words: string): never {
    this.onTestRunEnd([], [{ message: words }], 'failed');
    // Vitest's own processes do not hear that this one ends while they spin.
    spawnSync('pkill', ['-KILL', '-P', String(process.pid), '-f', 'vitest']);
    process.exit(1);
  }

  onTestRunEnd(_: readonly TestModule[], errors: Errors, reason: TestRunEndReason): void {
    this.#errors = [...this.#errors, ...errors];
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    const skipped = new Map<string, string[]>();
    const failed: string[] = [];
    const retried: string[] = [];
    for (const [where, specification] of this.#specifications) {
      const { project, testModule } = specification;
      if (isUndone(specification)) failed.push(`${where}: was not done`);
      if (!testModule) continue;
      failed.push(...testModule.errors().map(describeFailure.bind(null, where)));
      for (const test of testModule.children.allTests()) {
        const { state, errors, ...result } = test.result();
        counts[state]++;
        if (state === 'skipped') {
          const left = test.tags.includes('slow') && project.vitest.config.tagsFilter ? 'slow, left out' : undefined;
          const why = `${project.name}: ${('note' in result && result.note) || left || 'no reason given'}`;
          skipped.set(why, [...(skipped.get(why) ?? []), test.fullName]);
        }
        if (test.diagnostic()?.flaky) retried.push(`${where} > ${test.fullName}: ${errors?.[0]?.message ?? ''}`);
        if (state === 'failed') failed.push(...errors.map(describeFailure.bind(null, `${where} > ${test.fullName}`)));
      }
    }
    failed.push(...this.#errors.map(describeFailure.bind(null, 'outside of all tests')));
    for (const [why, tests] of skipped) console.log(`skipped: ${why}: ${tests.join('; ')}`);
    for (const engine of missingEngines()) console.log(`NOT TESTED in ${engine}: it was not found.`);
    if (this.#runAgain.length > 0) console.log(`RUN AGAIN, FOR A BROWSER HAD ENDED: ${this.#runAgain.join('; ')}`);
    for (const test of retried) console.log(`PASSED AT THE SECOND TRY ONLY: ${test.replaceAll(/\s+/g, ' ')}`);
    for (const failure of failed) console.log(`FAILED: ${failure}`);
    if (reason === 'interrupted') console.log('The run was interrupted.');
    const unsuccessful = counts.failed + counts.pending;
    console.log(
      `${counts.passed} passed, ${unsuccessful} failed${counts.skipped ? `, ${counts.skipped} skipped` : ''}`,
    );
    process.exitCode = unsuccessful > 0 || failed.length > 0 || reason === 'interrupted' ? 1 : 0;
  }
}

function placeOf({ project, moduleId }: TestSpecification): string {
  return `${project.name}: ${relative(process.cwd(), moduleId)}`;
}

/** What Vitest says of a file whose browser ended. */
function tellsOfUndone({ message }: Errors[number]): boolean {
  return message.startsWith('Failed to run the test');
}

/** One line on what failed where: the message, and the place in our own files. */
function describeFailure(where: string, { message, stack }: Errors[number]): string {
  const own = /^(?!.*where-it-stood).*\/(test|src|worker|scripts)\//;
  const place = stack?.split('\n').find((line) => own.test(line));
  return `${where}: ${message.replaceAll(/\s+/g, ' ').slice(0, 600)}${place ? ` (${place.trim()})` : ''}`;
}
