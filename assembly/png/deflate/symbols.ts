/** Match lengths and distances as symbols and extra bits (RFC 1951, 3.2.5): powers of two, each in 4 or in 2 parts. */
import { SHORTEST } from './format';

/** The symbol of a match length 3 to 258, less 257. */
export function lengthSymbol(length: i32): i32 {
  const value = length - SHORTEST;
  if (value === 255) return 28;
  if (value < 8) return value;
  const power = 31 - clz(value);
  return ((power - 1) << 2) + ((value >> (power - 2)) & 3);
}

/** Extra bits of a length symbol less 257. */
export function lengthExtra(symbol: i32): i32 {
  return symbol < 8 || symbol === 28 ? 0 : (symbol >> 2) - 1;
}

/** The symbol of a distance 1 to 32768. */
export function distanceSymbol(distance: i32): i32 {
  const value = distance - 1;
  if (value < 4) return value;
  const power = 31 - clz(value);
  return (power << 1) + ((value >> (power - 1)) & 1);
}

/** Extra bits of a distance symbol. */
export function distanceExtra(symbol: i32): i32 {
  return symbol < 4 ? 0 : (symbol >> 1) - 1;
}

/** The same as {@link distanceSymbol}, without its branch; of no distance, 0, it is some number below 64. */
export function symbolOf(distance: u32): i32 {
  const value = <i32>distance - 1;
  const power = 31 - <i32>clz(value | 1);
  return ((power << 1) + ((value >> (power - i32(power > 0))) & 1)) & 63;
}
