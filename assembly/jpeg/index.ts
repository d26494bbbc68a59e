export { transformMcuRow } from './transform';
export { countSymbols, encodeBlocks, flushBits } from './huffman';
export { forwardBlocks, isZero } from './coefficients';
export { quantiseBlocks, quantiseDc } from './trellis';
export { closeRun, closeScan, countTokens, dcTokens, firstTokens, refinementTokens, writeTokens } from './progressive';
