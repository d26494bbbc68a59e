/** A bench on the visitor's own camera and device: results are drawn as they come and can be saved or shared. */
import {
  bench,
  convertToBlob,
  medianInterval,
  motordrive,
  resultFile,
  toBlob,
  writeResults,
  type BenchRow,
  type Contestant,
  type Picture,
} from '../src/bench/index.ts';
import { Darkroom } from '../src/index.ts';
import { openCamera, type Source } from './camera.ts';
import { byId, make } from './element.ts';
import { startTestScene } from './test-scene.ts';
import { cameraProblem, percent, problem } from './words.ts';

const TASK = 'frame → JPEG q0.9';
const quality = 0.9;
const darkroom = new Darkroom({ workers: 1 });
const CONTESTANTS: Contestant<Picture>[] = [
  convertToBlob({ quality }),
  toBlob({ quality }),
  ...(['speed', 'balanced', 'size'] as const).map((effort) =>
    motordrive({ darkroom, quality, effort, name: `motordrive (${effort})` }),
  ),
];

const video = byId('camera', HTMLVideoElement);
const form = byId('plan', HTMLFormElement);
const choices = byId('contestants', HTMLElement);
const run = byId('run', HTMLButtonElement);
const stop = byId('stop', HTMLButtonElement);
const status = byId('status', HTMLElement);
const table = byId('results', HTMLTableElement);
const sharing = byId('sharing', HTMLElement);
const save = byId('save', HTMLAnchorElement);
const share = byId('share', HTMLButtonElement);
let stopping: AbortController | undefined;

for (const { name } of CONTESTANTS) {
  const box = make('input', {
    type: 'checkbox',
    name: 'contestant',
    value: name,
    defaultChecked: !name.includes('size'),
  });
  choices.append(make('label', {}, box, ` ${name}`));
}
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void measure();
});
stop.addEventListener('click', () => stopping?.abort());
run.disabled = true;
void openEyes();

/** Shows the camera, or the test scene where there is none. */
async function openEyes(): Promise<void> {
  let source: Source;
  try {
    source = await openCamera('');
    status.textContent = 'Ready.';
  } catch (error) {
    source = startTestScene();
    status.textContent = `${cameraProblem(error)} A painted scene is measured instead.`;
  }
  video.srcObject = new MediaStream([source.track]);
  await video.play();
  run.disabled = false;
}

async function measure(): Promise<void> {
  const wanted = new FormData(form).getAll('contestant');
  const contestants = CONTESTANTS.filter(({ name }) => wanted.includes(name));
  if (contestants.length === 0) {
    status.textContent = 'Choose a contestant at least.';
    return;
  }
  const { videoWidth: width, videoHeight: height } = video;
  const frame = { name: `camera, ${width} × ${height}`, width, height, take: takeFrame };
  const rounds = Number(new FormData(form).get('rounds'));
  stopping = new AbortController();
  run.disabled = true;
  stop.disabled = false;
  sharing.hidden = true;
  try {
    const { rows, complete } = await bench({
      contestants,
      frames: [frame],
      rounds,
      signal: stopping.signal,
      onProgress: async ({ contestant, phase, round }) => {
        status.textContent =
          phase === 'round' ? `Round ${round + 1} of ${rounds}: ${contestant}` : `Warming up: ${contestant}`;
        await painted();
      },
      onRound: draw,
    });
    draw(rows);
    offer(rows, rounds, complete);
    status.textContent = complete ? 'Done.' : 'Stopped; the rounds that were complete count.';
  } catch (error) {
    status.textContent = problem(error);
  } finally {
    run.disabled = false;
    stop.disabled = true;
  }
}

/** The camera's frame of this moment. */
function takeFrame(): Picture | Promise<Picture> {
  return typeof VideoFrame === 'undefined' ? createImageBitmap(video) : new VideoFrame(video, { timestamp: 0 });
}

/** Lets the page draw, so that it stays alive between runs. */
function painted(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function draw(rows: readonly BenchRow[]): void {
  const intervals = rows.map(({ measures }) => measures['wall'] && medianInterval(measures['wall'].samples));
  const longest = Math.max(...intervals.map((interval) => interval?.high ?? 0));
  table.tBodies[0]!.replaceChildren(
    ...rows.map((row, i) => {
      const interval = intervals[i];
      const name = make('td', {}, row.contestant);
      if (row.contestant.startsWith('motordrive')) name.className = 'own';
      if (!interval) return make('tr', {}, name, make('td', { colSpan: 2 }, `${row.status}: ${row.reason ?? ''}`));
      const bar = make('span', { className: 'bar' });
      bar.style.width = percent(interval.median / longest, 1);
      const line = make('span', { className: 'interval' });
      line.style.left = percent(interval.low / longest, 1);
      line.style.width = percent((interval.high - interval.low) / longest, 1);
      name.append(make('span', { className: 'track' }, bar, line));
      const { ratio } = row.measures['wall']!;
      const words = ratio ? `${ratio.median.toFixed(2)} (${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)})` : '–';
      return make('tr', {}, name, make('td', {}, interval.median.toFixed(1)), make('td', {}, words));
    }),
  );
  table.hidden = false;
}

/** Offers the results as a file. */
function offer(rows: readonly BenchRow[], rounds: number, complete: boolean): void {
  const results = resultFile({
    date: new Date().toISOString(),
    engine: navigator.userAgent,
    machine: { cores: navigator.hardwareConcurrency },
    clockNote: 'wall time, as a user waits',
    rounds,
    complete,
    rows: rows.map((row) => ({ question: 'live', task: TASK, ...row })),
  });
  const file = new File([writeResults(results)], save.download, { type: 'application/json' });
  URL.revokeObjectURL(save.href);
  save.href = URL.createObjectURL(file);
  share.hidden = !navigator.canShare?.({ files: [file] });
  share.onclick = () => void navigator.share({ files: [file] }).catch(() => undefined); // the visitor thought better of it
  sharing.hidden = false;
}
