import { ssim, type Pixels } from '../../src/bench/likeness.ts';

/** Finds the quality, in percent, at which an encoder's photo is as like the original as the reference's. */
export type Equalise = (encode: (image: Pixels, percent: number) => Promise<Blob> | Blob) => Promise<number>;

/** Side of the part that is tried on, in pixels. */
const SIDE = 512;

/**
 * Scales of quality differ from encoder to encoder, so each is set to the least that has the SSIM of the reference on
 * the middle of the picture.
 */
export function equaliser(
  image: Pixels,
  reference: (part: Pixels) => Promise<Blob>,
  decode: (photo: Blob) => Promise<Pixels>,
  makeImage: (data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number) => Pixels,
): Equalise {
  let target: Promise<{ part: Pixels; wanted: number }> | undefined;
  const find = async () => {
    const part = middleOf(image, makeImage);
    return { part, wanted: ssim(part, await decode(await reference(part))) };
  };
  return async (encode) => {
    const { part, wanted } = await (target ??= find());
    let [low, high] = [50, 99];
    while (low < high) {
      const percent = (low + high) >> 1;
      if (ssim(part, await decode(await encode(part, percent))) >= wanted) high = percent;
      else low = percent + 1;
    }
    return low;
  };
}

function middleOf(
  image: Pixels,
  makeImage: (data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number) => Pixels,
): Pixels {
  const [width, height] = [Math.min(SIDE, image.width), Math.min(SIDE, image.height)];
  const [left, top] = [(image.width - width) >> 1, (image.height - height) >> 1];
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 4;
    for (let i = 0; i < width * 4; i++) data[y * width * 4 + i] = image.data[from + i]!;
  }
  return makeImage(data, width, height);
}
