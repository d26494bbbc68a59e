import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node';
import { missingEngines } from '../../scripts/browser.mjs';

type Errors = readonly { readonly message: string; readonly stack?: string }[];

/**
 * Closes the run with what a reader of its last screen needs: the skipped tests by reason, the engines that were not
 * there, what passed at a second try only, what failed and why, and the counts on one plain line.
 */
export default class ClosingCounts implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], runErrors: Errors, reason: TestRunEndReason): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    const skipped = new Map<string, string[]>();
    const failed: string[] = [];
    const retried: string[] = [];
    for (const module of modules) {
      const where = `${module.project.name}: ${module.relativeModuleId}`;
      failed.push(...module.errors().map(describeFailure.bind(null, where)));
      for (const test of module.children.allTests()) {
        const { state, errors, ...result } = test.result();
        counts[state]++;
        if (state === 'skipped') {
          const why = `${module.project.name}: ${('note' in result && result.note) || 'no reason given'}`;
          skipped.set(why, [...(skipped.get(why) ?? []), test.fullName]);
        }
        if (test.diagnostic()?.flaky) retried.push(`${where} > ${test.fullName}: ${errors?.[0]?.message ?? ''}`);
        if (state === 'pending') failed.push(`${where} > ${test.fullName}: was not run`);
        if (state === 'failed') failed.push(...errors.map(describeFailure.bind(null, `${where} > ${test.fullName}`)));
      }
    }
    failed.push(...runErrors.map(describeFailure.bind(null, 'outside of all tests')));
    for (const [why, tests] of skipped) console.log(`skipped: ${why}: ${tests.join('; ')}`);
    for (const engine of missingEngines()) console.log(`NOT TESTED in ${engine}: it was not found.`);
    for (const test of retried) console.log(`PASSED AT THE SECOND TRY ONLY: ${test.replaceAll(/\s+/g, ' ')}`);
    for (const failure of failed) console.log(`FAILED: ${failure}`);
    if (reason === 'interrupted') console.log('The run was interrupted.');
    const unsuccessful = counts.failed + counts.pending;
    console.log(
      `${counts.passed} passed, ${unsuccessful} failed${counts.skipped ? `, ${counts.skipped} skipped` : ''}`,
    );
  }
}

/** One line on what failed where: the message, and the place in our own files. */
function describeFailure(where: string, { message, stack }: Errors[number]): string {
  const place = stack?.split('\n').find((line) => /\/(test|src|worker|scripts)\//.test(line));
  return `${where}: ${message.replaceAll(/\s+/g, ' ').slice(0, 600)}${place ? ` (${place.trim()})` : ''}`;
}
