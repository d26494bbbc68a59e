/** JPEG encoders that a web app may take instead, as their own documentation recommends. */
import { encode as mozjpeg } from '@jsquash/jpeg';
import jpegJs from 'jpeg-js';

// It asks for Node's Buffer, of which it needs this much.
globalThis.Buffer ??= { from: (bytes) => Uint8Array.from(bytes) };

/** @param {ImageData} image @param {number} quality 0 to 1 */
export function jpegContestants(image, quality) {
  const percent = Math.round(quality * 100);
  const blob = (bytes) => new Blob([bytes], { type: 'image/jpeg' });
  return [
    { name: '@jsquash/jpeg', run: async () => blob(await mozjpeg(image, { quality: percent })) },
    {
      name: '@jsquash/jpeg (fast)',
      run: async () =>
        blob(await mozjpeg(image, { quality: percent, progressive: false, optimize_coding: false, quant_table: 0 })),
    },
    { name: 'jpeg-js', run: () => blob(jpegJs.encode(image, percent).data) },
  ];
}
