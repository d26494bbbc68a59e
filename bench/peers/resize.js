/** Libraries that scale pictures in web apps, as their own documentation recommends; one thread each, lanczos3. */
import imageCompression from 'browser-image-compression';
import jsquash from '@jsquash/resize';
import pica from 'pica';

/** @param {ImageData} image @param {{ width: number, height: number }} to */
export function resizeContestants(image, { width, height }) {
  const scaler = pica({ features: ['js', 'wasm'], concurrency: 1 });
  const { data } = image;
  return [
    {
      name: 'pica (wasm)',
      peer: true,
      run: async () =>
        void (await scaler.resizeBuffer({
          src: data,
          width: image.width,
          height: image.height,
          toWidth: width,
          toHeight: height,
          filter: 'lanczos3',
        })),
    },
    {
      name: '@jsquash/resize',
      peer: true,
      run: async () => void (await jsquash(image, { width, height, method: 'lanczos3', linearRGB: false })),
    },
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
