/** Ways to scale that a web app may take instead, on one thread; gamma-encoded values, as drawImage does. */
import resize from '@jsquash/resize';
import Pica from 'pica';

/** @param {ImageData} image */
export function scaleContestants(image, width, height) {
  const { data } = image;
  const pica = new Pica({ features: ['js', 'wasm'], concurrency: 1 });
  const made = {};
  const contestant = (name, run) => ({
    name,
    run: async () => {
      made[name] = await run();
    },
    picture: () => ({ data: made[name], width, height }),
  });
  return [
    contestant('pica', () =>
      pica.resizeBuffer({
        src: data,
        width: image.width,
        height: image.height,
        toWidth: width,
        toHeight: height,
        filter: 'lanczos3',
      }),
    ),
    contestant('@jsquash/resize', async () => {
      const { data: scaled } = await resize(image, {
        width,
        height,
        method: 'lanczos3',
        linearRGB: false,
        premultiply: false,
      });
      return scaled;
    }),
  ];
}
