/**
 * Sets `globalThis.ImageCapture` where a page has none that is usable: Firefox, Safari before 26. Insecure contexts stay
 * without it, as the standard has it, and so does whatever has no DOM (Node, workers).
 */
import { ImageCapture } from './image-capture.ts';
import { defineGlobal } from './web-idl.ts';

/** Firefox with `dom.imagecapture.enabled` and Safari 18.4 to 18.6 have the class, but no grabFrame(). */
const native: unknown = (globalThis as { ImageCapture?: unknown }).ImageCapture;
const usable = typeof native === 'function' && 'grabFrame' in (native.prototype as object);

if (!usable && globalThis.isSecureContext === true && typeof document !== 'undefined') {
  defineGlobal('ImageCapture', ImageCapture);
}
