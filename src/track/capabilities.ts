/**
 * What photos of a track can be: PhotoCapabilities and PhotoSettings (W3C mediacapture-image), where the sizes are the
 * darkroom's, which scales, or the camera's own, and the fill light is the track's torch.
 */
import { failure } from '../../worker/errors.ts';
import { MAX_SIDE } from '../../worker/limits.ts';
import { nativeCapabilities } from './native-image-capture.ts';

/** How far a photo may be scaled up from the track's size. */
const ENLARGEMENT = 4;
/** The largest side in pixels that is offered beyond the track's own sizes. */
const LARGEST_ENLARGED_SIDE = 16384;

/** What is asked of a photo and limited by its capabilities. */
type Wanted = {
  fillLightMode?: FillLightMode | undefined;
  imageHeight?: number | undefined;
  imageWidth?: number | undefined;
};

/**
 * Capabilities and settings of a track as the specification has them; engines leave members out or say them otherwise.
 */
type TrackFacts = {
  torch?: boolean | boolean[];
  width?: number | { max?: number };
  height?: number | { max?: number };
};

/**
 * The capabilities of photos of this track, as a fresh object: made of its frames, and of the camera's own stills where
 * `stills` tells what they can be.
 */
export function photoCapabilities(track: MediaStreamTrack, stills: PhotoCapabilities = {}): PhotoCapabilities {
  return {
    ...(hasTorch(track) && { fillLightMode: ['off', 'flash'] as FillLightMode[] }),
    imageHeight: sideRange(track, 'height', stills.imageHeight),
    imageWidth: sideRange(track, 'width', stills.imageWidth),
    redEyeReduction: 'controllable',
  };
}

/** The capabilities of photos of this track, after asking the engine about the camera's own stills. */
export async function gatherCapabilities(track: MediaStreamTrack): Promise<PhotoCapabilities> {
  const stills = await nativeCapabilities(track);
  return photoCapabilities(track, stills);
}

/** The present settings of photos of this track, as a fresh object; what the track does not know yet is left out. */
export function photoSettings(track: MediaStreamTrack, redEyeReduction: boolean): PhotoSettings {
  const { width, height } = track.getSettings();
  return {
    ...(hasTorch(track) && { fillLightMode: torchIsOn(track) ? 'flash' : ('off' as FillLightMode) }),
    ...(height && { imageHeight: height }),
    ...(width && { imageWidth: width }),
    redEyeReduction,
  };
}

/** @throws NotSupportedError for a size outside the declared range or a fill light mode outside a declared list. */
export function assertSupported(capabilities: PhotoCapabilities, wanted: Wanted): void {
  const { fillLightMode: modes, ...ranges } = capabilities;
  const mode = wanted.fillLightMode;
  if (mode !== undefined && modes !== undefined && !modes.includes(mode)) {
    throw failure('NotSupportedError', `fillLightMode must be one of ${modes.join(', ')} on this track, not ${mode}.`);
  }
  for (const name of ['imageHeight', 'imageWidth'] as const) {
    const value = wanted[name];
    const { min, max } = ranges[name] as { min: number; max: number };
    if (value !== undefined && !(value >= min && value <= max)) {
      throw failure('NotSupportedError', `${name} must be from ${min} to ${max} on this track, not ${value}.`);
    }
  }
}

/** Whether the track's light can be switched on. Chromium says so with a boolean, the specification with a list. */
export function hasTorch(track: MediaStreamTrack): boolean {
  const { torch } = ownCapabilities(track);
  return Array.isArray(torch) ? torch.includes(true) : torch === true;
}

/** Whether the track's light is on. */
export function torchIsOn(track: MediaStreamTrack): boolean {
  return (track.getSettings() as TrackFacts).torch === true;
}

function sideRange(
  track: MediaStreamTrack,
  side: 'width' | 'height',
  still: MediaSettingsRange | undefined,
): MediaSettingsRange {
  const present = track.getSettings()[side];
  const own = ownCapabilities(track)[side];
  const largest = Math.max(typeof own === 'object' ? (own.max ?? 0) : 0, still?.max ?? 0);
  const enlarged = present ? Math.min(LARGEST_ENLARGED_SIDE, present * ENLARGEMENT) : LARGEST_ENLARGED_SIDE;
  return { max: Math.min(MAX_SIDE['image/jpeg'], Math.max(largest, enlarged)), min: 1, step: 1 };
}

/** Firefox has getCapabilities() from 132 on only. */
function ownCapabilities(track: MediaStreamTrack): TrackFacts {
  return typeof track.getCapabilities === 'function' ? track.getCapabilities() : {};
}
