/** JPEG encoders that a web app may take instead, as their own documentation recommends, at equal likeness. */
import { encode as mozjpeg } from '@jsquash/jpeg';
import jpegJs from 'jpeg-js';
import { loadVips } from './vips.js';

// It asks for Node's Buffer, of which it needs this much.
globalThis.Buffer ??= { from: (bytes) => Uint8Array.from(bytes) };

/**
 * @param {ImageData} image
 * @param {(encode: (image: ImageData, percent: number) => Promise<Blob> | Blob) => Promise<number>} equalise
 * @param {() => Promise<void>} [prepare] makes the codecs ready where they cannot do it themselves
 */
export function jpegContestants(image, equalise, prepare) {
  const fast = { progressive: false, optimize_coding: false, quant_table: 0 };
  return [
    peer('@jsquash/jpeg', async (picture, quality) => mozjpeg(picture, { quality })),
    peer('@jsquash/jpeg (baseline)', async (picture, quality) => mozjpeg(picture, { quality, ...fast })),
    peer('jpeg-js', (picture, quality) => jpegJs.encode(picture, quality).data),
    peer('wasm-vips', async ({ data, width, height }, Q) => {
      const vips = await loadVips();
      const loaded = vips.Image.newFromMemory(data, width, height, 4, 'uchar');
      try {
        return loaded.writeToBuffer('.jpg', { Q });
      } finally {
        loaded.delete();
      }
    }),
  ];

  function peer(name, encode) {
    let quality;
    const toBlob = async (picture, percent) => new Blob([await encode(picture, percent)], { type: 'image/jpeg' });
    return {
      name,
      peer: true,
      open: async () => {
        await prepare?.();
        quality = await equalise(toBlob);
      },
      run: () => toBlob(image, quality),
    };
  }
}
