/** What soak.mjs calls in the page. */
import { Darkroom, ImageCapture } from '../src/index.ts';

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

/** Lets go of the camera and of the workers. */
function end(): void {
  open?.darkroom.close();
  open?.track.stop();
  open = undefined;
}

Object.assign(window, { bench: { soak, end } });
