/** Whether bytes repeat much, by a sample of them. */

/** A run whose period divides 12, as pixels of 1, 2, 3 or 4 bytes make it, shows at this distance. */
const RUN_PERIOD: usize = 12;

/** The first sixteen positions of every so many bytes are looked at. */
const GROUP: usize = 512;

/** Whether, by a sample, at least `percent` of the positions from `cursor` to `end` are in the middle of a run. */
export function runsPay(cursor: usize, end: usize, known: usize, percent: i32): bool {
  let looked = 0;
  let found = 0;
  for (let group = max(cursor, known + RUN_PERIOD); group + GROUP <= end; group += GROUP) {
    for (let probe = group; probe < group + 16; probe += 4) {
      found += <i32>i8x16.all_true(i8x16.eq(v128.load(probe), v128.load(probe - RUN_PERIOD)));
    }
    looked += 4;
  }
  return found * 100 >= looked * percent;
}
