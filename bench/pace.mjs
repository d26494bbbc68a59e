/** A camera that plays a file: moving texture of 1080p, which costs what photographs cost. */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the camera gives, and how many frames of it are shot. */
export const CAMERA = { width: 1920, height: 1080, fps: 30, frames: 300 };

/**
 * Does something with a browser whose fake camera plays a file of {@link CAMERA}'s frames, which is removed afterwards.
 * @param {(flags: string[]) => Promise<void>} work gets the flags for Chromium
 */
export async function withCameraFile(work) {
  const folder = mkdtempSync(join(tmpdir(), 'motordrive-'));
  try {
    const file = join(folder, 'camera.y4m');
    writeCamera(file);
    await work([`--use-file-for-fake-video-capture=${file}`]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A YUV4MPEG2 file of a few frames of moving texture. */
function writeCamera(file) {
  const { width, height, fps } = CAMERA;
  const out = openSync(file, 'w');
  writeSync(out, `YUV4MPEG2 W${width} H${height} F${fps}:1 Ip A1:1 C420jpeg\n`);
  const frame = Buffer.alloc((width * height * 3) / 2, 128);
  for (let i = 0; i < 8; i++) {
    for (let at = 0; at < width * height; at++) {
      const [x, y] = [at % width, Math.floor(at / width)];
      frame[at] = 40 + ((x * 5 + y * 3 + i * 16) % 128) + (Math.imul(at + i, 2654435761) >>> 29);
    }
    writeSync(out, 'FRAME\n');
    writeSync(out, frame);
  }
  closeSync(out);
}
