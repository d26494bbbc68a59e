import { describe, expect, test } from 'vitest';
import { planGeometry } from '../../worker/scale/geometry.ts';
import { MAX_SIDE } from '../../worker/limits.ts';

const hd = { width: 1920, height: 1080 };
const whole = { x: 0, y: 0, width: 1920, height: 1080 };

describe('size of the photo', () => {
  test('is the display size when no side is asked for', () => {
    const uhd = { width: 3840, height: 2160 };
    expect(planGeometry(uhd, { width: 1280, height: 720 }, { fit: 'cover' })).toEqual({
      width: 1280,
      height: 720,
      crop: { x: 0, y: 0, width: 3840, height: 2160 },
      inner: { x: 0, y: 0, width: 1280, height: 720 },
    });
  });

  test.each([
    [{ imageWidth: 1000 }, 1000, 563],
    [{ imageHeight: 1000 }, 1778, 1000],
    [{ imageWidth: 1 }, 1, 1],
    [{ imageHeight: 1 }, 2, 1],
    [{ imageWidth: 65500 }, 65500, 36844],
  ])('%o: the other side follows the aspect ratio', (sides, width, height) => {
    const geometry = planGeometry(hd, hd, { ...sides, fit: 'cover' });
    expect(geometry).toEqual({ width, height, crop: whole, inner: { x: 0, y: 0, width, height } });
  });

  test('follows the display aspect ratio, not that of the stored pixels', () => {
    const anamorphic = { width: 720, height: 576 };
    const { width, height } = planGeometry(
      anamorphic,
      { width: 1024, height: 576 },
      { imageHeight: 288, fit: 'cover' },
    );
    expect([width, height]).toEqual([512, 288]);
  });

  test('the other side is at least one pixel', () => {
    const { width, height } = planGeometry(
      { width: 5000, height: 3 },
      { width: 5000, height: 3 },
      { imageWidth: 9, fit: 'fill' },
    );
    expect([width, height]).toEqual([9, 1]);
  });

  test('throws a RangeError that names the option when the other side passes the limit', () => {
    const wide = { width: 5000, height: 3 };
    const high = { width: 3, height: 5000 };
    expect(() => planGeometry(wide, wide, { imageHeight: 600, fit: 'cover' })).toThrow(RangeError);
    expect(() => planGeometry(wide, wide, { imageHeight: 600, fit: 'cover' })).toThrow('options.imageHeight of 600');
    expect(() => planGeometry(high, high, { imageWidth: 600, fit: 'cover' })).toThrow('1000000 pixels high');
  });
});

test.each(['image/jpeg', 'image/png'] as const)('the other side of an %s may be as long as the limit', (type) => {
  const limit = MAX_SIDE[type];
  const high = (pixels: number) =>
    planGeometry({ width: 1, height: pixels }, { width: 1, height: pixels }, { imageWidth: 1, fit: 'cover', type });
  const wide = (pixels: number) =>
    planGeometry({ width: pixels, height: 1 }, { width: pixels, height: 1 }, { imageHeight: 1, fit: 'cover', type });
  expect([high(limit).height, wide(limit).width]).toEqual([limit, limit]);
  expect(() => high(limit + 1)).toThrow(RangeError);
  expect(() => wide(limit + 1)).toThrow(RangeError);
});

describe('both sides', () => {
  test.each(['cover', 'contain', 'fill'] as const)('%s shows the whole frame at its own aspect ratio', (fit) => {
    const geometry = planGeometry(hd, hd, { imageWidth: 640, imageHeight: 360, fit });
    expect(geometry).toEqual({ width: 640, height: 360, crop: whole, inner: { x: 0, y: 0, width: 640, height: 360 } });
  });

  test('cover crops the sides centrally for a narrower photo', () => {
    const { crop, inner } = planGeometry(hd, hd, { imageWidth: 500, imageHeight: 500, fit: 'cover' });
    expect(crop).toEqual({ x: 420, y: 0, width: 1080, height: 1080 });
    expect(inner).toEqual({ x: 0, y: 0, width: 500, height: 500 });
  });

  test('cover crops top and bottom, by fractions if need be, for a wider photo', () => {
    const { crop } = planGeometry(hd, hd, { imageWidth: 700, imageHeight: 300, fit: 'cover' });
    expect(crop.x).toBe(0);
    expect(crop.width).toBe(1920);
    expect(crop.height).toBeCloseTo((1920 * 3) / 7, 9);
    expect(crop.y).toBeCloseTo((1080 - crop.height) / 2, 9);
  });

  test('cover crops half a row of three for a photo hardly wider', () => {
    const { crop } = planGeometry(
      { width: 3, height: 2 },
      { width: 3, height: 2 },
      { imageWidth: 2, imageHeight: 1, fit: 'cover' },
    );
    expect(crop).toEqual({ x: 0, y: 0.25, width: 3, height: 1.5 });
  });

  test('cover crops in source pixels when the display size differs', () => {
    const uhd = { width: 3840, height: 2160 };
    const { crop } = planGeometry(
      uhd,
      { width: 1280, height: 720 },
      { imageWidth: 360, imageHeight: 360, fit: 'cover' },
    );
    expect(crop).toEqual({ x: 840, y: 0, width: 2160, height: 2160 });
  });

  test('contain centres the frame on whole pixels', () => {
    const wide = planGeometry(hd, hd, { imageWidth: 640, imageHeight: 480, fit: 'contain' });
    expect(wide).toEqual({ width: 640, height: 480, crop: whole, inner: { x: 0, y: 60, width: 640, height: 360 } });
    const high = planGeometry(hd, hd, { imageWidth: 1000, imageHeight: 101, fit: 'contain' });
    expect(high.inner).toEqual({ x: 410, y: 0, width: 180, height: 101 });
  });

  test('contain leaves one column beside a square', () => {
    const square = { width: 1, height: 1 };
    const { inner } = planGeometry(square, square, { imageWidth: 4, imageHeight: 3, fit: 'contain' });
    expect(inner).toEqual({ x: 0, y: 0, width: 3, height: 3 });
  });

  test('contain keeps at least one pixel', () => {
    const { inner } = planGeometry(hd, hd, { imageWidth: 1, imageHeight: 1000, fit: 'contain' });
    expect(inner).toEqual({ x: 0, y: 499, width: 1, height: 1 });
  });

  test('fill distorts', () => {
    const { crop, inner } = planGeometry(hd, hd, { imageWidth: 300, imageHeight: 300, fit: 'fill' });
    expect(crop).toEqual(whole);
    expect(inner).toEqual({ x: 0, y: 0, width: 300, height: 300 });
  });
});
