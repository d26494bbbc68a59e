/** What test/package/camera-faults.test.ts opens in a tab, and takes the camera from in the middle of a burst. */
import { ImageCapture, MotorDrive } from '../../src/index.ts';
import { report, type Outcome } from './report.ts';

const open = async (): Promise<MediaStreamTrack> =>
  (await navigator.mediaDevices.getUserMedia({ video: true })).getVideoTracks()[0]!;

const track = await open();
const capture = new ImageCapture(track);
const outcomes: Outcome[] = [];
let shots = 0;
try {
  for await (const { index } of new MotorDrive(track, { buffer: 2 }).burst()) {
    if (index !== shots++) outcomes.push('not in order');
    if (shots === 3) void report({ name: 'going' });
  }
} catch (error) {
  outcomes.push((error as Error).name);
}
await capture.takePhoto().catch((error: Error) => outcomes.push(error.name));
await report({ name: 'burst', shots, outcomes: [...outcomes, track.readyState] });

// Until the camera may be used again.
let again: MediaStreamTrack | undefined;
while (!again) again = await open().catch(() => new Promise<undefined>((resolve) => setTimeout(resolve, 50)));
await report({ name: 'shown', outcomes: [(await new ImageCapture(again).takePhoto()).type] });
again.stop();
