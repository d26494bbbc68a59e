export { classifyEye } from './classify';
export { close5x5 } from './closing';
export { correctEye } from './correct';
export { fitDisc } from './disc';
export { describeEye, FEATURES as redEyeFeatures } from './features';
export { halvePixels, rednessMaps } from './pyramid';
export { refineCircle } from './rays';
export { findCandidates, summedArea } from './surround';
