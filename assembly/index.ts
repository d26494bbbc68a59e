/** The export list of the kernels. */

/** First free byte behind the constant tables: the owner of linear memory starts its stack here. */
export const heapBase: usize = __heap_base;

export * from './color';
export * from './jpeg';
export * from './scale';
export * from './png';
export * from './red-eye';
export * from './sharpness';
