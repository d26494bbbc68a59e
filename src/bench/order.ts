/**
 * The order in which `count` contestants run in a round. Every other round mirrors the one before it, so that after two
 * rounds everyone has run as often before each other one as after it, and a machine that gets slower or faster favours
 * nobody. Within 2 `count` rounds each leads twice and follows every other one twice (the rows of Williams' Latin
 * squares), so that nobody always inherits the same caches and heat.
 */
export function order(count: number, round: number): number[] {
  const shift = Math.floor(round / 2);
  const row = Array.from({ length: count }, (_, i) => ((i % 2 === 0 ? count - i / 2 : (i + 1) / 2) + shift) % count);
  return round % 2 === 1 ? row.reverse() : row;
}
