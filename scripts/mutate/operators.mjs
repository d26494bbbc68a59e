/** What becomes of what: the changes that a typing error, a wrong sign or a bound off by one would make. */

/** Operators between two operands, assignments among them. */
export const BINARY = {
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '/',
  '<<': '>>',
  '>>': '<<',
  '>>>': '>>',
  '&': '|',
  '|': '&',
  '^': '|',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
  '+=': '-=',
  '-=': '+=',
  '*=': '/=',
  '/=': '*=',
  '<<=': '>>=',
  '>>=': '<<=',
  '&=': '|=',
  '|=': '&=',
  '^=': '|=',
};

/** Operators before one operand: left out, or the other. */
export const UNARY = { '-': '', '!': '', '~': '', '++': '--', '--': '++' };

/** Functions, by their last name: vector instructions, AssemblyScript's built-ins and Math. */
export const CALLS = {
  abs: '',
  add: 'sub',
  add_sat_s: 'sub_sat_s',
  add_sat_u: 'sub_sat_u',
  all_true: 'any_true',
  and: 'or',
  andnot: 'and',
  any_true: 'all_true',
  avgr_u: 'max_u',
  ceil: 'floor',
  clz: 'ctz',
  ctz: 'clz',
  eq: 'ne',
  extadd_pairwise_i16x8_s: 'extadd_pairwise_i16x8_u',
  extadd_pairwise_i16x8_u: 'extadd_pairwise_i16x8_s',
  extend_high_i16x8_s: 'extend_low_i16x8_s',
  extend_high_i16x8_u: 'extend_low_i16x8_u',
  extend_high_i8x16_s: 'extend_low_i8x16_s',
  extend_high_i8x16_u: 'extend_low_i8x16_u',
  extend_low_i16x8_s: 'extend_high_i16x8_s',
  extend_low_i16x8_u: 'extend_high_i16x8_u',
  extend_low_i8x16_s: 'extend_high_i8x16_s',
  extend_low_i8x16_u: 'extend_high_i8x16_u',
  extmul_high_i16x8_s: 'extmul_low_i16x8_s',
  extmul_high_i16x8_u: 'extmul_low_i16x8_u',
  extmul_high_i8x16_s: 'extmul_low_i8x16_s',
  extmul_high_i8x16_u: 'extmul_low_i8x16_u',
  extmul_low_i16x8_s: 'extmul_high_i16x8_s',
  extmul_low_i16x8_u: 'extmul_high_i16x8_u',
  extmul_low_i8x16_s: 'extmul_high_i8x16_s',
  extmul_low_i8x16_u: 'extmul_high_i8x16_u',
  floor: 'ceil',
  ge: 'gt',
  ge_s: 'gt_s',
  ge_u: 'gt_u',
  gt: 'ge',
  gt_s: 'ge_s',
  gt_u: 'ge_u',
  le: 'lt',
  le_s: 'lt_s',
  le_u: 'lt_u',
  lt: 'le',
  lt_s: 'le_s',
  lt_u: 'le_u',
  max: 'min',
  max_s: 'min_s',
  max_u: 'min_u',
  min: 'max',
  min_s: 'max_s',
  min_u: 'max_u',
  mul: 'add',
  narrow_i16x8_s: 'narrow_i16x8_u',
  narrow_i16x8_u: 'narrow_i16x8_s',
  narrow_i32x4_s: 'narrow_i32x4_u',
  narrow_i32x4_u: 'narrow_i32x4_s',
  ne: 'eq',
  neg: 'abs',
  or: 'and',
  popcnt: 'ctz',
  q15mulr_sat_s: 'add',
  round: 'floor',
  shl: 'shr_s',
  shr_s: 'shr_u',
  shr_u: 'shr_s',
  sub: 'add',
  sub_sat_s: 'add_sat_s',
  sub_sat_u: 'add_sat_u',
  trunc: 'ceil',
  xor: 'or',
};

/** What is loaded: the sign of narrow numbers. */
export const TYPES = { u8: 'i8', i8: 'u8', u16: 'i16', i16: 'u16' };

/** Constants, bounds, lanes and immediates: one more, one less; fractions one per cent off. */
export function otherNumbers(text) {
  const digits = text.replaceAll('_', '');
  if (/^(0x[\da-f]+|\d+)n?$/i.test(digits)) {
    const big = digits.endsWith('n');
    const value = BigInt(big ? digits.slice(0, -1) : digits);
    const others = value === 0n ? [1n] : [value + 1n, value - 1n];
    return others.map((other) => `${other}${big ? 'n' : ''}`);
  }
  const value = Number(digits);
  return [String(value * 1.01), String(value * 0.99)];
}
