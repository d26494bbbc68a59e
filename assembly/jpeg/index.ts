export { encodeTokens, flushBits } from './huffman';
export { tokenise } from './tokens';
export { quantiseBlocks, transformMcuRow } from './transform';
