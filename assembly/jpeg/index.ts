export { encodeTokens, flushBits } from './huffman';
export { tokenise } from './tokens';
export { transformMcuRow } from './transform';
