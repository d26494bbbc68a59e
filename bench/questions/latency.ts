import type { Contestant } from '../../src/bench/contestant.ts';
import { motordriveTakePhoto, nativeTakePhoto, videoToBlob } from '../../src/bench/contestants.ts';
import { photoCheck } from '../../src/bench/photo-check.ts';
import { Darkroom, ImageCapture, MotorDrive } from '../../src/index.ts';
import type { Holding } from '../contests/contest.ts';
import type { HoldingSamples } from '../contests/samples.ts';
import { openViewfinder, type Viewfinder } from '../subjects/viewfinder.ts';

const SIZE = { width: 1280, height: 720 };
/** Photos for each round asked for: percentiles need many. */
const PHOTOS = 3;

/** From the call of takePhoto() to the Blob, and to the frame in hand, on a camera. */
export async function latency(rounds: number, holding: Holding, holdingSamples: HoldingSamples): Promise<void> {
  const viewfinder = await openViewfinder(SIZE);
  try {
    await toBlob(viewfinder, rounds, holding);
    await toFrame(viewfinder, rounds, holdingSamples);
  } finally {
    viewfinder.close();
  }
}

/**
 * To the Blob: the next frame has to come, and to be read and encoded. Against what users write by hand, a video
 * element drawn on a canvas, which has a frame already, and against the browser's own. A burst of one tells its stages.
 */
async function toBlob({ track, video, width, height }: Viewfinder, rounds: number, holding: Holding): Promise<void> {
  const darkroom = new Darkroom({ workers: 1 });
  const drive = new MotorDrive(track, { darkroom });
  const staged: Contestant<MediaStreamTrack> = {
    name: 'motordrive burst of one',
    run: async () => {
      for await (const shot of drive.burst({ count: 1, quality: 0.9, metadata: false })) return shot;
    },
  };
  try {
    await holding({ frame: `camera, ${width} × ${height}`, width, height })({
      task: 'takePhoto → JPEG Blob',
      take: () => track,
      contestants: [
        videoToBlob(video, { quality: 0.9 }),
        motordriveTakePhoto({ quality: 0.9 }, { darkroom }),
        staged,
        nativeTakePhoto(), // of whatever type and size it likes
      ],
      rounds: rounds * PHOTOS,
      check: photoCheck({ anySize: true }),
    });
  } finally {
    drive.close();
    darkroom.close();
  }
}

/**
 * To the frame in hand, in frame periods, called anywhere between two frames with no source open: half a period is what
 * waiting costs.
 */
async function toFrame(viewfinder: Viewfinder, rounds: number, holding: HoldingSamples): Promise<void> {
  const { track, video, width, height, period } = viewfinder;
  const between = (wait: () => Promise<number>) => async () => {
    await new Promise((resolve) => setTimeout(resolve, period * (2 + Math.random())));
    return { wait: (await wait()) / period };
  };
  await holding({ frame: `camera, ${width} × ${height}, ${(1000 / period).toFixed(0)} fps` })({
    task: 'takePhoto → a frame in hand',
    quantities: { wait: { unit: 'frame periods', better: 'less' } },
    contestants: [
      {
        name: 'the next frame of a running video',
        sample: between(async () => {
          const called = performance.now();
          await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
          return performance.now() - called;
        }),
      },
      { name: 'motordrive takePhoto', sample: between(() => untilDeveloped(track)) },
    ],
    rounds: rounds * PHOTOS,
  });
}

/** ms from takePhoto() until a worker would begin. */
async function untilDeveloped(track: MediaStreamTrack): Promise<number> {
  let given = 0;
  const darkroom = {
    develop(frame: VideoFrame) {
      given = performance.now();
      frame.close();
      return Promise.resolve({ blob: new Blob() });
    },
  } as unknown as Darkroom;
  const called = performance.now();
  await new ImageCapture(track, { darkroom }).takePhoto();
  return given - called;
}
