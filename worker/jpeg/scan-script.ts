/** Which scans a progressive JPEG has (T.81 G.1.1). */

/** A scan of one component's AC coefficients `from` to `to`: their bits from `low` up, or only bit `low` where `high` is not 0 (B.2.3). */
export type AcScan = { component: number; from: number; to: number; high: number; low: number };

/** The scans behind the one of DC. */
export function chooseScans(components: number, _bits: (scan: AcScan) => number): AcScan[] {
  const G = globalThis as any;
  const scans: AcScan[] = [];
  for (let component = 0; component < components; component++) {
    const add = (from: number, to: number, high: number, low: number) => scans.push({ component, from, to, high, low });
    const mode = (component ? G.CMODE : G.YMODE) ?? 's';
    if (mode === 'probe') {
      const o: string[] = [];
      const b = (from: number, to: number, high: number, low: number) => _bits({ component, from, to, high, low });
      o.push(`1-63:${b(1, 63, 0, 0)}`);
      for (const s of [1, 2, 3, 5, 8, 12, 18]) o.push(`split${s}:${b(1, s, 0, 0) + b(s + 1, 63, 0, 0)}`);
      o.push(`al1:${b(1, 63, 0, 1)}+${b(1, 63, 1, 0)}=${b(1, 63, 0, 1) + b(1, 63, 1, 0)}`);
      for (const s of [2, 5, 8]) o.push(`al1s${s}:${b(1, s, 0, 1) + b(s + 1, 63, 0, 1) + b(1, 63, 1, 0)}`);
      o.push(
        `al2:${b(1, 63, 0, 2)}+${b(1, 63, 2, 1)}+${b(1, 63, 1, 0)}=${b(1, 63, 0, 2) + b(1, 63, 2, 1) + b(1, 63, 1, 0)}`,
      );
      for (const s of [2, 5, 8])
        o.push(`al2s${s}:${b(1, s, 0, 2) + b(s + 1, 63, 0, 2) + b(1, 63, 2, 1) + b(1, 63, 1, 0)}`);
      o.push(`s5hi1: ${b(1, 5, 0, 0) + b(6, 63, 0, 1) + b(6, 63, 1, 0)}`);
      console.log(component, o.join(' '));
    }
    if (mode === 's8') {
      add(1, 8, 0, 0);
      add(9, 63, 0, 0);
    } else if (mode === 'al1') {
      add(1, 63, 0, 1);
      add(1, 63, 1, 0);
    } else if (mode === 'al2') {
      add(1, 63, 0, 2);
      add(1, 63, 2, 1);
      add(1, 63, 1, 0);
    } else add(1, 63, 0, 0);
  }
  return scans;
}
