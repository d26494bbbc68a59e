/** The track's torch as a flash. */
import { hasTorch, torchIsOn } from './capabilities.ts';

/** What the camera gets to adjust its exposure after the light has changed, in ms. */
const SETTLE_MS = 300;

/** Shots that change the light of a track, one after the other. */
const turns = new WeakMap<MediaStreamTrack, Promise<unknown>>();

/**
 * Runs `shoot` with the track's light as `mode` asks: on for `flash`, off for `off`. Afterwards the light and the
 * track's constraints are as before. Without a mode or a torch it just runs `shoot`; `auto` leaves the light alone.
 * Rejects with what `shoot` or the track rejects with, and with the signal's reason when it aborts.
 */
export async function withFillLight<T>(
  track: MediaStreamTrack,
  mode: FillLightMode | undefined,
  signal: AbortSignal,
  shoot: () => Promise<T>,
): Promise<T> {
  if (mode === undefined || mode === 'auto' || !hasTorch(track)) return shoot();
  const turn = (turns.get(track) ?? Promise.resolve()).then(async () => {
    signal.throwIfAborted();
    const on = mode === 'flash';
    if (torchIsOn(track) === on) return shoot();
    const before = track.getConstraints();
    try {
      await switchTorch(track, before, on);
      await pause(SETTLE_MS, signal);
      return await shoot();
    } finally {
      await restore(track, before, !on);
    }
  });
  turns.set(
    track,
    turn.catch(() => {}),
  );
  return turn;
}

/** Chromium 156 takes image capture constraints from the first advanced set. */
function switchTorch(track: MediaStreamTrack, constraints: MediaTrackConstraints, on: boolean): Promise<void> {
  const torch = { torch: on } as MediaTrackConstraintSet;
  return track.applyConstraints({ ...constraints, advanced: [torch, ...(constraints.advanced ?? [])] });
}

/** Dropping a constraint leaves the torch as it is, so it is switched back first. */
async function restore(track: MediaStreamTrack, constraints: MediaTrackConstraints, on: boolean): Promise<void> {
  if (track.readyState !== 'live') return;
  try {
    await switchTorch(track, constraints, on);
    await track.applyConstraints(constraints);
  } catch {
    // A track that ends meanwhile has no light to restore; the shot's own outcome is what counts.
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}
