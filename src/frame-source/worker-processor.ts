import { releaseProxy, transfer, wrap, type Remote } from 'comlink';
import { failure } from '../../worker/errors.ts';
import type { FrameTap } from '../../worker/frame-tap.ts';
import type { DevelopService } from '../../worker/service.ts';
import { deferred } from '../deferred.ts';
import { startWorker } from '../worker-handle.ts';
import { FrameClock } from './frame-clock.ts';
import type { GrabbedFrame, Grabber } from './grabber.ts';

/** How long the worker outlives its last tap, in ms: photos taken one after the other need not start one each. */
const LINGER_MS = 2000;

/** A tap in the worker, and the settings that the track had when it was opened. */
type Tap = { remote: Remote<FrameTap>; settings: string };

/**
 * Frames through a MediaStreamTrackProcessor in a worker, to which a clone of the track is moved. WebKit has it there only; a frame is at hand
 * within its period, where a new `<video>` takes some hundred ms to begin (WebKitGTK 2.50).
 */
export class WorkerProcessorGrabber implements Grabber {
  readonly #track: MediaStreamTrack;
  #clock = new FrameClock();
  #tap: Tap | undefined;

  constructor(track: MediaStreamTrack) {
    this.#track = track;
  }

  /** Whether tracks can be moved; engines that can have the processor in workers. Canvases' tracks give nothing there. */
  static supports(track: MediaStreamTrack): boolean {
    return !('MediaStreamTrackProcessor' in globalThis) && !('canvas' in track) && canMove(track);
  }

  async grab(signal: AbortSignal): Promise<GrabbedFrame> {
    const ended = deferred<never>();
    const fail = (): void => ended.reject(failure('OperationError', 'The frame source was closed.'));
    const letGo = (): void => {
      this.close();
      fail();
    };
    ended.promise.catch(() => {});
    signal.addEventListener('abort', letGo);
    let worker: Worker | undefined;
    try {
      const { remote } = this.#open();
      worker = frameWorker?.worker;
      worker?.addEventListener('error', fail);
      for (;;) {
        const next = remote.next();
        try {
          const { frame, missed } = await Promise.race([next, ended.promise]);
          // Seldom a frame arrives closed (WebKitGTK 2.50).
          if (frame.codedWidth > 0) return { frame, timestamp: this.#clock.read(frame.timestamp), missed };
        } catch (error) {
          next.then(({ frame }) => frame.close()).catch(() => {});
          throw error;
        }
      }
    } finally {
      worker?.removeEventListener('error', fail);
      signal.removeEventListener('abort', letGo);
      if (signal.aborted) letGo();
    }
  }

  close(): void {
    if (!this.#tap) return;
    const { remote } = this.#tap;
    this.#tap = undefined;
    void remote.close().finally(() => remote[releaseProxy]());
    release();
  }

  /** The clone keeps the constraints that the track had: when its settings have changed, another is made. */
  #open(): Tap {
    const { width, height, frameRate, deviceId } = this.#track.getSettings();
    const settings = [width, height, frameRate, deviceId].join();
    if (this.#tap?.settings === settings) return this.#tap;
    this.close();
    this.#clock = new FrameClock();
    const { port1, port2 } = new MessageChannel();
    const clone = this.#track.clone();
    const request = { track: clone as unknown, port: port2 };
    // A worker without a processor answers on the port no more than one that does not start: whoever waits gives up.
    hold()
      .openTap(transfer(request, [port2, clone as unknown as Transferable]))
      .catch(() => {});
    this.#tap = { remote: wrap<FrameTap>(port1), settings };
    return this.#tap;
  }
}

let frameWorker: { worker: Worker; remote: Remote<DevelopService> } | undefined;
let holders = 0;
let lingering: ReturnType<typeof setTimeout> | undefined;

/** The worker that reads frames, one for all tracks. */
function hold(): Remote<DevelopService> {
  clearTimeout(lingering);
  holders++;
  if (!frameWorker) {
    const worker = startWorker(undefined);
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      frameWorker = undefined;
    });
    frameWorker = { worker, remote: wrap<DevelopService>(worker) };
  }
  return frameWorker.remote;
}

function release(): void {
  if (--holders > 0) return;
  lingering = setTimeout(() => {
    frameWorker?.worker.terminate();
    frameWorker = undefined;
  }, LINGER_MS);
}

let movable: boolean | undefined;

function canMove(track: MediaStreamTrack): boolean {
  if (movable !== undefined) return movable;
  const clone = track.clone();
  try {
    structuredClone(clone, { transfer: [clone as unknown as Transferable] }).stop();
    movable = true;
  } catch {
    clone.stop();
    movable = false;
  }
  return movable;
}
