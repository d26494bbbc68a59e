export { forwardBlocks, isZero } from './coefficients';
export { encodeBlocks, SMALL as smallCodes } from './direct';
export { encodeTokens, flushBits } from './huffman';
export { closeRun, closeScan, countTokens, dcTokens, firstTokens, refinementTokens, writeTokens } from './progressive';
export { BLOCK_BYTES as quantisedBytes, WIDE_BYTES as exactBytes } from './quantise';
export { tokenise } from './tokens';
export { COEFS_BYTES as coefficientBytes, quantiseBlocks, transformMcuRow } from './transform';
export { optimiseBlocks, optimiseDc } from './trellis';
