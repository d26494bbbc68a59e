/** What the bench compares with, and the measure of likeness; built into one module for it. */
export { jpegContestants } from './jpeg.js';
export { pngContestants } from './png.js';
export { similarity } from './similarity.js';
export { scaleContestants } from './scale.js';
