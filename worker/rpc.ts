import { transferHandlers, type TransferHandler } from 'comlink';
import { fromErrorRecord, toErrorRecord, type ErrorRecord } from './errors.ts';

type Thrown = { motordrive: ErrorRecord };

/**
 * Lets errors cross comlink with their class and name: by default only an Error's message arrives. Both sides call it
 * once; errors of other users of the same comlink are sent in comlink's own way.
 */
export function keepErrorIdentity(): void {
  const original = transferHandlers.get('throw') as TransferHandler<{ value: unknown }, unknown>;
  const handler: TransferHandler<{ value: unknown }, unknown> = {
    canHandle: original.canHandle,
    serialize: (thrown) =>
      thrown.value instanceof DarkroomError
        ? [{ motordrive: toErrorRecord(thrown.value.thrown) } satisfies Thrown, []]
        : original.serialize(thrown),
    deserialize: (wire) => {
      if (typeof wire === 'object' && wire !== null && 'motordrive' in wire) {
        throw fromErrorRecord((wire as Thrown).motordrive);
      }
      return original.deserialize(wire);
    },
  };
  transferHandlers.set('throw', handler);
}

/** Marks what our own worker throws; it never reaches a caller. */
export class DarkroomError {
  constructor(readonly thrown: unknown) {}
}
