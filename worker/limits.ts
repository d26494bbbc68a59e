/** How large a photo may be: no side may be longer than readers can open. */

/**
 * The longest side of a photo in pixels. JPEG could hold 65535 (T.81 B.2.2), but libjpeg, and with it every browser,
 * opens no more than 65500; PNG could hold 2^31 - 1, but libpng opens no more than a million unless it is told to.
 */
export const MAX_SIDE = { 'image/jpeg': 65500, 'image/png': 1_000_000 };

/** @throws RangeError for a photo with a side that is too long for its type. */
export function assertSides(type: keyof typeof MAX_SIDE, width: number, height: number): void {
  const limit = MAX_SIDE[type];
  if (width > limit || height > limit) {
    throw new RangeError(`The photo would be ${width} × ${height} pixels; a side of ${type} is at most ${limit}.`);
  }
}
