/** What soak-large.mjs calls in the page. */
import { Darkroom } from '../src/index.ts';

const [WIDTH, HEIGHT] = [4000, 3000];

let open: { frame: VideoFrame; darkroom: Darkroom } | undefined;
/** The last photo, as on a page that shows it. */
let shown: Blob | undefined;

/** Takes photos of 12 MP one after the other, each forgotten at the next; gives the bytes of the last. */
async function shoot(photos: number): Promise<number> {
  open ??= { frame: noise(), darkroom: new Darkroom({ workers: 2 }) };
  const { frame, darkroom } = open;
  for (let i = 0; i < photos; i++) {
    const { blob } = await darkroom.develop(frame.clone(), { quality: 0.92, effort: 'speed' });
    shown = blob;
  }
  return shown!.size;
}

/** A grey frame with noise: 5 MB as a JPEG. */
function noise(): VideoFrame {
  const planes = new Uint8Array(WIDTH * HEIGHT * 1.5).fill(128);
  for (let at = 0, state = 1; at < WIDTH * HEIGHT; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    planes[at] = 100 + (state >>> 27);
  }
  return new VideoFrame(planes, { format: 'I420', codedWidth: WIDTH, codedHeight: HEIGHT, timestamp: 0 });
}

/** Lets go of everything. */
function end(): void {
  open?.darkroom.close();
  open?.frame.close();
  open = undefined;
}

Object.assign(window, { bench: { shoot, end } });
