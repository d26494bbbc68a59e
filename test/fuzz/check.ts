/** Whether a case's photo is right: the property that the fuzzer tries. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { compileKernels, instantiateKernels, type KernelInstance } from '../../worker/memory/kernels.ts';
import { djpeg, exiftool, hasJudge, pngcheck } from '../helpers/judges.ts';
import { Random } from '../helpers/random.ts';
import { readPng } from '../reference/png/png.ts';
import type { Case } from './case.ts';
import { develop, developByKernels, settingsOf, type Developed } from './develop.ts';
import { judgeError } from './due-errors.ts';
import { expectedPhoto, type Expected } from './expected.ts';
import { judgeJpegByDefinition } from './judge-jpeg.ts';
import { developInParts } from './parts.ts';
import { pixelsOf, rgbaByKernels } from './picture.ts';
import { judgeRedEyes, judgeSharpness } from './judge-frame.ts';
import { store, type Stored } from './stored.ts';

const wasm = await compileKernels(await readFile(new URL('../../build/kernels.wasm', import.meta.url)));
const used = await instantiateKernels(wasm);

/** Programs beside sharp take tens of milliseconds a case. */
export type Thoroughness = { programs?: boolean };

/** Expects a case's photo to be right; `programs` asks the decoders of this machine too. */
export async function check(given: Case, { programs = true }: Thoroughness = {}): Promise<void> {
  const stored = store(given);
  let made: Developed;
  try {
    made = develop(used, given, stored);
  } catch (error) {
    judgeError(error, given, used, stored);
    return;
  }
  judgeError(undefined, given, used, stored);
  const bytes = workingBytes(stored, made);
  litter(used, given, bytes);
  assertSameBytes(develop(used, given, stored).file, made.file, 'the second photo');
  const fresh = await instantiateKernels(wasm);
  litter(fresh, given, bytes);
  assertSameBytes(develop(fresh, given, stored).file, made.file, 'the photo of a fresh instance');
  const published = 'pixels' in made.read ? developByKernels(given, made.read.pixels.data) : undefined;
  if (published) assertSameBytes(published, made.file, "the photo of 'motordrive/kernels'");

  const { corrected, geometry, orientation, settings } = made;
  const expected = expectedPhoto(corrected, geometry, orientation, settings, (planes) => rgbaByKernels(used, planes));
  judgeSharpness(made, given);
  judgeRedEyes(made);
  await judgePhoto(made.file, expected, given, programs);
  await developInParts(used, given, stored, made);
}

/** Expects a file to hold what was expected. */
async function judgePhoto(file: Uint8Array, expected: Expected, given: Case, programs: boolean): Promise<void> {
  const settings = settingsOf(given);
  const { data, info } = await sharp(file, { failOn: 'warning', ignoreIcc: true, limitInputPixels: false })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const [shown] = 'planes' in expected.picture ? expected.picture.planes : [expected.picture.pixels];
  assert.deepEqual([info.width, info.height], [shown.width, shown.height], 'size by sharp');
  if (settings.type === 'image/png') {
    const { pixels } = readPng(file);
    assertSameBytes(data, pixels, 'the pixels by sharp');
    const converted = 'planes' in expected.picture ? 1 : 0;
    judgePixels(pixels, pixelsOf(expected.picture).data, expected.tolerance + converted);
    if (programs && hasJudge('pngcheck')) pngcheck(file);
  } else {
    if (settings.maxBytes !== undefined) assert(file.length <= settings.maxBytes, `${file.length} bytes`);
    judgeJpegByDefinition(file, expected, settings);
    if (programs && hasJudge('djpeg')) djpeg(file);
  }
  if (programs && settings.metadata && hasJudge('exiftool')) {
    assert.match(String(exiftool(file)['ExifTool:Validate']), /^(OK|0 0 0)$/, 'exiftool');
  }
}

/** Expects pixels to be those, colours weighed by the lesser alpha: what is hardly seen has hardly a colour. */
function judgePixels(pixels: Uint8Array, expected: Uint8Array, tolerance: number): void {
  assert.equal(pixels.length, expected.length);
  for (let i = 0; i < pixels.length; i++) {
    const isWeighed = (i & 3) !== 3 && tolerance > 0;
    const weight = isWeighed ? Math.min(pixels[i | 3]!, expected[i | 3]!) / 255 : 1;
    const off = Math.abs(pixels[i]! - expected[i]!) * weight;
    assert(
      off <= tolerance + 0.5 * Math.sign(tolerance),
      `channel ${i & 3} of pixel ${i >> 2} is ${pixels[i]}, not ${expected[i]}`,
    );
  }
}

function assertSameBytes(a: Uint8Array, b: Uint8Array, what: string): void {
  assert(Buffer.compare(a, b) === 0, `${what} has other bytes`);
}

/** Fills the memory that a case may work on with noise. */
function litter({ memory }: KernelInstance, { seed }: Case, bytes: number): void {
  memory.reset();
  memory.reserve(bytes);
  const free = memory.bytes(memory.mark(), bytes);
  const rubbish = new Random(seed).bytes(8191);
  for (let at = 0; at < bytes; at += rubbish.length) free.set(rubbish.subarray(0, bytes - at), at);
}

/** More than the stages take for a photo. */
function workingBytes({ data }: Stored, { geometry: { width, height } }: Developed): number {
  return 2 ** 20 + data.length * 8 + width * height * 48;
}
