/** Metadata with every member, and the hash of what the writers make of it, in every engine. */
import { exif } from '../../worker/metadata/exif.ts';
import { iccProfile } from '../../worker/metadata/icc.ts';
import { jpegSegments } from '../../worker/metadata/jpeg-segments.ts';
import type { PhotoMetadata } from '../../worker/metadata/photo-metadata.ts';
import { pngChunks } from '../../worker/metadata/png-chunks.ts';

/** Nothing is left to the host's time zone. */
export const FULL_METADATA: PhotoMetadata = {
  dateTimeOriginal: new Date('2026-02-28T22:30:59.007Z'),
  dateTime: new Date('2026-03-01T00:00:00.500Z'),
  offsetTime: '+05:45',
  make: 'Łódź Cameras',
  model: 'M "1"',
  software: 'Motordrive 0.1.0',
  artist: 'Änne 写真',
  copyright: '© 2026 Änne',
  imageDescription: 'One line\nand another',
  exposureTime: 1 / 30,
  fNumber: 2.8,
  photographicSensitivity: 400,
  exposureBiasValue: -2 / 3,
  exposureMode: 'manual',
  whiteBalance: 'auto',
  flash: true,
  focalLength: 4.25,
  subjectDistance: 1.5,
  gps: {
    latitude: -33.8567844,
    longitude: -151.2152967,
    altitude: -430.5,
    accuracy: 4.5,
    heading: 271.5,
    speed: 1.5,
    timestamp: new Date('2026-02-28T22:30:58.250Z'),
  },
};

/** SHA-256 of {@link metadataBytes}. */
export const GOLDEN_METADATA = '022de3a67be09f18aa964417cd7a589f50c4f84a946827e6cc530b8ffc0b72db';

/** Segments of a JPEG and chunks of a PNG, without any pixel. */
export function metadataBytes(): Uint8Array<ArrayBuffer> {
  const facts = {
    type: 'image/jpeg',
    width: 240,
    height: 180,
    colorSpace: 'display-p3',
    thumbnail: undefined,
  } as const;
  const block = exif(FULL_METADATA, facts);
  const profile = iccProfile('display-p3');
  const chunks = pngChunks(FULL_METADATA, block, profile).flatMap(({ data }) => [...data]);
  return Uint8Array.from([...jpegSegments(block, profile), ...chunks]);
}
