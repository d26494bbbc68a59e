/** Has cases tried by a process of its own, which is ended when it is silent: then a case does not end. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Case } from './case.ts';
import type { Verdict } from './child.ts';
import type { Judge } from './command.ts';

/**
 * Far more than any case takes on any machine; while a case that does not end is shrunk, less patience finds the
 * smallest sooner.
 */
const PATIENCE = 20_000;
const SHRINKING_PATIENCE = 5000;

/** One case in so many is shown to the programs too, and each that failed. */
const PROGRAMS_EVERY = 20;

const SCRIPT = fileURLToPath(new URL('../../scripts/fuzz.mjs', import.meta.url));

/** Starts a process for cases, and another one whenever one does not answer. */
export function nodeJudge(photographs: readonly string[]): Judge {
  let child: ChildProcess | undefined;
  let patience = PATIENCE;
  let tried = 0;
  const start = async (): Promise<ChildProcess> => {
    const started = fork(SCRIPT, ['--child', ...photographs], { serialization: 'advanced' });
    child = started;
    await verdict(started, 60_000);
    return started;
  };
  return {
    try: async (given: Case) => {
      const asked = child ?? (await start());
      const programs = patience < PATIENCE || tried++ % PROGRAMS_EVERY === 0;
      asked.send({ given, programs });
      const { fault } = await verdict(asked, patience);
      if (fault === undefined) return;
      patience = SHRINKING_PATIENCE;
      throw new Error(fault);
    },
    close: async () => void child?.kill(),
  };

  function verdict(asked: ChildProcess, milliseconds: number): Promise<Verdict> {
    return new Promise((resolve) => {
      const settle = (answer: Verdict): void => {
        clearTimeout(timer);
        asked.off('message', settle).off('exit', ended);
        resolve(answer);
      };
      const ended = (): void => {
        child = undefined;
        settle({ fault: 'The process ended.' });
      };
      const timer = setTimeout(() => {
        child = undefined;
        asked.kill('SIGKILL');
        settle({ fault: `No answer for ${milliseconds / 1000} s.` });
      }, milliseconds);
      asked.on('message', settle).on('exit', ended);
    });
  }
}
