export { transformMcuRow } from './transform';
export { countSymbols, encodeBlocks, flushBits } from './huffman';
