/** The peers that run in Node. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { init as initJpeg } from '@jsquash/jpeg/encode.js';
import { init as initPng } from '@jsquash/png/encode.js';
import initOxipng from '@jsquash/oxipng/codec/pkg/squoosh_oxipng.js';
import { jpegContestants as jpeg } from './jpeg.js';
import { pngContestants as png } from './png.js';

const require = createRequire(import.meta.url);
// jSquash takes ImageData, which Node lacks, and fetches its modules by address, which Node cannot.
globalThis.ImageData ??= class ImageData {
  constructor(data, width, height) {
    Object.assign(this, { data, width, height });
  }
};

let prepared;
const prepare = () => (prepared ??= load());

async function load() {
  const compile = async (path) => WebAssembly.compile(await readFile(require.resolve(path)));
  await initJpeg(await compile('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'));
  await initPng(await compile('@jsquash/png/codec/pkg/squoosh_png_bg.wasm'));
  await initOxipng(await compile('@jsquash/oxipng/codec/pkg/squoosh_oxipng_bg.wasm'));
}

const asImageData = ({ data, width, height }) => new ImageData(data, width, height);

/** As in the browser. */
export const jpegContestants = (image, equalise) => jpeg(asImageData(image), equalise, prepare);
/** As in the browser. */
export const pngContestants = (image) => png(asImageData(image), prepare);
