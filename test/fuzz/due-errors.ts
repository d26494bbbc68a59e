/** Which errors the options of a case demand: no other may be thrown, and these must be. */
import assert from 'node:assert/strict';
import type { KernelInstance } from '../../worker/memory/kernels.ts';
import { displayOf, type Case } from './case.ts';
import { develop } from './develop.ts';
import type { Stored } from './stored.ts';

/** The longest sides that readers of a file open. */
const longestSide = ({ options: { type } }: Case): number => (type === 'image/png' ? 1_000_000 : 65_500);

/** Values of the wrong kind are TypeErrors, values out of their limits RangeErrors. */
type Errors = typeof TypeError | typeof RangeError;

/** Expects an error, or that there was none, to be what the case demands. */
export function judgeError(error: unknown, given: Case, instance: KernelInstance, stored: Stored): void {
  const due = dueError(given) ?? tooFewBytes(given, instance, stored);
  if (error === undefined) {
    assert(due === undefined, `a ${due?.name} is due`);
    return;
  }
  if (due === undefined || !(error instanceof due)) throw error;
  assert.match(error.message, /^options\.\w+|^The photo (needs|would be)/, 'an error names its option');
}

/** The error that options demand by themselves, or with the size of the frame. */
function dueError(given: Case): Errors | undefined {
  const all = given.options as Record<string, unknown>;
  for (const [name, value] of Object.entries(all)) {
    const due = value === undefined ? undefined : wrong(name, value, longestSide(given));
    if (due) return due;
  }
  const { imageWidth, imageHeight, type, maxBytes } = given.options;
  if (type === 'image/png' && maxBytes !== undefined) return TypeError;
  const { width, height } = displayOf(given);
  const [across, down] = [imageWidth, imageHeight].map((side) => side && Math.max(1, Math.round(side)));
  const wide = across ?? (down === undefined ? width : (down * width) / height);
  const high = down ?? (across === undefined ? height : (across * height) / width);
  return Math.round(Math.max(wide, high)) > longestSide(given) ? RangeError : undefined;
}

function wrong(name: string, value: unknown, longest: number): Errors | undefined {
  const inside = (least: number, most: number): Errors | undefined => {
    if (typeof value !== 'number' || Number.isNaN(value)) return TypeError;
    return value < least || value > most ? RangeError : undefined;
  };
  switch (name) {
    case 'quality':
      return inside(0, 1);
    case 'imageWidth':
    case 'imageHeight':
      return inside(Number.MIN_VALUE, longest + 0.499);
    case 'maxBytes':
    case 'workers':
      return inside(1, Infinity) ?? (Number.isInteger(value) ? undefined : RangeError);
    case 'mirror':
    case 'linear':
    case 'redEyeReduction':
    case 'measureSharpness':
      return typeof value === 'boolean' ? undefined : TypeError;
    case 'metadata':
      return wrongMetadata(value);
    default:
      return CHOICES[name]?.test(String(value)) ? undefined : TypeError;
  }
}

const CHOICES: Record<string, RegExp> = {
  type: /^image\/(jpeg|png)$/,
  effort: /^(speed|balanced|size)$/,
  chromaSubsampling: /^4:(2:0|2:2|4:4)$/,
  fit: /^(cover|contain|fill)$/,
  kernel: /^(box|bilinear|mitchell|lanczos3)$/,
  background: /^#([0-9a-f]{3}){1,2}$/,
};

function wrongMetadata(value: unknown): Errors | undefined {
  if (value === false) return undefined;
  if (typeof value !== 'object' || value === null) return TypeError;
  const { make, fNumber, gps } = value as { make?: string; fNumber?: number; gps?: { latitude: number } };
  const outside = make?.includes('\0') || fNumber === 0 || (gps && Math.abs(gps.latitude) > 90);
  return outside ? RangeError : undefined;
}

/** A budget of bytes is too small when the coarsest quantisation takes more. */
function tooFewBytes(given: Case, instance: KernelInstance, stored: Stored): Errors | undefined {
  const { maxBytes, ...options } = given.options;
  if (maxBytes === undefined) return undefined;
  const coarsest: Case = { ...given, options: { ...options, quality: 0, effort: 'balanced' } };
  return develop(instance, coarsest, stored).file.length > maxBytes ? RangeError : undefined;
}
