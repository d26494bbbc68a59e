/** The track's torch as a flash. */
import { Adjustment } from './adjustment.ts';
import { hasTorch, torchIsOn } from './capabilities.ts';
import { pause } from '../async/pause.ts';

/** How long the camera may adjust its exposure after the light has changed, in ms. */
const SETTLE_MS = 300;

/**
 * Runs `shoot` with the track's light as `mode` asks: on for `flash`, off for `off`. Afterwards the light and the
 * track's constraints are as before. Without a mode or a torch it just runs `shoot`; `auto` leaves the light alone.
 * Rejects with what `shoot` or the track rejects with, with UnknownError when the track does not answer within 2 s, and
 * with the signal's reason when it aborts.
 */
export async function withFillLight<T>(
  track: MediaStreamTrack,
  mode: FillLightMode | undefined,
  signal: AbortSignal,
  shoot: () => Promise<T>,
): Promise<T> {
  if (mode === undefined || mode === 'auto' || !hasTorch(track)) return shoot();
  const torch = mode === 'flash';
  const adjustment = await Adjustment.begin(track, () => ({ torch: torchIsOn(track) }), signal);
  try {
    if (torchIsOn(track) !== torch) {
      await adjustment.apply({ torch }, signal);
      await pause(SETTLE_MS, signal);
    }
    return await shoot();
  } finally {
    await adjustment.end();
  }
}
