export { adler32 } from './adler32';
export { crc32, CRC32_TABLE_BYTES as crc32TableBytes, crc32Tables } from './crc32';
export { deflate, deflateBound, deflateLookahead, deflateScratch, deflateStart, deflateWindow } from './deflate';
export {
  CHEAPEST as searchCheapest,
  LITERALS_ALONE as searchLiteralsAlone,
  NEAR_RUNS as searchNearRuns,
  REPEATS as searchRepeats,
  ENDS as endingEnds,
  FLUSHES as endingFlushes,
  OPEN as endingOpen,
} from './deflate';
export { huffmanLengths } from './deflate/huffman';
export { BY_COST as filterByCost, BY_MAGNITUDE as filterByMagnitude, filterRows } from './filter';
export { bgraToRgb, bgraToRgba, copyRows, rgbaToRgb } from './pack';
export { collectColours, colourTableBytes, greyOf, indexColours, packSamples, tabulateColours } from './reduce';
