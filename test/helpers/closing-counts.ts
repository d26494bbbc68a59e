import type { Reporter, TestModule } from 'vitest/node';
import { missingEngines } from '../../scripts/browser.mjs';

/** Prints the run's closing counts on one plain line, every skipped test by name and reason, and the engines that were not there. */
export default class ClosingCounts implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const result = test.result();
        counts[result.state]++;
        if (result.state === 'skipped') {
          console.log(`skipped: ${module.project.name}: ${test.fullName}: ${result.note ?? 'no reason given'}`);
        }
      }
    }
    for (const engine of missingEngines()) console.log(`NOT TESTED in ${engine}: it was not found.`);
    const failed = counts.failed + counts.pending;
    console.log(`${counts.passed} passed, ${failed} failed${counts.skipped ? `, ${counts.skipped} skipped` : ''}`);
  }
}
