export { forwardBlocks, isZero } from './coefficients';
export { encodeBlocks } from './direct';
export { encodeTokens, flushBits, startBits } from './huffman';
export { closeRun, closeScan, countTokens, dcTokens, firstTokens, refinementTokens, writeTokens } from './progressive';
export { tokenise } from './tokens';
export { quantiseBlocks, transformMcuRow } from './transform';
export { optimiseBlocks, optimiseDc } from './trellis';
