/** What soak.mjs calls in the page. */
import { Darkroom, ImageCapture } from '../../src/index.ts';

const [LARGE_WIDTH, LARGE_HEIGHT] = [4000, 3000];

let open: { track: MediaStreamTrack; darkroom: Darkroom } | undefined;

/** Takes photos, four at a time; gives the bytes of linear memory that the workers then hold. */
async function soak(photos: number): Promise<number> {
  open ??= { track: await camera(), darkroom: new Darkroom({ workers: 2 }) };
  const { track, darkroom } = open;
  const capture = new ImageCapture(track, { darkroom });
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

async function camera(): Promise<MediaStreamTrack> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
  return stream.getVideoTracks()[0]!;
}

let studio: { frame: VideoFrame; darkroom: Darkroom } | undefined;
/** The last photo, as on a page that shows it. */
let shown: Blob | undefined;

/** Takes photos of 12 MP and 5 MB one after the other, each forgotten at the next. */
async function shoot(photos: number): Promise<void> {
  studio ??= { frame: noise(), darkroom: new Darkroom({ workers: 2 }) };
  const { frame, darkroom } = studio;
  for (let i = 0; i < photos; i++) shown = (await darkroom.develop(frame.clone(), { effort: 'speed' })).blob;
  if (shown!.size < 4e6) throw new Error(`A photo of ${shown!.size} bytes is no large one.`);
}

function noise(): VideoFrame {
  const planes = new Uint8Array(LARGE_WIDTH * LARGE_HEIGHT * 1.5).fill(128);
  for (let at = 0, state = 1; at < LARGE_WIDTH * LARGE_HEIGHT; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    planes[at] = 100 + (state >>> 27);
  }
  return new VideoFrame(planes, {
    format: 'I420',
    codedWidth: LARGE_WIDTH,
    codedHeight: LARGE_HEIGHT,
    timestamp: 0,
  });
}

/** Lets go of the camera and of the workers. */
function end(): void {
  open?.darkroom.close();
  open?.track.stop();
  open = undefined;
  studio?.darkroom.close();
  studio?.frame.close();
  studio = undefined;
}

Object.assign(window, { bench: { soak, shoot, end } });
