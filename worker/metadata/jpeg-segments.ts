/** Metadata and colour profile as application segments of a JPEG (CIPA DC-008 4.5.4; ICC.1:2010 annex B.4). */

const APP1 = 0xe1;
const APP2 = 0xe2;
const EXIF = [...'Exif\0\0'].map((letter) => letter.charCodeAt(0));
const ICC_PROFILE = [...'ICC_PROFILE\0'].map((letter) => letter.charCodeAt(0));
/** The longest body: 65535 less the two bytes of the length. */
const MAX_BODY = 65533;

/**
 * APP1 and APP2 segments, one after the other, to stand behind APP0; what is undefined is left out. A profile may take
 * several segments, Exif only one.
 * @throws RangeError for Exif of more than 65527 bytes.
 */
export function jpegSegments(exif: Uint8Array | undefined, profile: Uint8Array | undefined): Uint8Array<ArrayBuffer> {
  const segments: Uint8Array[] = [];
  if (exif) {
    const room = MAX_BODY - EXIF.length;
    if (exif.length > room) {
      throw new RangeError(`options.metadata takes ${exif.length} bytes; a JPEG has room for ${room}.`);
    }
    segments.push(segment(APP1, EXIF, exif));
  }
  if (profile) {
    const room = MAX_BODY - ICC_PROFILE.length - 2;
    const count = Math.ceil(profile.length / room);
    for (let i = 0; i < count; i++) {
      segments.push(segment(APP2, [...ICC_PROFILE, i + 1, count], profile.subarray(i * room, (i + 1) * room)));
    }
  }
  const all = new Uint8Array(segments.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const bytes of segments) {
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}

/** A marker segment; its length counts itself (T.81 B.1.1.4). */
function segment(marker: number, signature: readonly number[], data: Uint8Array): Uint8Array {
  const length = 2 + signature.length + data.length;
  const bytes = new Uint8Array(2 + length);
  bytes.set([0xff, marker, length >> 8, length & 255, ...signature]);
  bytes.set(data, 4 + signature.length);
  return bytes;
}
