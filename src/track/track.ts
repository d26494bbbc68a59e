import { failure } from '../../worker/errors.ts';

/**
 * Checks that a value is a video track.
 * @throws TypeError for what is no MediaStreamTrack, DOMException NotSupportedError for a track of another kind.
 */
export function requireVideoTrack(track: unknown): asserts track is MediaStreamTrack {
  if (trackKind(track) !== 'video') {
    throw failure('NotSupportedError', 'The track is not a video track.');
  }
}

/** The brand check of Web IDL: tracks of other realms pass, look-alikes and Proxies do not. */
function trackKind(track: unknown): string {
  const kind = Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, 'kind')!.get!;
  try {
    return kind.call(track) as string;
  } catch {
    throw new TypeError('The track must be a MediaStreamTrack.');
  }
}
