/** Contestants that are always at hand: Motordrive and what browsers have of their own. */
import type { DevelopOptions } from '../../worker/options.ts';
import { Darkroom } from '../darkroom/darkroom.ts';
import { ImageCapture as MotordriveCapture } from '../photo/image-capture.ts';
import type { Contestant } from './contestant.ts';

/** What can be drawn on a canvas, and ImageData. */
export type Picture = VideoFrame | ImageBitmap | ImageData;

/** How a canvas encodes. */
export type CanvasOptions = {
  /** MIME type; default `image/jpeg`. */
  type?: string | undefined;
  /** Quality of a JPEG, 0 to 1; default: the browser's. */
  quality?: number | undefined;
};

/** Motordrive's pool. It uses the frame up: `take()` has to give a new one for each run. */
export function motordrive(
  options: DevelopOptions & { darkroom?: Darkroom | undefined; name?: string | undefined } = {},
): Contestant<Picture> {
  const { darkroom = Darkroom.shared, name = 'motordrive', ...develop } = options;
  return {
    name,
    open: () => darkroom.ready(),
    run: (frame) => darkroom.develop(frame, { metadata: false, ...develop }),
  };
}

/** Drawing on an OffscreenCanvas and its `convertToBlob()`. */
export function convertToBlob(options: CanvasOptions = {}): Contestant<Picture> {
  return {
    name: 'drawImage + convertToBlob',
    open: () => {
      if (typeof OffscreenCanvas === 'undefined') throw new Error('there is no OffscreenCanvas');
    },
    run: (frame) => {
      const { width, height } = sizeOf(frame);
      const canvas = new OffscreenCanvas(width, height);
      draw(canvas.getContext('2d')!, frame);
      return canvas.convertToBlob(canvasOptions(options));
    },
  };
}

/** Drawing on a canvas of the page and its `toBlob()`. */
export function toBlob(options: CanvasOptions = {}): Contestant<Picture> {
  return {
    name: 'drawImage + toBlob',
    open: () => {
      if (typeof document === 'undefined') throw new Error('there is no document');
    },
    run: (frame) => {
      const canvas = Object.assign(document.createElement('canvas'), sizeOf(frame));
      draw(canvas.getContext('2d')!, frame);
      return blobOfCanvas(canvas, options);
    },
  };
}

/**
 * What a page does by hand: drawing a video element that plays on a canvas, and its `toBlob()`. It uses whatever frame
 * is there.
 */
export function videoToBlob(video: HTMLVideoElement, options: CanvasOptions = {}): Contestant<unknown> {
  const canvas = document.createElement('canvas');
  return {
    name: 'video + drawImage + toBlob',
    run: () => {
      const { videoWidth: width, videoHeight: height } = video;
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      canvas.getContext('2d')!.drawImage(video, 0, 0);
      return blobOfCanvas(canvas, options);
    },
  };
}

/** The browser's own `ImageCapture.takePhoto()`, of a track. */
export function nativeTakePhoto(settings: PhotoSettings = {}): Contestant<MediaStreamTrack> {
  type Capture = { takePhoto(settings?: PhotoSettings): Promise<Blob> };
  const native = (): (new (track: MediaStreamTrack) => Capture) | undefined =>
    (globalThis as { ImageCapture?: new (track: MediaStreamTrack) => Capture }).ImageCapture;
  return {
    name: 'native takePhoto',
    open: () => {
      // Firefox has an ImageCapture of another specification behind a preference.
      if (!native() || !('grabFrame' in native()!.prototype)) throw new Error('there is no ImageCapture');
      if ((native() as unknown) === MotordriveCapture) throw new Error('ImageCapture is the polyfill');
    },
    run: (track) => new (native()!)(track).takePhoto(settings),
  };
}

/** Motordrive's `ImageCapture.takePhoto()`, of a track. */
export function motordriveTakePhoto(
  settings: PhotoSettings & DevelopOptions = {},
  options: { darkroom?: Darkroom | undefined; name?: string | undefined } = {},
): Contestant<MediaStreamTrack> {
  const { darkroom = Darkroom.shared, name = 'motordrive takePhoto' } = options;
  return {
    name,
    open: () => darkroom.ready(),
    run: (track) => new MotordriveCapture(track, { darkroom }).takePhoto({ metadata: false, ...settings }),
  };
}

function sizeOf(frame: Picture): { width: number; height: number } {
  if ('displayWidth' in frame) return { width: frame.displayWidth, height: frame.displayHeight };
  return { width: frame.width, height: frame.height };
}

function draw(context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D, frame: Picture): void {
  if (typeof ImageData !== 'undefined' && frame instanceof ImageData) context.putImageData(frame, 0, 0);
  else context.drawImage(frame as ImageBitmap, 0, 0);
}

function blobOfCanvas(canvas: HTMLCanvasElement, options: CanvasOptions): Promise<Blob> {
  const { type, quality } = canvasOptions(options);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('toBlob() gave null'))), type, quality),
  );
}

function canvasOptions({ type = 'image/jpeg', quality }: CanvasOptions): { type: string; quality?: number } {
  return { type, ...(quality !== undefined && { quality }) };
}
