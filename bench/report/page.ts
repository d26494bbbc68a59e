import type { ResultFile } from '../../src/bench/result-file.ts';
import { bars } from './bars.ts';
import { deviceOf } from './device.ts';
import { history } from './history.ts';
import { escape } from './escape.ts';
import { DIFFERENCE_GAIN, type Sheet } from './sheets.ts';
import { STYLE } from './style.ts';

/** A run and the pictures it kept. */
export type Run = { results: ResultFile; images: Sheet[] };

const TITLES: Record<string, string> = {
  jpeg: 'JPEG',
  png: 'PNG',
  scale: 'Scaling',
  'red-eye': 'Red-eye reduction',
  path: 'The whole path',
  shrink: 'Shrinking a file',
  readout: 'Reading pixels',
  share: 'One photo, several workers',
  kernels: 'Kernels',
  burst: 'Bursts',
  latency: 'Latency',
  jank: 'Jank',
  memory: 'Memory',
  start: 'Start',
  energy: 'Energy',
};

/** Questions of what a user waits, whatever the processors do meanwhile. */
const WAITED = new Set(['latency', 'start', 'share']);

/** The page, whole: no script, no request, light and dark. */
export function page(runs: readonly Run[]): string {
  const newest = newestOfEach(runs);
  const asked = new Set(newest.flatMap(({ results }) => results.rows.map(({ question }) => question)));
  const questions = [...new Set([...Object.keys(TITLES), ...asked])].filter((question) => asked.has(question));
  const lines = history(runs.map(({ results }) => results));
  const pictures = newest.filter(({ images }) => images.length > 0);
  const contents = [
    ...questions.map((question) => [question, title(question)]),
    ...(lines ? [['history', 'History']] : []),
    ...(pictures.length > 0 ? [['pictures', 'Pictures']] : []),
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Motordrive bench</title>
<style>${STYLE}</style>
<main>
<header>
<h1>Motordrive bench</h1>
<p>Bars are medians; the whisker is the 95 % interval of the median. Ratios are to the first contestant in the same rounds. Shorter is better,
except where shots or rates are counted. A bar with an arrow goes on beyond the edge.</p>
<ul class="runs">${newest.map(({ results }) => `<li>${facts(results)}</li>`).join('')}</ul>
<nav>${contents.map(([id, name]) => `<a href="#${id}">${escape(name!)}</a>`).join('')}</nav>
</header>
${questions.map((question) => section(question, newest)).join('\n')}
${lines ? `<section id="history"><h2>History</h2>${lines}</section>` : ''}
${pictures.length > 0 ? `<section id="pictures"><h2>Pictures</h2>${pictures.map(sheetsOf).join('')}</section>` : ''}
</main>
</html>
`;
}

/** The newest run of each engine and machine, with the rows of earlier ones for questions that it was not asked. */
function newestOfEach(runs: readonly Run[]): Run[] {
  const byDevice = new Map<string, Run>();
  for (const run of runs) {
    const device = deviceOf(run.results);
    const asked = new Set(run.results.rows.map(({ question }) => question));
    const earlier = byDevice.get(device);
    const kept = earlier?.results.rows.filter(({ question }) => !asked.has(question)) ?? [];
    const images = run.images.length > 0 ? run.images : (earlier?.images ?? []);
    byDevice.set(device, { results: { ...run.results, rows: [...run.results.rows, ...kept] }, images });
  }
  return [...byDevice.values()];
}

function title(question: string): string {
  return TITLES[question] ?? question;
}

function facts({ engine, machine, commit, date, clockNote, rounds, complete }: ResultFile): string {
  const load = machine.load ? `, load ${machine.load.map((one) => one.toFixed(1)).join(' to ')}` : '';
  return `<b>${escape(engine)}</b> ${escape(`${machine.cores ?? '?'} × ${machine.cpu ?? machine.system ?? '?'}${load}`)}<br>
<small>${escape(`${date.slice(0, 16).replace('T', ' ')}, commit ${commit ?? '?'}, ${rounds} rounds${complete ? '' : ', not complete'}. Clock: ${clockNote}.`)}</small>`;
}

function section(question: string, runs: readonly Run[]): string {
  const parts = runs.map(({ results }) => {
    const rows = results.rows.filter((row) => row.question === question);
    if (rows.length === 0) return '';
    const isAlone = runs.filter((other) => other.results.engine === results.engine).length === 1;
    const heading = runs.length > 1 ? `<h3>${escape(isAlone ? results.engine : deviceOf(results))}</h3>` : '';
    return `<div class="engine">${heading}<div class="figures">${bars(rows, WAITED.has(question) ? 'wall' : results.clock)}</div></div>`;
  });
  return `<section id="${question}"><h2>${escape(title(question))}</h2>${parts.join('')}</section>`;
}

function sheetsOf({ results, images }: Run): string {
  const sheets = images.map(({ key, tiles }) => {
    const figures = tiles.map(({ contestant, width, height, crop, difference }) => {
      const size = `width="${width}" height="${height}" loading="lazy"`;
      const map = difference ? `<img ${size} src="${difference}" alt="difference of ${escape(contestant)}">` : '';
      return `<figure><img ${size} src="${crop}" alt="${escape(contestant)}">${map}<figcaption>${escape(contestant)}</figcaption></figure>`;
    });
    return `<h4>${escape(key.split(' | ').slice(1).join(': '))}</h4><div class="sheet">${figures.join('')}</div>`;
  });
  return `<h3>${escape(results.engine)}</h3><p>The middle of each picture at 100 %, and below it its difference from the original, × ${DIFFERENCE_GAIN}.</p>${sheets.join('')}`;
}
