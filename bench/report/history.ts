import type { ResultFile, ResultRow } from '../../src/bench/result-file.ts';
import type { Interval } from '../../src/bench/statistics.ts';
import { deviceOf } from './device.ts';
import { escape } from './escape.ts';

const [WIDTH, HEIGHT, MARGIN] = [320, 90, 8];

type Point = { commit: string; ratio: Interval };

/**
 * Lines of what our contestants took beside the first one, run after run: only what was measured at least twice in the
 * same engine and on the same machine. Nothing where there is no such thing.
 */
export function history(runs: readonly ResultFile[]): string {
  const lines = new Map<string, Point[]>();
  const isOneMachine = new Set(runs.map(({ machine }) => machine.cpu ?? machine.system)).size === 1;
  for (const run of runs) {
    const { engine, rows, clock, commit } = run;
    for (const row of rows) {
      const measured = row.measures[clock] ?? row.measures['wall'] ?? Object.values(row.measures)[0];
      if (row.peer || row.contestant === row.baseline || !measured?.ratio) continue;
      const name = [isOneMachine ? engine.split(' ')[0] : deviceOf(run), title(row)].join(': ');
      lines.set(name, [...(lines.get(name) ?? []), { commit: commit ?? '?', ratio: measured.ratio }]);
    }
  }
  const drawn = [...lines].filter(([, points]) => points.length > 1);
  return drawn.length === 0
    ? ''
    : `<div class="lines">${drawn.map(([name, points]) => line(name, points)).join('')}</div>`;
}

function title({ frame, task, contestant }: ResultRow): string {
  return `${task}, ${contestant} (${frame})`;
}

/** One line with its band of intervals; the axis begins at 0, so that slopes tell the truth. */
function line(name: string, points: readonly Point[]): string {
  const top = Math.max(...points.map(({ ratio }) => ratio.high)) * 1.05 || 1;
  const x = (i: number): number => MARGIN + (i * (WIDTH - 2 * MARGIN)) / (points.length - 1);
  const y = (value: number): number => HEIGHT - MARGIN - (value / top) * (HEIGHT - 2 * MARGIN);
  const at = (i: number, value: number): string => `${x(i).toFixed(1)},${y(value).toFixed(1)}`;
  const band = [
    ...points.map(({ ratio }, i) => at(i, ratio.high)),
    ...points.map(({ ratio }, i) => at(i, ratio.low)).reverse(),
  ];
  const dots = points.map(({ ratio, commit }, i) => {
    const label = `${commit}: ${ratio.median.toFixed(2)} (${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)})`;
    return `<circle cx="${x(i).toFixed(1)}" cy="${y(ratio.median).toFixed(1)}" r="3"><title>${escape(label)}</title></circle>`;
  });
  const [first, last] = [points[0]!, points.at(-1)!];
  const medians = points.map(({ ratio }, i) => at(i, ratio.median)).join(' ');
  const [before, now] = [first, last].map(({ commit, ratio }) => `${escape(commit)}: ${ratio.median.toFixed(2)}`);
  return `<figure class="line"><figcaption>${escape(name)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(name)}">
<line x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${y(0)}" y2="${y(0)}"/>
<polygon points="${band.join(' ')}"/><polyline points="${medians}"/>${dots.join('')}</svg>
<div class="ends"><span>${before}</span><span>${now}</span></div></figure>`;
}
