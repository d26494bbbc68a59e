import { readFrame } from '../../worker/frame/read.ts';
import { describePicture } from '../../worker/red-eye/picture.ts';
import { searchRedEyes } from '../../worker/red-eye/search.ts';
import type { PackedImage, ReadFrame } from '../../worker/frame/image.ts';
import { reduceRedEye } from '../../worker/red-eye/red-eye.ts';
import type { Contest } from '../contests/contest.ts';
import type { Subject } from '../subjects/subject.ts';

/**
 * Red-eye reduction against the plain way: a threshold on red, components, their roundness. Time only:
 * `red-eye-figures.mjs` counts what each finds.
 */
export function redEye({ width, height, instance, pixels, planarFrame }: Subject): Contest[] {
  const size = `${((width * height) / 1e6).toFixed(1)} MP`;
  /** The pixels once more, behind themselves: to be corrected. */
  const copied = (): PackedImage => {
    const image = pixels();
    const bytes = width * height * 4;
    const address = instance.memory.alloc(bytes);
    instance.memory.bytes(address, bytes).set(instance.memory.bytes(image.address, bytes));
    return { ...image, address };
  };
  /** Reads planes behind the pixels, which stay as they are. */
  const planes = async (): Promise<ReadFrame> => {
    pixels();
    const frame = planarFrame();
    try {
      return await readFrame(instance.memory, frame);
    } finally {
      frame.close();
    }
  };
  return [
    {
      task: `red-eye reduction (${size})`,
      take: copied,
      // One run a sample: the second would be given a corrected picture.
      minimum: 0,
      contestants: [
        {
          name: 'threshold and components',
          run: () => {
            const { address } = pixels();
            redComponents(instance.memory.bytes(address, width * height * 4), width, height);
          },
        },
        {
          name: 'motordrive, search only',
          run: () => void searchRedEyes(instance, describePicture(instance, pixels())),
        },
        { name: 'motordrive', run: (image: PackedImage) => void reduceRedEye(instance, image) },
      ],
    },
    {
      task: `red-eye reduction of I420 planes (${size})`,
      contestants: [
        { name: 'planes read, nothing else', run: async () => void (await planes()) },
        {
          name: 'planes read, motordrive',
          run: async () => void reduceRedEye(instance, (await planes()).image),
        },
      ],
    },
  ];
}

/** A round, red component of a picture. */
type Component = { x: number; y: number; radius: number };

/**
 * R > 1.8 max(G, B) and R > 60, 4-connected; components of at least 12 pixels that fill half of a square or more are
 * pupils.
 */
export function redComponents(rgba: Uint8Array, width: number, height: number): Component[] {
  const count = width * height;
  const seen = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const at = i * 4;
    const r = rgba[at]!;
    seen[i] = r > 60 && r > 1.8 * Math.max(rgba[at + 1]!, rgba[at + 2]!) ? 1 : 0;
  }
  const found: Component[] = [];
  const stack: number[] = [];
  for (let start = 0; start < count; start++) {
    if (seen[start] !== 1) continue;
    let [area, left, right, top, bottom] = [0, width, 0, height, 0];
    seen[start] = 2;
    stack.push(start);
    while (stack.length > 0) {
      const i = stack.pop()!;
      const x = i % width;
      const y = (i - x) / width;
      area++;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      const neighbours = [x > 0 ? i - 1 : i, x + 1 < width ? i + 1 : i, i - width, i + width];
      for (const next of neighbours) {
        if (seen[next] !== 1) continue;
        seen[next] = 2;
        stack.push(next);
      }
    }
    const [across, down] = [right - left + 1, bottom - top + 1];
    const round = Math.max(across, down) <= 1.6 * Math.min(across, down) && area >= 0.5 * across * down;
    if (area >= 12 && round) {
      found.push({ x: (left + right) / 2, y: (top + bottom) / 2, radius: Math.sqrt(area / Math.PI) });
    }
  }
  return found;
}
