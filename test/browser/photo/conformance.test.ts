// @module-tag slow
import { afterEach, describe, expect, test } from 'vitest';
import { server } from 'vitest/browser';
import { ImageCapture } from '../../../src/photo/image-capture.ts';
import { NativeImageCapture, nativeHas } from '../../../src/track/native-image-capture.ts';
import { endTracks, statements, type ImageCaptureClass } from '../../helpers/conformance.ts';
import { BY_CHANCE, differencesOf } from '../../helpers/native-differences.ts';

afterEach(endTracks);

describe.each(Object.entries(statements))('%s', (_, group) => {
  test.each(Object.entries(group))('%s', (_, holds) => holds(ImageCapture as ImageCaptureClass));
});

/** A statement that has not come true within this many ms does not hold. */
const PATIENCE_MS = 4000;

/** What a class does otherwise; undefined when the statement holds for it. */
async function differenceOf(
  Class: ImageCaptureClass,
  statement: (Class: ImageCaptureClass) => void | Promise<void>,
): Promise<string | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<string>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS, 'never settles')));
  const outcome = (async () => statement(Class))().then(() => undefined, String);
  try {
    return await Promise.race([outcome, late]);
  } finally {
    clearTimeout(timer);
    endTracks();
  }
}

/** So that a change of an engine is noticed: then the workarounds for it can be looked at again. */
describe("the engine's own class", () => {
  test.for(Object.entries(statements))(
    'differs from the standard only where that is known: %s',
    { timeout: 90_000 },
    async ([, group], { skip }) => {
      skip(!nativeHas('grabFrame', 'takePhoto'), 'the engine has none');
      const known = differencesOf(server.browser);
      const found: Record<string, string> = {};
      for (const [name, statement] of Object.entries(group)) {
        if (BY_CHANCE.includes(name)) continue;
        const difference = await differenceOf(NativeImageCapture!, statement);
        if (difference !== undefined) found[name] = known[name] ?? difference;
      }
      expect(found).toEqual(Object.fromEntries(Object.entries(known).filter(([name]) => name in group)));
    },
  );
});
