export { deinterleaveUv } from './planes';
export { rgbaToChroma422, rgbaToChroma444, rgbaToLuma, rgbaToYcc420 } from './rgb-to-ycc';
export { compositeOnWhite, copyReplicated, hasEqualChannels, isConstant, isOpaque } from './strips';
export { bt709ToBt601, scaleSamples, yuv420ToRgba } from './yuv';
