export { adler32 } from './adler32';
export { crc32, crc32Tables } from './crc32';
export { deflate, deflateBound, deflateScratch, deflateStart } from './deflate';
export { huffmanLengths } from './deflate/huffman';
export { filterRows } from './filter';
export { bgraToRgb, bgraToRgba, copyRows, rgbaToRgb } from './pack';
export { collectColours, colourTableBytes, greyOf, indexColours, packSamples, tabulateColours } from './reduce';
