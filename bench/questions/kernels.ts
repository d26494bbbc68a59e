import type { Contest, Contestant } from '../contests/contest.ts';
import type { Subject } from '../subjects/subject.ts';

/** What a host has of a frame: its pixels in linear memory. */
type Frame = Pick<Subject, 'width' | 'height' | 'instance' | 'pixels'>;

/** Rows of a strip: one row of MCUs. */
const STRIP = 16;

/**
 * Single kernels over all pixels of a frame: one strip again and again, which stays in the cache as it does in the
 * encoders, and the whole frame, which does not. The first contestant copies the frame's RGBA, which is the least that
 * anything can cost.
 */
export function kernels(subject: Frame): Contest[] {
  const { width, height } = subject;
  const rows = height - (height % STRIP);
  const megapixels = (width * rows) / 1e6;
  const check = (): Record<string, never> => ({});
  return [
    { task: `a strip of ${STRIP} rows, again and again`, contestants: passes(subject, rows, true), check, megapixels },
    { task: 'the whole frame', contestants: passes(subject, rows, false), check, megapixels },
  ];
}

function passes({ instance, pixels, width }: Frame, rows: number, inCache: boolean): Contestant[] {
  const { kernels: k, memory } = instance;
  const rgba = pixels().address;
  const held = inCache ? STRIP : rows;
  const [wide, half] = [width * 4, width >> 1];
  const packed = memory.alloc(held * wide);
  const [y, cb, cr] = [memory.alloc(held * width), memory.alloc((held * half) / 2), memory.alloc((held * half) / 2)];
  const coefs = memory.alloc(STRIP * width * 3);
  const tables = memory.alloc(8 * 1024);
  k.crc32Tables(tables);
  const times = rows / held;
  /** A contestant that handles what is held, as often as it takes for all rows. */
  const pass = (name: string, work: () => unknown): Contestant => ({
    name,
    run: () => {
      for (let i = 0; i < times; i++) work();
    },
  });
  const mcuRows = (): void => {
    for (let row = 0; row < held; row += STRIP) {
      const chroma = (row / 2) * half;
      k.transformMcuRow({
        y: y + row * width,
        cb: cb + chroma,
        cr: cr + chroma,
        coefs,
        mcus: width >> 4,
        grey: 0,
        across: 2,
        down: 2,
        yStride: width,
        chromaStride: half,
      });
    }
  };
  const toYcc = {
    ...{ src: rgba, dstY: y, dstCb: cb, dstCr: cr, width, rows: held },
    ...{ srcStride: wide, yStride: width, chromaStride: half, blueFirst: 0 },
  };
  const toRgba = {
    ...{ srcY: y, srcU: cb, srcV: cr, dst: packed, width, height: held },
    ...{ yStride: width, chromaStride: half, chromaStep: 1, dstStride: wide },
    ...{ zero: 16, gain: 19077, vr: 26149, ug: 6419, vg: 13320, ub: 33050 },
  };
  const toFullRange = {
    ...{ src: y, dst: packed, width, rows: held, srcStride: width, dstStride: width },
    ...{ zero: 16, gain: 19077, base: 0 },
  };
  return [
    pass('copy of RGBA', () => memory.bytes(packed, held * wide).set(memory.bytes(rgba, held * wide))),
    pass('rgbaToYcc420', () => k.rgbaToYcc420(toYcc)),
    pass('rgbaToLuma', () => k.rgbaToLuma(rgba, y, width, held, wide, width, 0)),
    pass('yuv420ToRgba', () => k.yuv420ToRgba(toRgba)),
    pass('scaleSamples', () => k.scaleSamples(toFullRange)),
    pass('bt709ToBt601', () => k.bt709ToBt601(y, cb, cr, width, held, width, half)),
    pass('transformMcuRow', mcuRows),
    pass('isOpaque', () => k.isOpaque(rgba, width, held, wide)),
    pass('rgbaToRgb', () => k.rgbaToRgb(rgba, packed, width, held, wide, width * 3)),
    pass('halvePixels', () => k.halvePixels(rgba, packed, width >> 1, held >> 1, wide, width * 2, 0, 0)),
    pass('crc32', () => k.crc32(rgba, tables, held * wide, 0)),
    pass('adler32', () => k.adler32(rgba, held * wide, 1)),
  ];
}
