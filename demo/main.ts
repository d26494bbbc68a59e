/** The studio: a viewfinder, a shutter, a strip of photos. */
import { MotorDrive, type Shot } from '../src/index.ts';
import { facesUser } from './camera.ts';
import { ComparingDarkroom } from './comparing-darkroom.ts';
import { byId } from './element.ts';
import { Filmstrip } from './filmstrip.ts';
import { keepForOffline } from './offline.ts';
import { PhotoDialog } from './photo-dialog.ts';
import { Settings } from './settings.ts';
import { Shutter } from './shutter.ts';
import { Viewfinder } from './viewfinder.ts';
import { byteSize, counted, duration, problem, typeName } from './words.ts';

/** Photos that the strip keeps. */
const STRIP_LIMIT = 60;

const video = byId('viewfinder', HTMLVideoElement);
const frameSize = byId('frame-size', HTMLElement);
const burstReadout = byId('burst-readout', HTMLElement);
const status = byId('status', HTMLElement);
const darkroom = new ComparingDarkroom();
const settings = new Settings(byId('settings', HTMLFormElement));
const dialog = new PhotoDialog(() => strip);
const strip: Filmstrip = new Filmstrip(byId('filmstrip', HTMLElement), STRIP_LIMIT, (take) => dialog.show(take));
let drive: MotorDrive | undefined;

const shutter = new Shutter(byId('shutter', HTMLButtonElement), {
  photo: () => void takePhoto(),
  burst: (signal) => void takeBurst(signal),
});

const viewfinder = new Viewfinder(video, byId('camera', HTMLSelectElement), {
  changed(track) {
    shutter.release();
    drive?.close();
    drive = new MotorDrive(track, { darkroom });
    settings.mirror = facesUser(track);
    settings.limitTo(track).catch(() => {});
  },
  report,
});

video.addEventListener('resize', () => {
  frameSize.textContent = `${video.videoWidth} × ${video.videoHeight}`;
});
byId('settings-panel', HTMLDetailsElement).open = matchMedia('(min-width: 60rem)').matches;
void viewfinder.show('');
keepForOffline();
darkroom.ready().catch((error: unknown) => report(problem(error), true));

async function takePhoto(): Promise<void> {
  try {
    for await (const shot of shots({ count: 1 })) {
      strip.add(shot, darkroom.before(shot));
      flash();
      const facts = [`${shot.width} × ${shot.height}`, typeName(shot.blob.type), byteSize(shot.blob.size)];
      report(`Photo: ${facts.join(', ')}, in ${duration(shot.timings.total)}.`);
    }
  } catch (error) {
    reportUnlessEnded(error);
  }
}

async function takeBurst(signal: AbortSignal): Promise<void> {
  let taken = 0;
  let dropped = 0;
  let began = 0;
  let tally = '';
  burstReadout.hidden = false;
  burstReadout.textContent = 'Burst';
  try {
    for await (const shot of shots({ signal })) {
      strip.add(shot, darkroom.before(shot));
      if (taken++ === 0) began = shot.timestamp;
      dropped += shot.dropped;
      const seconds = (shot.timestamp - began) / 1000;
      const rate = seconds > 0 ? `${((taken - 1) / seconds).toFixed(1)} a second, ` : '';
      tally = `${counted(taken, 'photo')}, ${rate}${dropped} dropped`;
      burstReadout.textContent = tally;
    }
  } catch (error) {
    if (!signal.aborted) return reportUnlessEnded(error);
  } finally {
    burstReadout.hidden = true;
  }
  if (tally) report(`Burst: ${tally}.`);
}

function shots(options: { count?: number; signal?: AbortSignal }): AsyncIterable<Shot> {
  if (!drive) throw new Error('The camera is not open yet.');
  return drive.burst({ ...settings.read(), ...options });
}

/** The viewfinder goes dark for a moment, as behind a mirror. */
function flash(): void {
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) video.animate({ opacity: [0.35, 1] }, 180);
}

/** A photo given up because another camera was picked needs no words. */
function reportUnlessEnded(error: unknown): void {
  if (!(error instanceof DOMException && error.name === 'AbortError')) report(problem(error), true);
}

function report(words: string, wrong = false): void {
  status.textContent = words;
  status.classList.toggle('wrong', wrong);
}
