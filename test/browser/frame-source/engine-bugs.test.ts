/**
 * Every bug of an engine that Motordrive works around, by its symptom. A test that fails here says good news: the
 * engine has been mended, and once no version with the bug is supported any more the workaround can go.
 */
import { expect, test } from 'vitest';
import { engine, type Engine } from '../../helpers/engine.ts';
import { cameraTrack, canvasTrack, pixel } from '../../helpers/tracks.ts';
import { pause } from '../../../src/async/pause.ts';

type Bug = {
  engine: Engine;
  bug: string;
  /** Where it is worked around. */
  workaround: string;
  /** Whether the engine still has it. */
  symptom: () => Promise<boolean>;
};

/** A bitmap of rows whose red is their number. */
function rows(width: number, height: number): ImageBitmap {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  for (let y = 0; y < height; y++) {
    context.fillStyle = `rgb(${y} 100 50)`;
    context.fillRect(0, y, width, 1);
  }
  return canvas.transferToImageBitmap();
}

/** Runs a module in a worker that answers one message with another. */
async function inWorker(code: string, message: unknown, moved: Transferable[]): Promise<unknown> {
  const url = URL.createObjectURL(new Blob([`onmessage = async ({ data }) => postMessage(await (${code})(data));`]));
  const worker = new Worker(url);
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = reject;
      worker.postMessage(message, moved);
    });
  } finally {
    worker.terminate();
    URL.revokeObjectURL(url);
  }
}

/** The frames of a track, by a MediaStreamTrackProcessor of its own. */
function readerOf(track: MediaStreamTrack): ReadableStreamDefaultReader<VideoFrame> {
  type Processor = new (init: { track: MediaStreamTrack }) => { readable: ReadableStream<VideoFrame> };
  const { MediaStreamTrackProcessor } = globalThis as unknown as { MediaStreamTrackProcessor: Processor };
  return new MediaStreamTrackProcessor({ track }).readable.getReader();
}

/** A `<video>` that plays a track. */
function play(track: MediaStreamTrack): HTMLVideoElement {
  const video = Object.assign(document.createElement('video'), { muted: true, playsInline: true });
  video.srcObject = new MediaStream([track]);
  video.play().catch(() => {});
  return video;
}

const untilShown = (video: HTMLVideoElement): Promise<void> => expect.poll(() => video.readyState).toBeGreaterThan(1);

const bugs: Bug[] = [
  {
    engine: 'chromium',
    bug: 'a bitmap of a frame turned by 90° has the size of the frame not turned',
    workaround: 'src/photo/image-capture.ts: turned frames are drawn',
    async symptom() {
      const init = { format: 'RGBA', codedWidth: 8, codedHeight: 4, timestamp: 0, rotation: 90 } as const;
      const frame = new VideoFrame(new Uint8Array(128), init);
      const bitmap = await createImageBitmap(frame);
      frame.close();
      return bitmap.width === 8;
    },
  },
  {
    engine: 'chromium',
    bug: 'a canvas’ picture comes again to every processor of its track when another one is opened',
    workaround: 'src/frame-source/processor.ts: its timestamp tells that it was given before',
    async symptom() {
      const track = canvasTrack();
      const reader = readerOf(track);
      const first = (await reader.read()).value!;
      first.close();
      const other = readerOf(track);
      (await other.read()).value!.close();
      const again = await Promise.race([reader.read(), pause(5000)]);
      again?.value?.close();
      track.stop();
      return again?.value?.timestamp === first.timestamp;
    },
  },
  {
    engine: 'chromium',
    bug: 'a still canvas whose frame rate is limited sends its picture to the first processor alone',
    workaround: 'src/frame-source/processor.ts: the canvas is looked at',
    async symptom() {
      const track = canvasTrack();
      await track.applyConstraints({ frameRate: 20 });
      (await readerOf(track).read()).value!.close();
      const second = await Promise.race([readerOf(track).read(), pause(2000)]);
      second?.value?.close();
      track.stop();
      return second === undefined;
    },
  },
  {
    engine: 'firefox',
    bug: 'a VideoFrame of a part of a bitmap shows the whole',
    workaround: 'worker/frame/bitmap.ts: such a bitmap is drawn',
    async symptom() {
      const part = await createImageBitmap(rows(16, 16), 0, 8, 16, 8);
      const frame = new VideoFrame(part, { timestamp: 0 });
      const { height } = frame.visibleRect!;
      frame.close();
      return height === 16;
    },
  },
  {
    engine: 'firefox',
    bug: 'the last column and row of chroma are not copied of a frame whose visible part is odd',
    workaround: 'worker/frame/copy-to.ts: an even part is copied',
    async symptom() {
      const visibleRect = { x: 0, y: 0, width: 3, height: 3 };
      const init = { format: 'I420', codedWidth: 4, codedHeight: 4, timestamp: 0, visibleRect } as const;
      const frame = new VideoFrame(new Uint8Array(24), init);
      const size = frame.allocationSize();
      frame.close();
      return size === 9 + 2;
    },
  },
  {
    engine: 'firefox',
    bug: 'a disabled track shows one black pixel, and goes on to for a while when enabled',
    workaround: 'src/frame-source/player.ts: that frame is not taken',
    async symptom() {
      const track = await cameraTrack({ width: 640, height: 480 });
      const video = play(track);
      await untilShown(video);
      const width = (): number => {
        const frame = new VideoFrame(video);
        const { codedWidth } = frame;
        frame.close();
        return codedWidth;
      };
      track.enabled = false;
      for (let waited = 0; width() > 1 && waited < 10_000; waited += 50) await pause(50);
      track.enabled = true;
      const enabled = width();
      track.stop();
      return enabled === 1;
    },
  },
  {
    engine: 'firefox',
    bug: 'tracks do not tell when a frame was captured',
    workaround: 'src/frame-source/player.ts: the time of its presentation',
    async symptom() {
      const track = await cameraTrack();
      const video = play(track);
      const facts = await new Promise<VideoFrameCallbackMetadata>((resolve) =>
        video.requestVideoFrameCallback((_, all) => resolve(all)),
      );
      track.stop();
      return facts.captureTime === undefined;
    },
  },
  {
    engine: 'webkit',
    bug: 'in a worker a VideoFrame of what createImageBitmap() made is all zeros',
    workaround:
      'src/darkroom/readable-bitmap.ts: the page makes the frame; worker/frame/bitmap.ts: else bitmaps are drawn',
    async symptom() {
      const bitmap = await createImageBitmap(new ImageData(new Uint8ClampedArray(256).fill(99), 8, 8));
      const code = `async (bitmap) => {
        const frame = new VideoFrame(bitmap, { timestamp: 0 });
        const bytes = new Uint8Array(frame.allocationSize());
        await frame.copyTo(bytes);
        return bytes.every((value) => value === 0);
      }`;
      return (await inWorker(code, bitmap, [bitmap])) === true;
    },
  },
  {
    engine: 'webkit',
    bug: 'a frame made of bytes takes them for those of its visible part',
    workaround: 'worker/frame/keep.ts: frames are made of what is visible alone',
    async symptom() {
      const init = { codedWidth: 4, codedHeight: 4, timestamp: 0, visibleRect: { x: 2, y: 2, width: 2, height: 2 } };
      const bytes = Uint8Array.from({ length: 64 }, (_, i) => i);
      const frame = new VideoFrame(bytes, { format: 'RGBA', ...init });
      const first = new Uint8Array(16);
      await frame.copyTo(first);
      frame.close();
      return first[0] !== (2 * 4 + 2) * 4;
    },
  },
  {
    engine: 'webkit',
    bug: 'copyTo() ignores the format asked for',
    workaround:
      'worker/frame/copy-to.ts: the sizes give it away; src/darkroom/readable-bitmap.ts knows the engine by it',
    async symptom() {
      const init = { format: 'I420', codedWidth: 2, codedHeight: 2, timestamp: 0 } as const;
      const frame = new VideoFrame(new Uint8Array(6), init);
      const size = frame.allocationSize({ format: 'RGBA' });
      frame.close();
      return size === 6;
    },
  },
  {
    engine: 'webkit',
    bug: 'copyTo() cannot copy RGBX',
    workaround: 'worker/frame/copy-to.ts: such a frame is drawn',
    async symptom() {
      const frame = new VideoFrame(new Uint8Array(64), { format: 'RGBX', codedWidth: 4, codedHeight: 4, timestamp: 0 });
      const failed = await frame.copyTo(new Uint8Array(64)).then(
        () => false,
        () => true,
      );
      frame.close();
      return failed;
    },
  },
  {
    engine: 'webkit',
    bug: 'a <video> never shows a canvas that was drawn before and is not drawn again',
    workaround: 'src/frame-source/worker-processor.ts and player.ts: the canvas itself is looked at',
    async symptom() {
      const track = canvasTrack();
      await pause(300);
      const video = play(track);
      await pause(700);
      const { readyState } = video;
      track.stop();
      return readyState < 2;
    },
  },
  {
    engine: 'webkit',
    bug: 'a <video> shows two pictures of a canvas captured without a frame rate, and no more',
    workaround:
      'src/frame-source/worker-processor.ts: canvases are read in the worker too; player.ts starts a silent <video> anew',
    async symptom() {
      const track = canvasTrack({ moving: true });
      const video = play(track);
      await untilShown(video);
      // Thirty drawings later.
      await pause(1000);
      const { totalVideoFrames } = video.getVideoPlaybackQuality();
      track.stop();
      return totalVideoFrames <= 3;
    },
  },
  {
    engine: 'webkit',
    bug: 'what is drawn of a frame is more than what is visible of it',
    workaround: 'worker/frame/copy-to.ts: frames are copied, never drawn, where only a part is visible',
    async symptom() {
      const init = { timestamp: 0, visibleRect: { x: 0, y: 8, width: 16, height: 8 } };
      const frame = new VideoFrame(rows(16, 16), init);
      const drawn = pixel(Object.assign(frame, { width: 16, height: 8 }), 0, 0)[0]!;
      frame.close();
      return drawn < 8;
    },
  },
  {
    engine: 'webkit',
    bug: 'there is no Symbol.dispose',
    workaround: 'src/async/dispose.ts',
    symptom: async () => !('dispose' in Symbol),
  },
];

for (const { bug, workaround, symptom } of bugs.filter((one) => one.engine === engine)) {
  test(bug, async () => {
    expect(await symptom(), `gone here; it is worked around in ${workaround}`).toBe(true);
  });
}
