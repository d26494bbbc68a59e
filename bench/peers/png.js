/** PNG encoders that a web app may take instead, as their own documentation recommends. */
import { encode as jsquash } from '@jsquash/png';
import initOxipng, { optimise_raw as oxipng } from '@jsquash/oxipng/codec/pkg/squoosh_oxipng.js';
import { encode as fastPng } from 'fast-png';
import UPNG from 'upng-js';

/**
 * @param {ImageData} image
 * @param {() => Promise<void>} [prepare] makes the codecs ready where they cannot do it themselves
 */
export function pngContestants(image, prepare = initOxipng) {
  const { data, width, height } = image;
  return [
    peer('@jsquash/png', () => jsquash(image)),
    // On one thread, as on pages that are not isolated, at its default level.
    peer('@jsquash/oxipng', () => oxipng(data, width, height, 2, false, false)),
    peer('fast-png', () => fastPng({ data, width, height })),
    peer('upng-js', () => UPNG.encode([data.buffer], width, height, 0)),
  ];

  function peer(name, encode) {
    const run = async () => new Blob([await encode()], { type: 'image/png' });
    return { name, peer: true, open: () => prepare(), run };
  }
}
