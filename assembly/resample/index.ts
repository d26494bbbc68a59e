export { pairPixelRows, pairSampleRows } from './load';
export { pairWideRows, premultiplyPixels, unpremultiplyPixels } from './alpha';
export { filterColumns } from './vertical';
export { filterPixels, filterPixelsToBytes, filterSamplesToBytes } from './horizontal';
