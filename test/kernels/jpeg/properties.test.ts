import fc from 'fast-check';
import sharp from 'sharp';
import { beforeEach, expect, test } from 'vitest';
import { PIECE_BOUND, Coder } from '../../../worker/jpeg/coder.ts';
import { encodeJpeg, type JpegSettings } from '../../../worker/jpeg/encode.ts';
import { quantisationTables } from '../../../worker/jpeg/tables.ts';
import { Sink } from '../../../worker/memory/sink.ts';
import { load } from '../../helpers/images.ts';
import { judgeJpeg } from '../../helpers/jpeg-judge.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { Random } from '../../helpers/random.ts';
import { drawn, noise, type Pixels } from '../../helpers/scene.ts';

const instance = await loadTestKernels();
const { memory } = instance;
beforeEach(() => memory.reset());

type Content = 'noise' | 'flat' | 'saturated' | 'checkerboard' | 'tiles' | 'transparent';
type Paint = (x: number, y: number, random: Random) => number[];

const PAINTS: Record<Exclude<Content, 'noise'>, Paint> = {
  flat: () => [77, 130, 9, 255],
  saturated: (_x, _y, random) => (random.below(2) ? [255, 0, 0, 255] : [0, 255, 255, 255]),
  // The patterns of the highest frequency in both directions, in one, and of the largest DC differences.
  checkerboard: (x, y) => ((x ^ y) & 1 ? [255, 255, 255, 255] : [0, 0, 0, 255]),
  tiles: (x, y) => (((x >> 3) ^ (y >> 3)) & 1 ? [255, 0, 255, 255] : [0, 255, 0, 255]),
  transparent: (_x, _y, random) => [random.below(256), random.below(256), random.below(256), random.below(256)],
};

function paint(content: Content, width: number, height: number, seed: number): Pixels {
  if (content === 'noise') return noise(width, height, seed);
  const random = new Random(seed);
  return drawn(width, height, (x, y) => PAINTS[content](x, y, random));
}

const contents = fc.constantFrom<Content>('noise', 'flat', 'saturated', 'checkerboard', 'tiles', 'transparent');
const sides = fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(1, 8, 16, 17, 129));
const settings = fc.record<JpegSettings>({
  quality: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  chromaSubsampling: fc.constantFrom('4:2:0', '4:2:2', '4:4:4'),
  effort: fc.constantFrom('speed', 'balanced', 'size'),
  restarts: fc.boolean(),
});
const stored = fc.record({
  format: fc.constantFrom('RGBA', 'BGRA', 'RGBX', 'BGRX'),
  padding: fc.constantFrom(0, 4, 12, 36),
});

test('djpeg and sharp decode without a warning, whatever the size, content, layout and settings', async () => {
  await fc.assert(
    fc.asyncProperty(
      contents,
      sides,
      sides,
      fc.nat(),
      settings,
      stored,
      async (content, width, height, seed, set, layout) => {
        memory.reset();
        const image = load(instance, paint(content, width, height, seed), layout.format, layout.padding);
        const jpeg = encodeJpeg(instance, image, set).toBytes();
        expect(await judgeJpeg(jpeg)).toMatchObject({ width, height });
      },
    ),
    { numRuns: 150, seed: 1 },
  );
});

test('the error of grey photos stays within half a quantisation step', async () => {
  await fc.assert(
    fc.asyncProperty(
      sides,
      sides,
      fc.nat(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (width, height, seed, quality) => {
        const random = new Random(seed);
        const pixels = drawn(width, height, () => [...new Array<number>(3).fill(random.below(256)), 255]);
        memory.reset();
        const set: JpegSettings = { quality, chromaSubsampling: '4:2:0', effort: 'balanced' };
        const jpeg = encodeJpeg(instance, load(instance, pixels), set).toBytes();
        const decoded = await sharp(jpeg).toColourspace('b-w').raw().toBuffer();
        // Parseval: the mean square error over a block is that of its coefficients. Edge blocks may have it all in what
        // is seen.
        const [table] = quantisationTables(quality);
        const bound = table.reduce((sum, q) => sum + (q / 2 + 1) ** 2, 0) / 64;
        let error = 0;
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) error += (decoded[y * width + x]! - pixels.data[(y * width + x) * 4]!) ** 2;
        }
        const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
        expect(error / (blocks * 64)).toBeLessThan(bound + 1);
      },
    ),
    { numRuns: 60, seed: 2 },
  );
});

test('the longest tokens in the worst order stay within the bound of a piece', () => {
  const count = 16384;
  const coder = new Coder(instance);
  const address = memory.alloc(count * 4);
  // Codes of 16 ones and ten additional ones: every byte wants stuffing.
  const counts = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
  const table = { counts, symbols: [0x0a] };
  coder.start([table, table, table, table]);
  memory.words(address, count).fill((16 + 0x0a) | (0x3ff << 16));
  const sink = new Sink(memory, PIECE_BOUND);
  const behind = memory.alloc(64);
  memory.bytes(behind, 64).fill(7);
  coder.encode({ address, count }, sink);
  expect(sink.byteLength).toBeLessThanOrEqual(PIECE_BOUND);
  expect(sink.byteLength).toBeGreaterThan((count * 26) / 8 - 16);
  expect([...memory.bytes(behind, 64)]).toEqual(new Array(64).fill(7));
});
