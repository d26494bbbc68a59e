/**
 * Red-eye reduction of photographs that its forest has not seen, as a module `reduceRedEye(rgba, width, height)` for
 * evaluators of pixels. The environment names the data's folder (RED_EYE_DATA) and the tables that `train.mjs --folds`
 * wrote (RED_EYE_FOLDS).
 */
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { loadDetector } from './detector.mjs';

const { RED_EYE_DATA: folder, RED_EYE_FOLDS: folds } = process.env;
if (!folder || !folds) throw new Error('RED_EYE_DATA and RED_EYE_FOLDS are not set');
const { decode, reduce, useForest } = await loadDetector();
const tables = new Map();

/** Learns which table has not seen which photograph. */
export async function init() {
  for (const { files, table } of JSON.parse(readFileSync(folds, 'utf8'))) {
    for (const file of files) {
      const { data } = await decode(readFileSync(join(folder, file)));
      tables.set(hashOf(data), Buffer.from(table, 'base64'));
    }
  }
}

/** The corrected pixels, by the table of their fold. */
export function reduceRedEye(data, width, height) {
  useForest(tables.get(hashOf(data)));
  return { rgba: new Uint8ClampedArray(reduce({ data, width, height }).data) };
}

function hashOf(data) {
  return createHash('sha1').update(data).digest('hex');
}
