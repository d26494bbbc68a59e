export { pairPixelRows, pairSampleRows, pairUvRows } from './load';
export { pairWideRows, premultiplyPixels, unpremultiplyPixels } from './alpha';
export { delinearizePixels, linearizePixels } from './light';
export { filterColumns } from './vertical';
export { filterPixels, filterPixelsToBytes, filterSamplesToBytes } from './horizontal';
