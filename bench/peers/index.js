/** What the bench compares with in browsers; built into one module for it. */
export { jpegContestants } from './jpeg.js';
export { pngContestants } from './png.js';
export { resizeContestants, shrinkContestants } from './resize.js';
