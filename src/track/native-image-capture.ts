import { answerWithin } from '../async/at-most.ts';

/** The engine's own ImageCapture, taken at load time: 'motordrive/polyfill' may put ours in its place later. */
type NativeClass = typeof globalThis.ImageCapture;

/** How long the engine may take to say what the camera can do, in ms. */
const ANSWER_MS = 1000;

const present: unknown = (globalThis as { ImageCapture?: unknown }).ImageCapture;

/** The engine's own class; undefined where there is none, and where a script has put another one in its place. */
export const NativeImageCapture: NativeClass | undefined =
  typeof present === 'function' && /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(present))
    ? (present as NativeClass)
    : undefined;

/**
 * Whether the engine's own class has these methods. Firefox with `dom.imagecapture.enabled` has an older, event-based
 * class with another takePhoto() and nothing else; Safari 18.4 to 18.6 lacks grabFrame().
 */
export function nativeHas(...methods: readonly (keyof ImageCapture)[]): boolean {
  return methods.every((method) => NativeImageCapture !== undefined && method in NativeImageCapture.prototype);
}

/** What the engine says of the camera's own photos; undefined where it says nothing. */
export async function nativeCapabilities(track: MediaStreamTrack): Promise<PhotoCapabilities | undefined> {
  if (!NativeImageCapture || !nativeHas('takePhoto', 'getPhotoCapabilities')) return undefined;
  return answerWithin(ANSWER_MS, new NativeImageCapture(track).getPhotoCapabilities());
}
