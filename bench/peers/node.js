/** The peers that run in Node. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { jpegContestants as jpeg } from './jpeg.js';
import { pngContestants as png } from './png.js';

const require = createRequire(import.meta.url);
// jSquash takes ImageData, which Node lacks, and fetches its module by address, which Node cannot.
globalThis.ImageData ??= class {
  constructor(data, width, height) {
    Object.assign(this, { data, width, height });
  }
};
const compiled = async (path) => WebAssembly.compile(await readFile(require.resolve(path)));

/** As in the browser. */
export const jpegContestants = (image, quality) => jpeg(image, quality, compiled);
/** As in the browser. */
export const pngContestants = (image) => png(image, compiled);
