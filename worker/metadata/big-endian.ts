/** The bytes of a number of 32 bits, the highest first, as PNG has them and Exif where it says MM. */
export function uint32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}
