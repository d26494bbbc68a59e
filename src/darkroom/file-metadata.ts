import type { PhotoMetadata } from '../../worker/metadata/photo-metadata.ts';

/** What photos name as the software that wrote them. */
export const SOFTWARE = 'Motordrive 0.1.0';

/** What every file can say: what wrote it and when, and that the picture is as old as that. */
export function fileMetadata(): PhotoMetadata {
  const now = new Date();
  return { software: SOFTWARE, dateTime: now, dateTimeOriginal: now };
}
