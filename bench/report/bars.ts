import type { Measure } from '../../src/bench/row.ts';
import type { ResultRow } from '../../src/bench/result-file.ts';
import { medianInterval, type Interval } from '../../src/bench/statistics.ts';
import { groups, ratio } from './markdown.ts';
import { escape } from './escape.ts';

/** Bars are cut at so many times the median of what is not a peer's. */
const LONGEST = 2.5;

/** A figure for each comparison: a bar for each contestant, by the clock to quote. */
export function bars(rows: readonly ResultRow[], clock: 'cpu' | 'wall'): string {
  return [...groups(rows)].map(([title, group]) => figure(title, group, clock)).join('');
}

function figure(title: string, rows: readonly ResultRow[], clock: 'cpu' | 'wall'): string {
  const names = [...new Set(rows.flatMap(({ measures }) => Object.keys(measures)))];
  const isTime = names.includes('wall');
  const shown = isTime ? [rows.some(({ measures }) => clock in measures) ? clock : 'wall'] : names;
  const charts = shown.map((name) => {
    const measured = rows.map((row) => ({ row, measure: row.measures[name] }));
    const own = measured.filter(({ row }) => !row.peer).map(({ measure }) => (measure ? interval(measure).high : 0));
    const all = measured.map(({ measure }) => (measure ? interval(measure).high : 0));
    const longest = Math.min(Math.max(...all, 0), Math.max(...own, 0) * LONGEST || Infinity);
    const unit = measured.find(({ measure }) => measure)?.measure?.unit ?? '';
    const what = isTime ? `${name === 'cpu' ? 'CPU' : 'wall'} time, ms` : `${name}, ${unit}`;
    return `<div class="unit">${escape(what)}</div>${measured.map(({ row, measure }) => bar(row, measure, longest)).join('')}`;
  });
  return `<figure class="bars"><figcaption>${escape(title)}</figcaption>${charts.join('')}</figure>`;
}

function bar(row: ResultRow, measure: Measure | undefined, longest: number): string {
  const kind = row.peer ? 'peer' : row.contestant.startsWith('motordrive') ? 'own' : 'base';
  const name = `<span class="name">${escape(row.contestant)}</span>`;
  if (!measure) {
    const why = row.status === 'ok' ? '–' : `${row.status}: ${row.reason ?? ''}`;
    return `<div class="row">${name}<span class="why">${escape(why)}</span></div>`;
  }
  const { low, high } = interval(measure);
  const share = (value: number): number => Math.max(0, Math.min(100, (value / (longest || 1)) * 100));
  const isCut = measure.median > longest;
  const whisker =
    high > low && !isCut
      ? `<i style="left:${share(low).toFixed(2)}%;width:${(share(high) - share(low)).toFixed(2)}%"></i>`
      : '';
  const bar = `<b style="width:${share(measure.median).toFixed(2)}%"></b>`;
  const track = `<span class="track ${kind}${isCut ? ' cut' : ''}">${bar}${whisker}</span>`;
  return `<div class="row">${name}${track}<span class="value">${words(row, measure)}</span></div>`;
}

/** The interval of the median where there are samples, else the quartiles. */
function interval(measure: Measure): Interval {
  return measure.samples.length > 2 ? medianInterval(measure.samples) : measure;
}

function words(row: ResultRow, measure: Measure): string {
  const digits = Math.abs(measure.median) >= 100 ? 0 : 1;
  const parts = [`<strong>${measure.median.toFixed(digits)}</strong>`];
  if (measure.ratio && row.contestant !== row.baseline) parts.push(`× ${ratio(measure.ratio)}`);
  const more = [
    row.megapixels && `${((row.megapixels * 1000) / measure.median).toFixed(0)} MP/s`,
    row.bytes && `${(row.bytes / 1000).toFixed(0)} kB`,
    row.ssim !== undefined && row.ssim < 1 && `SSIM ${row.ssim.toFixed(4)}`,
    row.loaded !== undefined && `${(row.loaded / 1000).toFixed(0)} kB loaded`,
  ].filter((part) => typeof part === 'string');
  return `${parts.join(' ')}${more.length > 0 ? `<small>${more.join(', ')}</small>` : ''}`;
}
