/**
 * The ICC profile of Display P3 (ICC.1:2010, version 4.2): a matrix, the curve of sRGB, and no more than a display
 * profile must have (8.4.3). Display P3 has the primaries of SMPTE EG 432-1 and white and curve of sRGB, so that greys
 * are the same in both.
 */

/** s15Fixed16 words: x, y, z of the primaries, adapted to D50 by Bradford's transform so that they add up to D50. */
const RED = [33759, 15807, -69];
const GREEN = [19135, 45367, 2745];
const BLUE = [10296, 4362, 51385];
/** D50, the white of the profile connection space (7.2.16). */
const D50 = [0xf6d6, 0x10000, 0xd32d];
/** Bradford's transform from D65 to D50, row by row. */
const ADAPTATION = [68674, 1502, -3291, 1939, 64912, -1119, -606, 988, 49262];
/** The curve of sRGB (IEC 61966-2-1) as function type 3: g, a, b, c, d. */
const CURVE = [157286, 62119, 3417, 5072, 2651];

const HEADER_BYTES = 128;
/** The letters 'enUS'. */
const EN_US = 0x656e5553;

/** The profile that pixels of a colour space need, or undefined for sRGB, which is what pixels are without one. */
export function iccProfile(colorSpace: PredefinedColorSpace): Uint8Array<ArrayBuffer> | undefined {
  return colorSpace === 'display-p3' ? displayP3() : undefined;
}

function displayP3(): Uint8Array<ArrayBuffer> {
  const elements: [string, Uint8Array][] = [
    ['desc', localised('Display P3')],
    ['cprt', localised('CC0')],
    ['wtpt', element('XYZ ', D50)],
    ['chad', element('sf32', ADAPTATION)],
    ['rXYZ', element('XYZ ', RED)],
    ['gXYZ', element('XYZ ', GREEN)],
    ['bXYZ', element('XYZ ', BLUE)],
    ['rTRC', element('para', [3 << 16, ...CURVE])],
    ['gTRC', new Uint8Array(0)],
    ['bTRC', new Uint8Array(0)],
  ];
  const tableBytes = 4 + 12 * elements.length;
  const size = elements.reduce((sum, [, bytes]) => sum + bytes.length, HEADER_BYTES + tableBytes);
  const profile = new Uint8Array(size);
  const view = new DataView(profile.buffer);
  profile.set(header(size));
  view.setUint32(HEADER_BYTES, elements.length);
  let end = HEADER_BYTES + tableBytes;
  let [at, length] = [0, 0];
  elements.forEach(([signature, bytes], i) => {
    // The three curves are one.
    if (bytes.length > 0) [at, length] = [end, bytes.length];
    profile.set(bytes, end);
    profile.set(ascii(signature), HEADER_BYTES + 4 + 12 * i);
    view.setUint32(HEADER_BYTES + 8 + 12 * i, at);
    view.setUint32(HEADER_BYTES + 12 + 12 * i, length);
    end += bytes.length;
  });
  return profile;
}

/** The profile header (7.2): a display's, from RGB to XYZ, perceptual, of no platform and no maker. */
function header(size: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, size);
  view.setUint32(8, 0x04200000);
  bytes.set(ascii('mntrRGB XYZ '), 12);
  [2026, 1, 1].forEach((part, i) => view.setUint16(24 + 2 * i, part)); // when it was made
  bytes.set(ascii('acsp'), 36);
  D50.forEach((word, i) => view.setInt32(68 + 4 * i, word));
  return bytes;
}

/** A tag of 32-bit words behind its type and four zero bytes. */
function element(type: string, words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8 + 4 * words.length);
  const view = new DataView(bytes.buffer);
  bytes.set(ascii(type));
  words.forEach((word, i) => view.setInt32(8 + 4 * i, word));
  return bytes;
}

/** A multiLocalizedUnicodeType (10.13) of one American text, filled up to whole words. */
function localised(text: string): Uint8Array {
  const letters = ascii(text);
  if (letters.length & 1) letters.push(0);
  const words = [1, 12, EN_US, 2 * text.length, 28];
  for (let i = 0; i < letters.length; i += 2) words.push((letters[i]! << 16) | letters[i + 1]!);
  return element('mluc', words);
}

function ascii(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}
