/**
 * What the engine that runs a test has, for tests that need it: `skip(!has.rotation, why)`, so that the run prints why.
 */
import { server } from 'vitest/browser';

/** As Vitest names them. */
export type Engine = 'chromium' | 'firefox' | 'webkit';

/** The engine that runs this test. */
export const engine = server.browser as Engine;

const made = (make: () => unknown): boolean => {
  try {
    return Boolean(make());
  } catch {
    return false;
  }
};

export const has = {
  /** The engine's own ImageCapture, as the standard has it. */
  nativeImageCapture: typeof ImageCapture === 'function' && 'grabFrame' in ImageCapture.prototype,
  /** MediaStreamTrackProcessor on the page (Chromium). */
  processor: 'MediaStreamTrackProcessor' in globalThis,
  /** Tracks that a test feeds frames of any kind to (Chromium). */
  generator: 'MediaStreamTrackGenerator' in globalThis,
  /** VideoFrame.rotation and flip (Chromium 138). */
  rotation: 'rotation' in VideoFrame.prototype,
  /** Canvases in Display P3 (Chromium, Safari). */
  displayP3: made(() => {
    const context = document.createElement('canvas').getContext('2d', { colorSpace: 'display-p3' });
    return context?.getContextAttributes().colorSpace === 'display-p3';
  }),
  /** I420 frames of odd width and height made of bytes (not Firefox). */
  oddPlanes: made(() => {
    const init = { format: 'I420', codedWidth: 3, codedHeight: 3, timestamp: 0 } as const;
    new VideoFrame(new Uint8Array(9 + 4 + 4), init).close();
    return true;
  }),
};
