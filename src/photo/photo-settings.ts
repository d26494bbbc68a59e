/** The argument of takePhoto(): PhotoSettings as Web IDL converts it, then the darkroom's own options. */
import type { PhotoMetadata } from '../../worker/metadata/photo-metadata.ts';
import { resolveOptions, type DevelopOptions } from '../../worker/options.ts';
import { toDictionary, toDouble, toEnum } from './web-idl.ts';

const FILL_LIGHT_MODES: readonly FillLightMode[] = ['auto', 'off', 'flash'];

/** The members that DevelopOptions adds to PhotoSettings, in the order they are read. */
const EXTENSIONS: Record<Exclude<keyof DevelopOptions, keyof PhotoSettings>, true> = {
  background: true,
  chromaSubsampling: true,
  effort: true,
  fit: true,
  kernel: true,
  linear: true,
  maxBytes: true,
  measureSharpness: true,
  metadata: true,
  mirror: true,
  quality: true,
  signal: true,
  type: true,
  workers: true,
};

/** What a call of takePhoto() asks for; its metadata is a copy, checked. */
export type PhotoRequest = {
  fillLightMode: FillLightMode | undefined;
  options: DevelopOptions & { metadata: PhotoMetadata | false };
};

/**
 * Reads each member once: those of PhotoSettings in lexicographical order, then the others; what is absent comes from
 * `defaults`. Sizes are not limited here: their range depends on the track.
 * @throws TypeError for a member of the wrong kind, RangeError for a `quality` outside its limits.
 */
export function readPhotoSettings(argument: unknown, defaults: DevelopOptions): PhotoRequest {
  const given = toDictionary(argument, 'photoSettings');
  const read = <T>(name: string, convert: (value: unknown, name: string) => T): T | undefined => {
    const value = given[name];
    return value === undefined ? undefined : convert(value, name);
  };
  const fillLightMode = read('fillLightMode', (value, name) => toEnum(value, name, FILL_LIGHT_MODES));
  const imageHeight = read('imageHeight', toDouble) ?? defaults.imageHeight;
  const imageWidth = read('imageWidth', toDouble) ?? defaults.imageWidth;
  const redEyeReduction = read('redEyeReduction', Boolean) ?? defaults.redEyeReduction;
  const options: Record<string, unknown> = { ...defaults, redEyeReduction };
  for (const name of Object.keys(EXTENSIONS)) {
    const value = given[name];
    if (value !== undefined) options[name] = value;
  }
  const { metadata } = resolveOptions({ ...options, imageHeight: undefined, imageWidth: undefined });
  return { fillLightMode, options: { ...options, imageHeight, imageWidth, metadata } };
}
