/**
 * Sets `globalThis.ImageCapture` where a page has none that is usable: Firefox, Safari before 26. Insecure contexts
 * stay without it, as the standard has it, and so does whatever has no DOM (Node, workers).
 */
import { ImageCapture } from './photo/image-capture.ts';
import { defineGlobal } from './photo/web-idl.ts';

/**
 * Sets `globalThis.ImageCapture`, and says whether it did. Importing the module does that already; `force` also
 * replaces a usable class of the engine's own, so that every engine behaves alike.
 */
export function install({ force = false }: { force?: boolean | undefined } = {}): boolean {
  if (globalThis.isSecureContext !== true || typeof document === 'undefined') return false;
  if (!force && isUsable((globalThis as { ImageCapture?: unknown }).ImageCapture)) return false;
  defineGlobal('ImageCapture', ImageCapture);
  return true;
}

/** Firefox with `dom.imagecapture.enabled` and Safari 18.4 to 18.6 have the class, but no grabFrame(). */
function isUsable(present: unknown): boolean {
  return typeof present === 'function' && 'grabFrame' in (present.prototype as object);
}

install();
