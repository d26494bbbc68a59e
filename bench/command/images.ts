import { writeFileSync } from 'node:fs';
import type { ImageCrop } from '../hosts/request.ts';

/** Writes crops beside the result file, for the report. */
export function saveImages(images: readonly ImageCrop[], file: string): void {
  writeFileSync(file, `${JSON.stringify(images)}\n`);
}
