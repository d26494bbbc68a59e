/**
 * What test/package/camera-faults.test.ts opens in a tab, and hides: it takes photos and reports what becomes of them.
 */
import { ImageCapture, MotorDrive } from '../../src/index.ts';
import { report, type Outcome } from './report.ts';

const becomes = (state: DocumentVisibilityState): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (document.visibilityState !== state) return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    look();
  });

const outcome = (call: Promise<number>): Promise<Outcome> => call.catch((error: Error) => error.name);

const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
const track = stream.getVideoTracks()[0]!;
const capture = new ImageCapture(track);
const drive = new MotorDrive(track, { buffer: 2 });
const width = async (photo: Promise<Blob>): Promise<number> => {
  const bitmap = await createImageBitmap(await photo);
  const { width } = bitmap;
  bitmap.close();
  return width;
};
const takeBoth = (): Promise<Outcome[]> =>
  Promise.all([
    outcome(width(capture.takePhoto())),
    outcome(
      capture.grabFrame().then((bitmap) => {
        const { width } = bitmap;
        bitmap.close();
        return width;
      }),
    ),
  ]);

let shots = 0;
const burst = (async (): Promise<number> => {
  for await (const shot of drive.burst({ count: 60 })) {
    if (++shots === 5) await report({ name: 'going' });
    if (shot.index !== shots - 1) throw new Error('not in order');
  }
  return shots;
})();
await becomes('hidden');
await report({ name: 'hidden', shots, outcomes: await takeBoth() });
await report({ name: 'burst', outcomes: [await outcome(burst)] });
await becomes('visible');
const first = async (): Promise<number> => {
  for await (const { width } of drive.burst({ count: 1 })) return width;
  return 0;
};
await report({ name: 'shown', outcomes: [...(await takeBoth()), await outcome(first())] });
drive.close();
track.stop();
