import { execFileSync, spawnSync } from 'node:child_process';
import { findProgram } from '../../scripts/browser.mjs';

/** Whether a decoder that we did not write is installed here; `npm test` installs them on Debian. */
export function hasJudge(name: 'djpeg' | 'pngcheck' | 'exiftool'): boolean {
  return findProgram([name]) !== undefined;
}

/** Decodes with djpeg; any warning is an error. */
export function djpeg(jpeg: Uint8Array): Buffer {
  const { status, stdout, stderr } = spawnSync('djpeg', ['-ppm'], { input: jpeg, maxBuffer: 1 << 28 });
  if (status !== 0 || stderr.length > 0) throw new Error(`djpeg: ${status}: ${stderr.toString()}`);
  return stdout;
}

/**
 * All tags that exiftool reads, as numbers where they are, named `Group:Tag`; `Validate` is 'OK' where nothing is
 * wrong.
 */
export function exiftool(file: Uint8Array): Record<string, unknown> {
  const options = ['-j', '-n', '-a', '-G1', '-struct', '-validate', '-warning', '-error', '-all', '-'];
  const answer = execFileSync('exiftool', options, { input: file, maxBuffer: 1 << 28 }).toString();
  return (JSON.parse(answer) as Record<string, unknown>[])[0]!;
}

/** What pngcheck says of a PNG; any complaint is an error. */
export function pngcheck(png: Uint8Array): string {
  const { status, stdout } = spawnSync('pngcheck', ['-v'], { input: png });
  const words = stdout.toString();
  if (status !== 0 || !words.includes('No errors detected') || /warning/i.test(words)) throw new Error(words);
  return words;
}

/** Encodes with libjpeg-turbo: baseline, the typical Huffman tables, the accurate integer DCT. */
export function cjpeg(
  rgba: ArrayLike<number>,
  width: number,
  height: number,
  quality: number,
  sampling: string,
): Buffer {
  const rgb = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) rgb[i * 3 + c] = rgba[i * 4 + c]!;
  const input = Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), rgb]);
  return execFileSync('cjpeg', ['-quality', String(quality), '-sample', sampling, '-dct', 'int', '-baseline'], {
    input,
    maxBuffer: 1 << 28,
  });
}
