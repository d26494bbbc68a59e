/** The library's own detector. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { openProject } from '../typescript.mjs';

const KERNELS = fileURLToPath(new URL('../../build/kernels.wasm', import.meta.url));

/**
 * Functions that decode a file to RGBA, find the candidates in such pixels, judge candidates, and correct a copy of
 * them, or of the planes that a camera would have given instead; the baseline of the bench; `useForest` replaces the
 * table of trees by another one of its size.
 */
export async function loadDetector() {
  const server = await openProject();
  const { compileKernels, instantiateKernels } = await server.ssrLoadModule('/worker/memory/kernels.ts');
  const { describePicture, LEAST_SIDE } = await server.ssrLoadModule('/worker/red-eye/picture.ts');
  const { searchRedEyes } = await server.ssrLoadModule('/worker/red-eye/search.ts');
  const { redComponents } = await server.ssrLoadModule('/bench/questions/red-eye.ts');
  const { reduceRedEye } = await server.ssrLoadModule('/worker/red-eye/red-eye.ts');
  const { planarToRgba } = await server.ssrLoadModule('/worker/color/color.ts');
  const { bytesOf, loadPlanes } = await server.ssrLoadModule('/test/helpers/planes.ts');
  const { judge } = await server.ssrLoadModule('/worker/red-eye/judge.ts');
  await server.close();
  const instance = await instantiateKernels(await compileKernels(readFileSync(KERNELS)));
  const { memory } = instance;
  const decode = async (bytes) => {
    const picture = sharp(bytes).toColourspace('srgb').ensureAlpha().raw();
    const { data, info } = await picture.toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  };
  const load = ({ data, width, height }) => {
    memory.reset();
    const address = memory.alloc(data.length);
    memory.bytes(address, data.length).set(data);
    return { format: 'RGBA', width, height, address, stride: width * 4 };
  };
  const candidatesOf = (pixels) => {
    if (Math.min(pixels.width, pixels.height) < LEAST_SIDE) return [];
    return searchRedEyes(instance, describePicture(instance, load(pixels)));
  };
  return {
    candidatesOf,
    decode,
    judge,
    reduce: (pixels) => {
      const image = load(pixels);
      const eyes = reduceRedEye(instance, image);
      return { eyes, data: memory.bytes(image.address, pixels.data.length).slice() };
    },
    /**
     * As `reduce`, with the planes' pixels before the correction, and whether a second run changes what the first left.
     */
    reducePlanes: (pixels, format, colour) => {
      memory.reset();
      const image = loadPlanes(instance, pixels, format, colour);
      const rgba = () => {
        const mark = memory.mark();
        const data = memory.bytes(planarToRgba(instance, image).address, pixels.data.length).slice();
        memory.release(mark);
        return data;
      };
      const before = rgba();
      const eyes = reduceRedEye(instance, image);
      const [data, once] = [rgba(), bytesOf(instance, image)];
      const again = reduceRedEye(instance, image).length > 0 || !bytesOf(instance, image).equals(once);
      return { eyes, before, data, again };
    },
    useForest: (table) => memory.bytes(instance.kernels.redEyeForest.value, table.length).set(table),
    redComponents: ({ data, width, height }) => redComponents(data, width, height),
  };
}
