import type { ResultFile } from '../../src/bench/result-file.ts';
import { kindOf } from '../report/kind.ts';

/** Bits per pixel of the browser's JPEG at quality 0.9 that photographs have. */
const PHOTO_LIKE = { least: 1.2, most: 3.5 };

/** Whether a run is complete and tells anything: generated frames must be like photographs. */
export function isSound({ rows, complete, engine }: ResultFile): boolean {
  for (const { frame, contestant, question, bytes } of rows) {
    if (question !== 'jpeg' || contestant !== 'convertToBlob' || !frame.startsWith('generated')) continue;
    const [, width, height] = /(\d+) × (\d+)$/.exec(frame)!.map(Number);
    const bits = ((bytes ?? 0) * 8) / (width! * height!);
    if (kindOf(engine) !== 'chromium' || (bits >= PHOTO_LIKE.least && bits <= PHOTO_LIKE.most)) continue;
    console.error(`${frame} has ${bits.toFixed(2)} bits per pixel: not like a photograph`);
    return false;
  }
  return complete;
}
