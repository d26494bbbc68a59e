/** A camera of 1080p that plays a file: moving texture, which costs what photographs cost. */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [WIDTH, HEIGHT, FPS, FRAMES] = [1920, 1080, 30, 8];

/** Writes the file, YUV4MPEG2; `remove` removes it, as does the end of this process. */
export function writeCameraFile(): { file: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'motordrive-camera-'));
  const remove = (): void => {
    process.off('exit', remove);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);
  const file = join(folder, 'camera.y4m');
  const out = openSync(file, 'w');
  writeSync(out, `YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FPS}:1 Ip A1:1 C420jpeg\n`);
  const frame = Buffer.alloc((WIDTH * HEIGHT * 3) / 2, 128);
  for (let i = 0; i < FRAMES; i++) {
    for (let at = 0; at < WIDTH * HEIGHT; at++) {
      const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
      frame[at] = 40 + ((x * 5 + y * 3 + i * 16) % 128) + (Math.imul(at + i, 2654435761) >>> 29);
    }
    writeSync(out, 'FRAME\n');
    writeSync(out, frame);
  }
  closeSync(out);
  return { file, remove };
}
