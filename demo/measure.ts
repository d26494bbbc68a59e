/** A bench on the visitor's own camera and device: results are drawn as they come and can be saved or shared. */
import { engineName, medianInterval, resultFile, writeResults, type BenchRow } from '../src/bench/index.ts';
import { openCamera, type Source } from './camera.ts';
import { byId, make } from './element.ts';
import { tasksOf, type Task } from './measure-tasks.ts';
import { keepForOffline } from './offline.ts';
import { startTestScene } from './test-scene.ts';
import { byteSize, cameraProblem, percent, problem } from './words.ts';

const video = byId('camera', HTMLVideoElement);
const form = byId('plan', HTMLFormElement);
const select = byId('task', HTMLSelectElement);
const choices = byId('contestants', HTMLElement);
const run = byId('run', HTMLButtonElement);
const stop = byId('stop', HTMLButtonElement);
const status = byId('status', HTMLElement);
const table = byId('results', HTMLTableElement);
const sharing = byId('sharing', HTMLElement);
const save = byId('save', HTMLAnchorElement);
const share = byId('share', HTMLButtonElement);
let tasks: Task[] = [];
let stopping: AbortController | undefined;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void measure();
});
stop.addEventListener('click', () => stopping?.abort());
select.addEventListener('change', offerContestants);
void openEyes();
keepForOffline();

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
  tasks = tasksOf(video, source.track);
  select.replaceChildren(...tasks.map(({ name }, i) => make('option', { value: String(i) }, name)));
  offerContestants();
  run.disabled = false;
}

/** Lets the visitor choose among those of the task at hand. */
function offerContestants(): void {
  const boxes = tasks[Number(select.value)]!.contestants.map(({ name, isChosen }) => {
    const box = make('input', { type: 'checkbox', name: 'contestant', value: name, defaultChecked: isChosen });
    return make('label', {}, box, ` ${name}`);
  });
  choices.replaceChildren(...boxes);
}

async function measure(): Promise<void> {
  const plan = new FormData(form);
  const chosen = plan.getAll('contestant') as string[];
  if (chosen.length === 0) {
    status.textContent = 'Choose a contestant at least.';
    return;
  }
  const task = tasks[Number(select.value)]!;
  const rounds = Number(plan.get('rounds'));
  stopping = new AbortController();
  run.disabled = true;
  stop.disabled = false;
  sharing.hidden = true;
  try {
    const { rows, complete } = await task.measure(chosen, {
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
    offer(task.name, rows, rounds, complete);
    status.textContent = complete ? 'Done.' : 'Stopped; the rounds that were complete count.';
  } catch (error) {
    status.textContent = problem(error);
  } finally {
    run.disabled = false;
    stop.disabled = true;
  }
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
      if (row.bytes !== undefined) name.append(make('small', {}, ` ${byteSize(row.bytes)}`));
      name.append(make('span', { className: 'track' }, bar, line));
      const words = ratioWords(row);
      return make('tr', {}, name, make('td', {}, interval.median.toFixed(1)), make('td', {}, words));
    }),
  );
  table.hidden = false;
}

function ratioWords({ contestant, baseline, measures }: BenchRow): string {
  const ratio = measures['wall']?.ratio;
  if (!ratio) return '–';
  return contestant === baseline
    ? '1'
    : `${ratio.median.toFixed(2)} (${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)})`;
}

/** Offers the results as a file. */
function offer(task: string, rows: readonly BenchRow[], rounds: number, complete: boolean): void {
  const results = resultFile({
    date: new Date().toISOString(),
    engine: engineName(navigator.userAgent),
    machine: { cores: navigator.hardwareConcurrency, system: navigator.platform },
    clockNote: 'wall time, as a user waits',
    rounds,
    complete,
    rows: rows.map((row) => ({ question: 'live', task, ...row })),
  });
  const file = new File([writeResults(results)], save.download, { type: 'application/json' });
  URL.revokeObjectURL(save.href);
  save.href = URL.createObjectURL(file);
  share.hidden = !navigator.canShare?.({ files: [file] });
  share.onclick = () => void navigator.share({ files: [file] }).catch(() => undefined); // the visitor thought better of it
  sharing.hidden = false;
}
