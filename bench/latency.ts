import { motordriveTakePhoto, nativeTakePhoto } from '../src/bench/contestants.ts';
import { decodePhoto } from '../src/bench/photo-check.ts';
import { blobOf, type Contestant } from '../src/bench/contestant.ts';
import { Darkroom, MotorDrive } from '../src/index.ts';
import type { About, Contest } from './contest.ts';

/** Photos for each round asked for: percentiles need many. */
const PHOTOS = 4;

/**
 * From the call of takePhoto() to the Blob, on a camera: the next frame has to come, and to be read and encoded. Against what users
 * write by hand, a video element drawn on a canvas, and against the browser's own. A burst of one tells its stages.
 */
export async function latency(
  rounds: number,
  holding: (about: Omit<About, 'question'>) => (contest: Contest) => Promise<void>,
): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720 } });
  const track = stream.getVideoTracks()[0]!;
  const video = Object.assign(document.createElement('video'), { srcObject: stream, muted: true, playsInline: true });
  await video.play();
  const { videoWidth: width, videoHeight: height } = video;
  const darkroom = new Darkroom({ workers: 1 });
  const drive = new MotorDrive(track, { darkroom });
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const byHand: Contestant<MediaStreamTrack> = {
    name: 'video + drawImage + toBlob',
    run: () => {
      canvas.getContext('2d')!.drawImage(video, 0, 0, width, height);
      return new Promise<Blob>((resolve, reject) =>
        canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no Blob'))), 'image/jpeg', 0.9),
      );
    },
  };
  const staged: Contestant<MediaStreamTrack> = {
    name: 'motordrive burst of one',
    run: async () => {
      for await (const shot of drive.burst({ count: 1, quality: 0.9, metadata: false })) return shot;
    },
  };
  try {
    await holding({ frame: `camera, ${width} × ${height}`, width, height })({
      task: 'takePhoto → JPEG Blob',
      take: () => track,
      contestants: [
        byHand,
        motordriveTakePhoto({ quality: 0.9 }, { darkroom }),
        staged,
        nativeTakePhoto(), // of whatever type and size it likes
      ],
      rounds: rounds * PHOTOS,
      check: async (output) => {
        const photo = blobOf(output)!;
        await decodePhoto(photo);
        return { bytes: photo.size };
      },
    });
  } finally {
    drive.close();
    darkroom.close();
    stream.getTracks().forEach((one) => one.stop());
  }
}
