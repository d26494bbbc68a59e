import { afterEach, expect, test, vi } from 'vitest';
import { Darkroom } from '../../src/darkroom/darkroom.ts';

afterEach(() => void vi.useRealTimers());

test('rejects where there are no workers, and leaves no timer that keeps a process from ending', async () => {
  vi.useFakeTimers();
  const darkroom = new Darkroom({ workers: 2 });
  const refused = { name: 'OperationError' };
  await expect(darkroom.ready()).rejects.toMatchObject(refused);
  await expect(darkroom.develop(new Blob(['no picture']))).rejects.toMatchObject(refused);
  expect(await darkroom.memoryBytes()).toBe(0);
  expect([vi.getTimerCount(), darkroom.pending]).toEqual([0, 0]);
});
