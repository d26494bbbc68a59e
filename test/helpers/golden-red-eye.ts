import type { PlanarImage, YuvColour } from '../../worker/frame/image.ts';
import type { KernelInstance } from '../../worker/memory/kernels.ts';
import type { RedEye } from '../../worker/photo.ts';
import { reduceRedEye } from '../../worker/red-eye/red-eye.ts';
import { load } from './images.ts';
import { loadPlanes } from './planes.ts';
import { Random } from './random.ts';
import type { Pixels } from './scene.ts';

/** An eye that is drawn: pupil at (x, y) with radius r, red or dark. */
export type DrawnEye = { x: number; y: number; r: number };

/** Red of a pupil, as it is in photographs. */
export const RED_PUPIL: [number, number, number] = [170, 38, 44];

/** A face drawn with integers: skin with noise, almond-shaped whites, irises, pupils with a glint. */
export function face(
  width: number,
  height: number,
  eyes: DrawnEye[],
  pupil: [number, number, number] = RED_PUPIL,
  grain = 1,
): Pixels {
  const random = new Random(7);
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let colour: [number, number, number] = [205, 160, 135];
      for (const eye of eyes) {
        const dx = x - eye.x;
        const dy = y - eye.y;
        const squared = dx * dx + dy * dy;
        const r2 = eye.r * eye.r;
        if (dx * dx * 4 + dy * dy * 20 < r2 * 60) colour = [225, 222, 218];
        if (dx * dx * 4 + dy * dy * 20 < r2 * 60 && squared < r2 * 5) colour = [88, 74, 60];
        if (squared <= r2) colour = pupil;
        const gx = dx + (eye.r >> 2);
        const gy = dy + (eye.r >> 2);
        if (gx * gx * 20 + gy * gy * 20 <= r2) colour = [250, 248, 246];
      }
      const noise = ((random.word() >>> 29) - 4) * grain;
      data.set([...colour.map((value) => value + noise), 255], (y * width + x) * 4);
    }
  }
  return { data, width, height };
}

/** The golden face and its eyes. */
export const goldenEyes: DrawnEye[] = [
  { x: 120, y: 110, r: 9 },
  { x: 245, y: 114, r: 9 },
];

/** SHA-256 of the corrected golden face. */
export const goldenRedEye = '0a99597f485f4d43bfc0def498ddfdfefdc7989d5813fe3f1588ff036c026e90';

/** Corrects a picture; its bytes and the eyes. */
export function correct(
  instance: KernelInstance,
  pixels: Pixels,
): { data: Uint8Array<ArrayBuffer>; redEyes: RedEye[] } {
  instance.memory.reset();
  const image = load(instance, pixels);
  const redEyes = reduceRedEye(instance, image);
  return { data: instance.memory.bytes(image.address, pixels.data.length).slice(), redEyes };
}

type GoldenPlanes = { format: PlanarImage['format']; colour: YuvColour; sha256: string };

/** SHA-256 of the golden face's planes, corrected. */
export const goldenRedEyePlanes: GoldenPlanes[] = [
  {
    format: 'I420',
    colour: { matrix: 'bt601', fullRange: false },
    sha256: '3bac0554d20c1e220333e8f11aba7f24dc7645a2e346a9f464fdff4292c8ee96',
  },
  {
    format: 'I420',
    colour: { matrix: 'bt709', fullRange: true },
    sha256: '35c4a2c556211698db024423c7dc794c741cdfee03447f771b5ba720b04e3f71',
  },
  {
    format: 'NV12',
    colour: { matrix: 'bt709', fullRange: false },
    sha256: 'c100c537e7ddda8f36df6b59bb7e971b737a9d315ff600ce8578b0732d74170f',
  },
  {
    format: 'NV12',
    colour: { matrix: 'bt601', fullRange: true },
    sha256: '369d40912d64f3f9da86427b4736229f5b174f33319684ecfde0a2bdeea357ab',
  },
];

/** Corrects the golden face as planes; all samples, without the gaps between rows. */
export function correctPlanes(instance: KernelInstance, { format, colour }: GoldenPlanes): Uint8Array<ArrayBuffer> {
  instance.memory.reset();
  const [width, height] = [380, 240];
  const { planes } = loadPlanes(instance, face(width, height, goldenEyes), format, colour);
  reduceRedEye(instance, { format, width, height, planes, colour });
  const rows = planes.flatMap(({ address, stride }, i) =>
    Array.from({ length: i === 0 ? height : height >> 1 }, (_, y) => {
      return instance.memory.bytes(address + y * stride, i === 0 || format === 'NV12' ? width : width >> 1);
    }),
  );
  const samples = new Uint8Array(width * height * 1.5);
  let at = 0;
  for (const row of rows) {
    samples.set(row, at);
    at += row.length;
  }
  return samples;
}
