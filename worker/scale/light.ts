/**
 * Tables between sRGB codes and light (IEC 61966-2-1), in integers. White is 32640 = 255 × 128.
 *
 * The power 2.4 is computed by a twelfth power and a fifth root in steps that IEEE 754 defines to the bit; engines may
 * round `Math.pow` differently.
 */

/** Light of white. */
const WHITE = 32640;

/** Light of every code, and the code of every light, rounded among the codes. */
type LightTables = { light: Uint16Array<ArrayBuffer>; codes: Uint8Array<ArrayBuffer> };

let tables: LightTables | undefined;

/** The tables; computed once. */
export function lightTables(): LightTables {
  tables ??= computeTables();
  return tables;
}

function computeTables(): LightTables {
  const light = Uint16Array.from({ length: 256 }, (_, code) => Math.round(WHITE * lightOf(code / 255)));
  const codes = new Uint8Array(WHITE + 1);
  for (let code = 255, end = WHITE + 1; code >= 0; code--) {
    const from = code === 0 ? 0 : Math.ceil(WHITE * lightOf((code - 0.5) / 255));
    codes.fill(code, from, end);
    end = from;
  }
  return { light, codes };
}

/** The transfer function of sRGB, from 0..1 to 0..1. */
function lightOf(value: number): number {
  if (value <= 0.04045) return value / 12.92;
  const base = (value + 0.055) / 1.055;
  const cube = base * base * base;
  return fifthRoot(cube * cube * cube * cube);
}

/** By Newton's method, from above; for 0 < x <= 1. */
function fifthRoot(x: number): number {
  let root = 1;
  for (let i = 0; i < 64; i++) root = (4 * root + x / (root * root * root * root)) / 5;
  return root;
}
