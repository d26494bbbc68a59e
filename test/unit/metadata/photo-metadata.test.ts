import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fileMetadata, SOFTWARE } from '../../../src/darkroom/file-metadata.ts';
import { camera, shotMetadata } from '../../../src/photo/photo-metadata.ts';

const track = (label: string, settings: object): MediaStreamTrack =>
  ({ label, getSettings: () => settings }) as MediaStreamTrack;

test('photos name this version as their software', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(SOFTWARE).toBe(`Motordrive ${version}`);
  expect(fileMetadata().software).toBe(SOFTWARE);
});

describe('the camera of a label', () => {
  test.each([
    ['Logitech BRIO (046d:085e)', 'Logitech', 'BRIO'],
    ['Logitech Webcam C930e', 'Logitech', 'Webcam C930e'],
    ['HD Pro Webcam C920 (046d:082d)', 'Logitech', 'HD Pro Webcam C920'],
    ['HD Webcam C525: HD Webcam C525', undefined, 'HD Webcam C525'],
    ['Integrated Camera: Integrated C (04f2:b604)', undefined, 'Integrated Camera'],
    ['FaceTime HD Camera', 'Apple', 'FaceTime HD Camera'],
    ['FaceTime HD Camera (Built-in) (05ac:8514)', 'Apple', 'FaceTime HD Camera (Built-in)'],
    ['iPhone von Änne Kamera', 'Apple', 'iPhone von Änne Kamera'],
    ['Microsoft® LifeCam HD-3000 (045e:0779)', 'Microsoft', '® LifeCam HD-3000'],
    ['camera2 0, facing back', undefined, 'camera2 0, facing back'],
    ['fake_device_0', undefined, 'fake_device_0'],
    ['Sony', 'Sony', 'Sony'],
    ['Polyester Cam', undefined, 'Polyester Cam'],
    ['a\0b', undefined, 'ab'],
  ])('%s', (label, make, model) => {
    expect(camera(label, {})).toEqual({ make, model });
  });

  test('is left out for a screen or a canvas', () => {
    expect(camera('screen:0:0', { displaySurface: 'monitor' })).toEqual({});
    expect(camera('V/HFMokQQoGJe3+O39ztng==', { deviceId: 'V/HFMokQQoGJe3+O39ztng==' })).toEqual({});
    expect(camera('{7c9f1b6e-90f7-4d4e-a6b3-8f6c2f7f0a55}', {})).toEqual({});
  });
});

describe('a shot', () => {
  const settings = {
    exposureTime: 333.33,
    exposureCompensation: -0.5,
    exposureMode: 'continuous',
    focusDistance: 0.4,
    iso: 199.6,
    torch: true,
    whiteBalanceMode: 'manual',
    colorTemperature: 5000,
  };

  test('has the settings of its track', () => {
    expect(shotMetadata(track('Razer Kiyo', settings), performance.now(), {})).toMatchObject({
      make: 'Razer',
      model: 'Kiyo',
      exposureTime: 0.033333,
      exposureBiasValue: -0.5,
      exposureMode: 'auto',
      subjectDistance: 0.4,
      photographicSensitivity: 200,
      flash: true,
      whiteBalance: 'manual',
    });
  });

  test('leaves out settings that make no sense or are not known', () => {
    const odd = { exposureTime: 0, focusDistance: -1, iso: NaN, exposureMode: 'none', exposureCompensation: null };
    expect(Object.keys(shotMetadata(track('', odd), 0, {}))).toEqual(['model', 'dateTimeOriginal']);
    expect(shotMetadata(track('', { focusDistance: Infinity }), 0, {})).toMatchObject({
      subjectDistance: Infinity,
    });
  });

  test('has the time of its frame as a date', () => {
    const known = shotMetadata(track('x', {}), performance.now() - 1500, {}) as { dateTimeOriginal: Date };
    expect(Math.abs(Date.now() - 1500 - known.dateTimeOriginal.getTime())).toBeLessThan(100);
  });

  test('prefers metadata that is given to that of the track', () => {
    const given = { make: 'Mine', exposureTime: 2 };
    const known = shotMetadata(track('Razer Kiyo', settings), 0, given);
    expect(known).toMatchObject({ make: 'Mine', model: 'Kiyo', exposureTime: 2 });
    expect(shotMetadata(track('Razer Kiyo', settings), 0, false)).toBe(false);
  });
});
