/** What camera.mjs calls in the page. */
import { Darkroom, ImageCapture, MotorDrive, type BurstProgress } from '../src/index.ts';

async function camera(constraints: MediaTrackConstraints): Promise<MediaStreamTrack> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: constraints });
  return stream.getVideoTracks()[0]!;
}

/** The camera's frame period in ms: the median of a second. */
async function framePeriod(track: MediaStreamTrack): Promise<number> {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  await video.play();
  const times: number[] = [];
  const started = performance.now();
  while (performance.now() - started < 1500) {
    await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
    times.push(performance.now());
  }
  video.srcObject = null;
  const periods = times.slice(1).map((time, i) => time - times[i]!);
  return periods.sort((a, b) => a - b)[periods.length >> 1]!;
}

/** Milliseconds from takePhoto(), with a source not yet open, until a worker would begin; and the camera's frame period. */
async function latency(rounds: number): Promise<{ period: number; waits: number[] }> {
  const track = await camera({ width: 1280, height: 720 });
  const period = await framePeriod(track);
  const waits: number[] = [];
  let called = 0;
  const darkroom = {
    develop(frame: VideoFrame) {
      waits.push(performance.now() - called);
      frame.close();
      return Promise.resolve({ blob: new Blob() });
    },
  } as unknown as Darkroom;
  for (let round = -2; round < rounds; round++) {
    // Anywhere between two frames.
    await new Promise((resolve) => setTimeout(resolve, period * (2 + Math.random())));
    if (round === 0) waits.length = 0;
    called = performance.now();
    await new ImageCapture(track, { darkroom }).takePhoto();
  }
  track.stop();
  return { period, waits };
}

/** The longest times that nothing else could run on the main thread, in ms, while `work` runs: what a message to oneself waits. */
async function gaps(work: () => Promise<unknown>): Promise<number[]> {
  const { port1, port2 } = new MessageChannel();
  const waits: number[] = [];
  let last = performance.now();
  port1.onmessage = () => {
    const now = performance.now();
    waits.push(now - last);
    last = now;
    port2.postMessage(0);
  };
  port2.postMessage(0);
  await work();
  port1.onmessage = null;
  port1.close();
  return waits.sort((a, b) => b - a).slice(0, 20);
}

type Jank = { idle: number[]; burst: number[]; photo: number[] };
let jankTrack: MediaStreamTrack | undefined;
let jankDarkroom: Darkroom | undefined;

/** What jank() needs, opened before it is measured. */
async function prepareJank(size: MediaTrackConstraints): Promise<void> {
  jankTrack?.stop();
  jankTrack = await camera(size);
  jankDarkroom ??= new Darkroom({ workers: 2 });
  await jankDarkroom.ready();
}

/** Two seconds of a page that does nothing, that shoots a burst, that takes photos. */
async function jank(what: keyof Jank, milliseconds: number, sampled: boolean): Promise<number[]> {
  const [track, darkroom] = [jankTrack!, jankDarkroom!];
  const works: Record<keyof Jank, () => Promise<unknown>> = {
    idle: () => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    async burst() {
      for await (const shot of new MotorDrive(track, { darkroom }).burst({ duration: milliseconds })) void shot;
    },
    async photo() {
      const end = performance.now() + milliseconds;
      while (performance.now() < end) await new ImageCapture(track, { darkroom }).takePhoto();
    },
  };
  if (sampled) return gaps(works[what]);
  await works[what]();
  return [];
}

let paceDrive: MotorDrive | undefined;
let paceDarkroom: Darkroom | undefined;

/** Opens the camera and shoots a short burst, which starts all workers. */
async function preparePace(video: MediaTrackConstraints): Promise<void> {
  paceDarkroom = new Darkroom({ workers: 2 });
  await paceDarkroom.ready();
  paceDrive = new MotorDrive(await camera(video), { darkroom: paceDarkroom });
  for await (const shot of paceDrive.burst({ count: 10, maxPending: 30, quality: 0.9 })) void shot;
}

/** A burst at the pace of the camera: how many frames were shot and lost, and in what time. */
async function pace(count: number): Promise<{ shots: number; dropped: number; seconds: number; size: string }> {
  let progress: BurstProgress | undefined;
  const onprogress = (now: BurstProgress): void => void (progress = now);
  let [first, last, shots, size] = [0, 0, 0, ''];
  for await (const shot of paceDrive!.burst({ count, quality: 0.9, onprogress })) {
    first ||= shot.timestamp;
    last = shot.timestamp;
    size = `${shot.width} × ${shot.height}`;
    shots++;
  }
  return { shots, dropped: progress!.dropped, seconds: (last - first) / 1000, size };
}

/** Lets go of the camera. */
function endPace(): void {
  paceDrive?.close();
  paceDarkroom?.close();
  paceDrive?.track.stop();
}

let soakTrack: MediaStreamTrack | undefined;
let soakDarkroom: Darkroom | undefined;

/** Takes photos, four at a time; the bytes of linear memory that the workers then hold. */
async function soak(photos: number): Promise<number> {
  soakTrack ??= await camera({ width: 640, height: 480 });
  const darkroom = (soakDarkroom ??= new Darkroom({ workers: 2 }));
  const capture = new ImageCapture(soakTrack, { darkroom });
  let left = photos;
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      while (left-- > 0) {
        const type = left % 10 === 0 ? 'image/png' : 'image/jpeg';
        const photo = await capture.takePhoto({ type, ...(left % 3 === 0 && { imageWidth: 320 }) });
        if (photo.size === 0) throw new Error('An empty photo.');
      }
    }),
  );
  return darkroom.memoryBytes();
}

/** Ends the soak. */
function endSoak(): void {
  soakDarkroom?.close();
  soakTrack?.stop();
  soakDarkroom = soakTrack = undefined;
}

Object.assign(window, { bench: { latency, prepareJank, jank, preparePace, pace, endPace, soak, endSoak } });
