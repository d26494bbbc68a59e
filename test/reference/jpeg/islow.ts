/**
 * The forward DCT in the integers that the IJG calls "islow", a coefficient at a time: each output of a pass is one sum
 * of products with constants of 13 bits, rounded once. C. Loeffler, A. Ligtenberg and G. Moschytz, "Practical fast 1-D
 * DCT algorithms with 11 multiplications" (1989).
 */

const constant = (value: number): number => Math.round(value * 8192);

/** The rotations of the algorithm, by the values of its paper. */
const [C1, C2, C3] = [0.5411961, 0.765366865, 1.847759065].map(constant) as [number, number, number];
const ODD = [
  1.175875602, 0.298631336, 2.053119869, 3.072711026, 1.50132111, 0.899976223, 2.562915447, 1.96157056, 0.390180644,
].map(constant) as [number, number, number, number, number, number, number, number, number];

/** One pass over eight values: sums of 13 more bits. */
function pass(s: readonly number[]): number[] {
  const sum = (i: number): number => s[i]! + s[7 - i]!;
  const difference = (i: number): number => s[i]! - s[7 - i]!;
  const [even0, even1, odd0, odd1] = [sum(0) + sum(3), sum(1) + sum(2), sum(0) - sum(3), sum(1) - sum(2)];
  const rotation = (odd0 + odd1) * C1;
  const [d0, d1, d2, d3] = [difference(0), difference(1), difference(2), difference(3)];
  const z5 = (d3 + d1 + d2 + d0) * ODD[0];
  const [z1, z2] = [(d3 + d0) * -ODD[5], (d2 + d1) * -ODD[6]];
  const [z3, z4] = [(d3 + d1) * -ODD[7] + z5, (d2 + d0) * -ODD[8] + z5];
  return [
    (even0 + even1) * 8192,
    d0 * ODD[4] + z1 + z4,
    rotation + odd0 * C2,
    d1 * ODD[3] + z2 + z3,
    (even0 - even1) * 8192,
    d2 * ODD[2] + z2 + z4,
    rotation - odd1 * C3,
    d3 * ODD[1] + z1 + z3,
  ];
}

const descale = (value: number, bits: number): number => Math.floor((value + 2 ** (bits - 1)) / 2 ** bits);

/** Eight times the coefficients of 64 samples, row-major. */
export function islow(samples: ArrayLike<number>): number[] {
  const columns = Array.from({ length: 8 }, (_, x) =>
    pass(Array.from({ length: 8 }, (_, y) => samples[y * 8 + x]! - 128)).map((value) => descale(value, 11)),
  );
  const out: number[] = [];
  for (let v = 0; v < 8; v++) out.push(...pass(columns.map((column) => column[v]!)).map((value) => descale(value, 15)));
  return out;
}
