export { pairPixelRows, pairSampleRows, spreadPixels, spreadSamples } from './load';
export { pairWideRows, premultiplyPixels, unpremultiplyPixels } from './alpha';
export { filterColumns, filterColumnsToBytes } from './vertical';
export { filterPixels, filterPixelsToBytes, filterPixelsToRowPair } from './horizontal';
export { filterSamplesToBytes, filterSamplesToRowPair } from './plane';
