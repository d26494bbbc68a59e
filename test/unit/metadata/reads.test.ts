/** Metadata is read once, then checked, then written: what a getter gives later changes nothing. */
import { expect, test } from 'vitest';
import { resolveMetadata, type PhotoMetadata } from '../../../worker/metadata/photo-metadata.ts';
import { pngChunks } from '../../../worker/metadata/png-chunks.ts';
import { pngcheck } from '../../helpers/png-judge.ts';
import { hasJudge } from '../../helpers/judges.ts';
import { chunk, end, header, SIGNATURE } from '../../../worker/png/chunks.ts';
import { deflateSync } from 'node:zlib';

const TEXTS = ['make', 'model', 'software', 'artist', 'copyright', 'imageDescription'] as const;

/** An object whose member gives one value after the other. */
function changing<T extends object>(member: string, ...values: unknown[]): T {
  return Object.defineProperty({}, member, { get: () => (values.length > 1 ? values.shift() : values[0]) }) as T;
}

test.each(TEXTS)('%s: a getter cannot return a longer text after the check', (name) => {
  const long = 'x'.repeat(7_000_000);
  expect(() => resolveMetadata(changing(name, long, ''))).toThrow(RangeError);
  expect(resolveMetadata(changing(name, 'short', long))).toEqual({ [name]: 'short' });
});

test('each member of metadata and of its position is read once', () => {
  const read: string[] = [];
  const track = (prefix: string, known: object): object =>
    new Proxy(known, {
      get: (target, name) => {
        read.push(prefix + String(name));
        return (target as Record<PropertyKey, unknown>)[name];
      },
    });
  const gps = track('gps.', { latitude: 1, longitude: 2, altitude: 3, heading: 4, timestamp: new Date() });
  const given = { gps, artist: 'Ada', dateTime: new Date(), exposureTime: 0.1, flash: true };
  const resolved = resolveMetadata(track('', given));
  expect(resolved).toMatchObject({ artist: 'Ada', gps: { latitude: 1, heading: 4 } });
  expect(read.length).toBe(new Set(read).size);
  expect(read).toEqual(expect.arrayContaining(['gps.latitude', 'gps.timestamp', 'artist', 'dateTime', 'thumbnail']));
});

test('a date whose getTime() changes is read once', () => {
  const times = [Date.parse('2020-01-01'), NaN, 1e300];
  const date = Object.assign(new Date(), { getTime: () => times.shift()! });
  expect(resolveMetadata({ dateTime: date })).toEqual({ dateTime: new Date('2020-01-01') });
});

test.each([
  ['1970-01-01T00:00:00Z', false],
  ['1994-12-31T23:59:59Z', false],
  ['1995-01-01T00:00:00Z', true],
  ['2026-11-27T12:00:00Z', true],
])('a time of %s is written as a tIME chunk: %s', (time, written) => {
  const metadata: PhotoMetadata = { dateTime: new Date(time) };
  const chunks = pngChunks(metadata, undefined, undefined);
  expect(chunks.some(({ type }) => type === 'tIME')).toBe(written);
  if (!hasJudge('pngcheck')) return;
  const pixels = deflateSync(Uint8Array.of(0, 7));
  const parts = [...chunks.map(({ type, data }) => chunk(type, data)), chunk('IDAT', pixels), end()];
  expect(pngcheck(Buffer.concat([SIGNATURE, header(1, 1, 8, 0), ...parts]))).toBeUndefined();
});
