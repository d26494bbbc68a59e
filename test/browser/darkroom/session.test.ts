// @module-tag slow
import { expect, test } from 'vitest';
import { Darkroom, ImageCapture, MotorDrive } from '../../../src/index.ts';
import { countOpenFrames, openFrames } from '../../helpers/open-frames.ts';
import { cameraTrack } from '../../helpers/tracks.ts';

/** Workers alive: each holds a Web Lock for life. */
async function workersAlive(): Promise<number> {
  const { held = [] } = await navigator.locks.query();
  return held.filter(({ name }) => name?.startsWith('motordrive-')).length;
}

test(
  'a long session needs no more memory, workers or frames than a short one, and leaves none',
  { timeout: 120_000 },
  async () => {
    // The worker that reads frames in WebKit outlives its last use by 2 s, that of another file too.
    await expect.poll(workersAlive).toBe(0);
    countOpenFrames();
    const track = await cameraTrack({ width: 640, height: 480 });
    const darkroom = new Darkroom({ workers: 2 });
    const capture = new ImageCapture(track, { darkroom });
    const kinds = [{}, { imageWidth: 320 }, { type: 'image/png' }, { imageWidth: 100, redEyeReduction: true }] as const;
    const shoot = async (): Promise<number> => {
      for (let i = 0; i < 10; i++) {
        const photos = await Promise.all(kinds.map((settings) => capture.takePhoto(settings)));
        expect(Math.min(...photos.map(({ size }) => size))).toBeGreaterThan(0);
      }
      for await (const shot of new MotorDrive(track, { darkroom }).burst({ count: 8 })) {
        expect(shot.blob.size).toBeGreaterThan(0);
      }
      expect(openFrames()).toBe(0);
      return darkroom.memoryBytes();
    };
    await shoot();
    const early = await shoot();
    await expect.poll(workersAlive).toBe(2);
    await shoot();
    expect(await shoot()).toBe(early);
    expect(darkroom.pending).toBe(0);
    track.stop();
    darkroom.close();
    await expect.poll(workersAlive).toBe(0);
  },
);
