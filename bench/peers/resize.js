/** Libraries that scale pictures in web apps, as their own documentation recommends; one thread each, lanczos3. */
import imageCompression from 'browser-image-compression';
import jsquash from '@jsquash/resize';
import pica from 'pica';

/** @param {ImageData} image @param {{ width: number, height: number }} to */
export function resizeContestants(image, to) {
  const { width, height } = to;
  const scaler = pica({ features: ['js', 'wasm'], concurrency: 1 });
  const { data } = image;
  const contestant = (name, scale) => {
    let made;
    const run = async () => void (made = await scale());
    return { name, peer: true, run, picture: () => ({ data: made, width, height }) };
  };
  return [
    contestant('pica (wasm)', () =>
      scaler.resizeBuffer({
        src: data,
        width: image.width,
        height: image.height,
        toWidth: width,
        toHeight: height,
        filter: 'lanczos3',
      }),
    ),
    contestant('@jsquash/resize', async () => {
      const scaled = await jsquash(image, { ...to, method: 'lanczos3', linearRGB: false, premultiply: false });
      return scaled.data;
    }),
  ];
}

/** @param {ImageData} _image @param {{ width: number, height: number }} to */
export function shrinkContestants(_image, { width }) {
  return [
    {
      name: 'browser-image-compression',
      peer: true,
      run: (photo) =>
        imageCompression(new File([photo], 'photo.jpg', { type: photo.type }), {
          maxWidthOrHeight: width,
          initialQuality: 0.9,
          alwaysKeepResolution: true,
          useWebWorker: false, // its worker loads itself from another origin
        }),
    },
  ];
}
