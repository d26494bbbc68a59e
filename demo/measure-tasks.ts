/** What the measuring page compares. */
import {
  bench,
  convertToBlob,
  motordrive,
  motordriveTakePhoto,
  nativeTakePhoto,
  photoCheck,
  toBlob,
  videoToBlob,
  type BenchOptions,
  type BenchResult,
  type Check,
  type Contestant,
  type Picture,
} from '../src/bench/index.ts';
import { Darkroom } from '../src/index.ts';

/** A comparison: its name in the results, its contestants by name, and how they are compared. */
export type Task = {
  name: string;
  contestants: readonly { name: string; isChosen: boolean }[];
  measure: (chosen: readonly string[], options: Progress & { rounds: number }) => Promise<BenchResult>;
};

type Progress = Pick<BenchOptions<unknown>, 'signal' | 'onProgress' | 'onRound'>;

const quality = 0.9;
const EFFORTS = ['speed', 'balanced', 'size'] as const;

/** The comparisons of what a camera shows in a video element. */
export function tasksOf(video: HTMLVideoElement, track: MediaStreamTrack): Task[] {
  const darkroom = new Darkroom({ workers: 1 });
  const own = (type: 'image/jpeg' | 'image/png'): Contestant<Picture>[] =>
    EFFORTS.map((effort) => motordrive({ darkroom, type, quality, effort, name: `motordrive (${effort})` }));
  const takeFrame = (): Picture | Promise<Picture> =>
    typeof VideoFrame === 'undefined' ? createImageBitmap(video) : new VideoFrame(video, { timestamp: 0 });
  const png = { type: 'image/png' } as const;
  return [
    task('frame → JPEG q0.9', video, takeFrame, [
      convertToBlob({ quality }),
      toBlob({ quality }),
      ...own('image/jpeg'),
    ]),
    task('frame → PNG', video, takeFrame, [convertToBlob(png), toBlob(png), ...own('image/png')]),
    task(
      'camera → JPEG',
      video,
      () => track,
      [videoToBlob(video, { quality }), motordriveTakePhoto({ quality }, { darkroom }), nativeTakePhoto()],
      photoCheck({ anySize: true }), // the browser's own photo has whatever size it likes
    ),
  ];
}

function task<Frame>(
  name: string,
  video: HTMLVideoElement,
  take: () => Frame | Promise<Frame>,
  contestants: readonly Contestant<Frame>[],
  check?: Check<Frame>,
): Task {
  return {
    name,
    contestants: contestants.map((one) => ({ name: one.name, isChosen: !one.name.includes('size') })),
    measure: (chosen, options) => {
      const { videoWidth: width, videoHeight: height } = video;
      return bench({
        ...options,
        contestants: contestants.filter((one) => chosen.includes(one.name)),
        frames: [{ name: `camera, ${width} × ${height}`, width, height, take }],
        check,
      });
    },
  };
}
