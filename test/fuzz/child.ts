/** The process that tries cases of the fuzzer; one that never answers is ended by whoever started it. */
import sharp from 'sharp';
import type { Pixels } from '../helpers/scene.ts';
import type { Case } from './case.ts';
import { check } from './check.ts';
import { showPhotographs } from './content.ts';

export type Question = { given: Case; programs: boolean };

/** What was wrong, if anything. */
export type Verdict = { fault: string | undefined };

/** The side to which photographs are brought: parts of them still show what cameras see. */
const SIDE = 900;

/** Answers for as long as it is asked. */
export async function answer(photographs: readonly string[]): Promise<void> {
  showPhotographs(await Promise.all(photographs.map(openPhotograph)));
  process.on('message', ({ given, programs }: Question) => {
    void check(given, { programs }).then(
      () => process.send!({ fault: undefined } satisfies Verdict),
      (error: unknown) =>
        process.send!({ fault: error instanceof Error ? error.stack : String(error) } satisfies Verdict),
    );
  });
  process.send!({ fault: undefined } satisfies Verdict);
}

/** The pixels of a file. */
export async function openPhotograph(path: string): Promise<Pixels> {
  const { data, info } = await sharp(path)
    .rotate()
    .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
}
