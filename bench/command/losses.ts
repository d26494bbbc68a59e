import { compareResults, type Change } from '../../src/bench/compare.ts';
import type { ResultFile } from '../../src/bench/result-file.ts';
import type { QuestionName } from '../hosts/request.ts';

/**
 * What changed between two runs. What got lost is measured again, for one run may have a bad day as a whole: only what
 * is lost again counts as a loss.
 * @param again asks questions once more, in a fresh host; gives nothing when it could not
 */
export async function confirmedChanges(
  before: ResultFile,
  after: ResultFile,
  again: (questions: QuestionName[]) => Promise<ResultFile | undefined>,
): Promise<Change[]> {
  const changes = compareResults(before, after);
  const lost = new Set(changes.filter(({ loss }) => loss).map(({ question }) => question as QuestionName));
  const second = lost.size > 0 ? await again([...lost]) : undefined;
  if (!second) return changes;
  const losses = new Set(
    compareResults(before, second)
      .filter(({ loss }) => loss)
      .map(nameOf),
  );
  return changes.map((change) =>
    change.loss && !losses.has(nameOf(change)) ? { ...change, loss: false, verdict: 'same' } : change,
  );
}

function nameOf({ question, task, frame, contestant, measure }: Change): string {
  return [question, task, frame, contestant, measure].join(' | ');
}
