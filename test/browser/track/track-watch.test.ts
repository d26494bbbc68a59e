import { expect, test } from 'vitest';
import { pause } from '../../../src/async/pause.ts';
import { TrackWatch } from '../../../src/track/track-watch.ts';
import { rejection } from '../../helpers/rejection.ts';
import { canvasTrack } from '../../helpers/tracks.ts';

test('a track that has just been disabled rejects what is begun on it, once', async () => {
  const unhandled: unknown[] = [];
  const listen = ({ reason }: PromiseRejectionEvent): unknown => unhandled.push(reason);
  addEventListener('unhandledrejection', listen);
  const track = canvasTrack();
  const watch = new TrackWatch(track);
  track.enabled = false;
  const error = await rejection(watch.race(new Promise(() => {}), () => {}));
  expect(error).toMatchObject({ name: 'OperationError', message: 'The track is disabled.' });
  // The event comes after the microtasks of the task in which the promise was rejected.
  await pause(50);
  removeEventListener('unhandledrejection', listen);
  expect(unhandled).toEqual([]);
  track.stop();
});
