/** What a result file says of where it was measured, and what. */
import { execFileSync } from 'node:child_process';
import { arch, cpus, platform, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ResultFile } from '../../src/bench/result-file.ts';
import type { HostFacts } from '../hosts/request.ts';

type Machine = ResultFile['machine'];

/** The machine that the command runs on. */
export function thisMachine(): Machine {
  const all = cpus();
  return { cpu: all[0]?.model.trim(), cores: all.length, system: `${platform()} ${release()} ${arch()}` };
}

/** A device elsewhere, by what its browser says. */
export function remoteMachine(host: HostFacts | undefined): Machine {
  return { cores: host?.cores, system: /\(([^)]+)\)/.exec(host?.userAgent ?? '')?.[1] };
}

/** The commit that is measured; undefined where there is no repository. */
export function commitAtHand(): string | undefined {
  try {
    const cwd = fileURLToPath(new URL('.', import.meta.url));
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd, encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
