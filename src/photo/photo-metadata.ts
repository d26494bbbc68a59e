/** What the page knows of a photo: the camera by its track, and the time of the shot. */
import { resolveMetadata, type PhotoMetadata } from '../../worker/metadata/photo-metadata.ts';

/** Settings of a camera's track (W3C mediacapture-image, constrainable properties), which lib.dom lacks. */
type CameraSettings = MediaTrackSettings & {
  /** In units of 100 µs. */
  exposureTime?: number;
  exposureCompensation?: number;
  exposureMode?: string;
  /** In metres. */
  focusDistance?: number;
  iso?: number;
  torch?: boolean;
  whiteBalanceMode?: string;
};

/**
 * What the track says of a frame captured at `timestamp` (ms on the clock of `performance.now()`), overridden by the
 * metadata that was given, which is checked already. Settings that make no sense are left out. Returns false when false
 * was given.
 */
export function shotMetadata(
  track: MediaStreamTrack,
  timestamp: number,
  given: PhotoMetadata | false,
): PhotoMetadata | false {
  if (given === false) return false;
  const settings: CameraSettings = track.getSettings();
  const { exposureTime = 0, exposureCompensation, exposureMode, focusDistance = 0, iso = 0, torch } = settings;
  const known: PhotoMetadata = {
    dateTimeOriginal: new Date(Date.now() - performance.now() + timestamp),
    ...camera(track.label, settings),
    exposureTime: within(1e-9, exposureTime / 10_000, 1e6),
    photographicSensitivity: within(1, Math.round(iso), 1e9),
    exposureBiasValue: within(-100, exposureCompensation, 100),
    exposureMode: modeOf(exposureMode),
    whiteBalance: modeOf(settings.whiteBalanceMode),
    subjectDistance: focusDistance === Infinity ? Infinity : within(1e-3, focusDistance, 1e6),
    flash: typeof torch === 'boolean' ? torch : undefined,
  };
  return { ...resolveMetadata(known), ...given };
}

/** Makers whose names begin the names of their cameras. */
const MAKERS =
  /^(AVerMedia|Acer|Anker|Apple|Asus|AUKEY|Canon|Cisco|Creative|Dell|Elgato|Fujifilm|GoPro|Google|HP|Huawei|Insta360|Jabra|Lenovo|Logitech|Microsoft|Motorola|Nikon|OBSBOT|Olympus|Panasonic|Philips|Poly|Razer|Samsung|Sony|Trust|Xiaomi|ZED)\b[ -]*/i;

/** Makers by their USB vendor numbers, for cameras whose names do not say. */
const VENDORS: Record<string, string> = {
  '03f0': 'HP',
  '041e': 'Creative',
  '045e': 'Microsoft',
  '046d': 'Logitech',
  '04a9': 'Canon',
  '04e8': 'Samsung',
  '05ac': 'Apple',
  '0fd9': 'Elgato',
  '1532': 'Razer',
  '17ef': 'Lenovo',
  '18d1': 'Google',
  '2e1a': 'Insta360',
};

/** Labels of canvases: numbers in Chromium, this name in WebKit; Firefox has none. */
const NO_CAMERA = /^([^ ]{32,}|CanvasCaptureMediaStreamTrack)$/;

/**
 * Maker and model from a track's label: 'Logitech BRIO (046d:085e)', 'HD Pro Webcam C920: HD Pro Webcam C920',
 * 'FaceTime HD Camera', 'camera2 0, facing back'. Tracks of screens and canvases have no camera.
 */
export function camera(label: string, { deviceId, displaySurface }: MediaTrackSettings): PhotoMetadata {
  if (displaySurface !== undefined || label === deviceId || NO_CAMERA.test(label)) return {};
  const usb = /\s*\(([0-9a-f]{4}):[0-9a-f]{4}\)$/i.exec(label);
  const name = (usb ? label.slice(0, usb.index) : label).replaceAll('\0', '').slice(0, 200).trim();
  const [first, second] = name.split(/: */, 2);
  // Linux tells the names of device and interface, the second one often being the first again, cut off.
  const model = second && first!.startsWith(second) ? first! : name;
  const named = MAKERS.exec(model);
  const short = named ? model.slice(named[0].length) : model;
  const vendor = /^(FaceTime|iPhone|iPad|iSight)\b/.test(model) ? 'Apple' : VENDORS[usb?.[1]!.toLowerCase() ?? ''];
  return { make: named?.[1] ?? vendor, model: short || model };
}

/** The engines' modes are 'none', 'manual', 'single-shot' and 'continuous'. */
function modeOf(mode: string | undefined): 'auto' | 'manual' | undefined {
  if (mode === 'manual') return mode;
  return mode === 'continuous' || mode === 'single-shot' ? 'auto' : undefined;
}

function within(least: number, value: number | undefined, greatest: number): number | undefined {
  return typeof value === 'number' && value >= least && value <= greatest ? value : undefined;
}
