/** PNG encoders that a web app may take instead, as their own documentation recommends. */
import { encode as jsquash } from '@jsquash/png';
import { optimise as oxipng } from '@jsquash/oxipng';
import { encode as fastPng } from 'fast-png';
import UPNG from 'upng-js';

/** @param {ImageData} image */
export function pngContestants(image) {
  const blob = (bytes) => new Blob([bytes], { type: 'image/png' });
  const { data, width, height } = image;
  return [
    { name: '@jsquash/png', run: async () => blob(await jsquash(image)) },
    { name: '@jsquash/oxipng', run: async () => blob(await oxipng(image)) },
    { name: 'fast-png', run: () => blob(fastPng({ data, width, height })) },
    { name: 'upng-js', run: () => blob(UPNG.encode([data.buffer], width, height, 0)) },
  ];
}
