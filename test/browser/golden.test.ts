import { afterAll, expect, test } from 'vitest';
import { Darkroom } from '../../src/darkroom/darkroom.ts';
import { compileKernels, instantiateKernels } from '../../worker/memory/kernels.ts';
import { goldenJpegs, makeGoldenJpeg, sha256 } from '../helpers/golden-jpeg.ts';
import { goldenSmallJpegs, makeGoldenSmallJpeg } from '../helpers/golden-small-jpeg.ts';
import { GOLDEN_FRAME_HASHES } from '../helpers/golden-frames.hashes.ts';
import { GOLDEN_FRAMES, optionsOf, titleOf } from '../helpers/golden-frames.ts';
import { GOLDEN_METADATA, metadataBytes } from '../helpers/golden-metadata.ts';
import {
  correct,
  correctPlanes,
  face,
  goldenEyes,
  goldenRedEye,
  goldenRedEyePlanes,
} from '../helpers/golden-red-eye.ts';
import { goldenPng, GOLDEN_PNGS } from '../helpers/golden-png.ts';
import { digestOfResample, goldenResamples } from '../helpers/golden-resample.ts';
import { has } from '../helpers/engine.ts';
import { foreignness, videoFrameOf } from './golden-frame.ts';

const instance = await instantiateKernels(await compileKernels(new URL('../../build/kernels.wasm', import.meta.url)));

test.each(goldenJpegs)('JPEG: $name has the bytes it has in Node', async (golden) => {
  expect(await sha256(makeGoldenJpeg(instance, golden))).toBe(golden.sha256);
});

test.each(goldenSmallJpegs)('small JPEG: $name has the bytes it has in Node', async (golden) => {
  expect(await sha256(makeGoldenSmallJpeg(instance, golden))).toBe(golden.sha256);
});

test.each(goldenResamples)(
  'resampling: $format $kernel $source → $target has the bytes it has in Node',
  async (golden) => {
    instance.memory.reset();
    expect(await digestOfResample(instance, golden)).toBe(golden.digest);
  },
);

test('red eyes: the corrected face has the bytes it has in Node', async () => {
  expect(await sha256(correct(instance, face(380, 240, goldenEyes)).data)).toBe(goldenRedEye);
});

test.each(goldenRedEyePlanes)('red eyes: corrected $format planes have the bytes they have in Node', async (golden) => {
  expect(await sha256(correctPlanes(instance, golden))).toBe(golden.sha256);
});

test('metadata has the bytes it has in Node', async () => {
  expect(await sha256(metadataBytes())).toBe(GOLDEN_METADATA);
});

test.each(GOLDEN_PNGS)('PNG: $content $width × $height $effort has the bytes it has in Node', async (golden) => {
  instance.memory.reset();
  expect(await sha256(goldenPng(instance, golden))).toBe(golden.sha256);
});

const darkroom = new Darkroom({ workers: 1 });
afterAll(() => darkroom.close());

test.for(GOLDEN_FRAMES.map((one) => ({ title: titleOf(one), one })))(
  'frame: $title has the bytes it has in Node',
  async ({ title, one }, { skip }) => {
    skip((one.rotation > 0 || one.flip) && !has.rotation, 'frames do not know rotation');
    const frame = videoFrameOf(one);
    const foreign = foreignness(frame, one);
    if (foreign) frame.close();
    skip(Boolean(foreign), foreign);
    const { blob } = await darkroom.develop(frame, optionsOf(one));
    expect((await sha256(await blob.arrayBuffer())).slice(0, 16)).toBe(GOLDEN_FRAME_HASHES[title]);
  },
);
