/**
 * 'motordrive/bench': compares ways to make photos, on any page, in a worker or in Node.
 *
 *     const { rows } = await bench({
 *       contestants: [convertToBlob({ quality: 0.9 }), motordrive({ quality: 0.9 })],
 *       frames: [{ name: 'camera', width: 1920, height: 1080, take: () => new VideoFrame(video) }],
 *     });
 */
export { bench } from './bench.ts';
export { compareResults, type Change, type CompareOptions } from './compare.ts';
export type { BenchFrame, Check, Contestant, Findings, Output } from './contestant.ts';
export {
  convertToBlob,
  motordrive,
  motordriveTakePhoto,
  nativeTakePhoto,
  toBlob,
  videoToBlob,
  type CanvasOptions,
  type Picture,
} from './contestants.ts';
export { engineName } from './engine-name.ts';
export { EQUAL_PSNR, psnr, ssim, type Pixels } from './likeness.ts';
export { decodePhoto, photoCheck, type PhotoCheckOptions } from './photo-check.ts';
export type { BenchOptions, BenchProgress } from './options.ts';
export {
  readResults,
  resultFile,
  writeResults,
  type ResultFacts,
  type ResultFile,
  type ResultRow,
} from './result-file.ts';
export type { BenchResult, BenchRow, Measure, Status } from './row.ts';
export {
  medianInterval,
  percentile,
  ratioInterval,
  summarise,
  type Interval,
  type IntervalOptions,
  type Summary,
} from './statistics.ts';
