/**
 * Sources whose pictures carry their number, as sixteen bars, black or white: a picture is known again whatever way it
 * took.
 */
import { loopback } from './track-sources.ts';
import { cameraTrack, generatorTrack } from './tracks.ts';

const [WIDTH, HEIGHT, BITS] = [320, 64, 16];

/** A track that shows each number that is drawn; `end` ends it and all that feeds it. */
export type NumberedSource = { track: MediaStreamTrack; draw(number: number): void; end(): void };

function paint(context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D, number: number): void {
  for (let bit = 0; bit < BITS; bit++) {
    context.fillStyle = (number >> bit) & 1 ? '#fff' : '#000';
    context.fillRect((bit * WIDTH) / BITS, 0, WIDTH / BITS, HEIGHT);
  }
}

/** The number that a frame shows; the frame is closed. */
export function readNumber(frame: VideoFrame | ImageBitmap): number {
  const [width, height] =
    frame instanceof ImageBitmap ? [frame.width, frame.height] : [frame.displayWidth, frame.displayHeight];
  // Drawn whole: WebKitGTK 2.50 draws other parts of a frame than it is asked for.
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.drawImage(frame, 0, 0);
  frame.close();
  const { data } = context.getImageData(0, height >> 1, width, 1);
  const at = (bit: number): number => Math.floor(((bit + 0.5) * width) / BITS) * 4;
  return Array.from({ length: BITS }, (_, bit) => (data[at(bit)]! > 128 ? 1 << bit : 0)).reduce((a, b) => a | b);
}

function canvas(fps?: number): NumberedSource {
  const element = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT });
  const context = element.getContext('2d')!;
  paint(context, 0);
  const track = element.captureStream(fps).getVideoTracks()[0]!;
  return { track, draw: (number) => paint(context, number), end: () => track.stop() };
}

function fed(): NumberedSource {
  const { track, send } = generatorTrack();
  const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d')!;
  const draw = (number: number): void => {
    paint(context, number);
    const timestamp = Math.round(performance.now() * 1000);
    void send(new VideoFrame(context.canvas, { timestamp })).catch(() => {});
  };
  return { track, draw, end: () => track.stop() };
}

async function remote(): Promise<NumberedSource> {
  const sent = canvas();
  const { track, end } = await loopback(sent.track);
  const stop = (): void => {
    end();
    sent.end();
  };
  return { track, draw: sent.draw, end: stop };
}

/** Sources that show every number drawn. */
export const numberedSources: Record<string, () => NumberedSource> = {
  'a canvas': () => canvas(),
  'a fed track': fed,
};

/** Sources that show the numbers drawn, but for those that the way loses. */
export const lossySources: Record<string, () => Promise<NumberedSource> | NumberedSource> = {
  ...numberedSources,
  // Firefox loses what is drawn too soon after the last frame.
  'a canvas with a frame rate': () => canvas(30),
  ...('RTCPeerConnection' in globalThis && { 'a remote track': remote }),
};

/** The fake camera, as slow as the engine makes it. */
export async function slowCamera(): Promise<MediaStreamTrack> {
  const track = await cameraTrack({ width: 320, height: 240 });
  // Firefox's and WebKitGTK's fake cameras have one frame rate and say so.
  await track.applyConstraints({ frameRate: 3 }).catch(() => {});
  return track;
}
