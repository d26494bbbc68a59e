import type { Timings } from '../src/index.ts';
import { make } from './element.ts';
import { duration } from './words.ts';

const STAGES: readonly [keyof Timings, string][] = [
  ['queue', 'wait'],
  ['read', 'read'],
  ['redEye', 'red eye'],
  ['scale', 'scale'],
  ['encode', 'encode'],
  ['blob', 'blob'],
];

/** Where the time of a photo went: a bar of its stages in proportion, and the figures below. */
export function stageBar(timings: Timings): HTMLElement[] {
  const bar = make('div', { className: 'stages' });
  const legend = make('dl', { className: 'legend' });
  for (const [stage, name] of STAGES) {
    const part = make('span', { className: `stage ${stage}` });
    part.style.flexGrow = String(timings[stage]);
    bar.append(part);
    legend.append(make('div', { className: stage }, make('dt', {}, name), make('dd', {}, duration(timings[stage]))));
  }
  legend.append(make('div', {}, make('dt', {}, 'in all'), make('dd', {}, duration(timings.total))));
  bar.setAttribute('aria-hidden', 'true');
  return [bar, legend];
}
