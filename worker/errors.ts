/**
 * Errors as the platform's own: TypeError for a value of the wrong kind, RangeError for a value outside its limits,
 * DOMException for the state of the world, named as the Image Capture and WebCodecs specifications name it.
 */

/** Names of the DOMExceptions that Motordrive raises. */
export type FailureName =
  'AbortError' | 'EncodingError' | 'InvalidStateError' | 'NotSupportedError' | 'OperationError' | 'UnknownError';

/** Makes a DOMException; `cause` keeps what the host said. */
export function failure(name: FailureName, message: string, cause?: unknown): DOMException {
  const error = new DOMException(message, name);
  if (cause !== undefined) Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true });
  return error;
}

/** The words of whatever was thrown. */
export function reasonText(thrown: unknown): string {
  return thrown instanceof Error || thrown instanceof DOMException ? thrown.message : String(thrown);
}

/** What an error is reduced to on its way from the worker to the page. */
export type ErrorRecord = {
  kind: 'TypeError' | 'RangeError' | 'DOMException' | 'Error';
  name: string;
  message: string;
};

/** Reduces any thrown value to a record that survives structured cloning. */
export function toErrorRecord(thrown: unknown): ErrorRecord {
  const message = reasonText(thrown);
  if (thrown instanceof DOMException) return { kind: 'DOMException', name: thrown.name, message };
  if (thrown instanceof TypeError) return { kind: 'TypeError', name: 'TypeError', message };
  if (thrown instanceof RangeError) return { kind: 'RangeError', name: 'RangeError', message };
  return { kind: 'Error', name: thrown instanceof Error ? thrown.name : 'Error', message };
}

/** The inverse of {@link toErrorRecord}: an error of the class and name that was thrown. */
export function fromErrorRecord({ kind, name, message }: ErrorRecord): Error {
  if (kind === 'DOMException') return new DOMException(message, name);
  if (kind === 'TypeError') return new TypeError(message);
  if (kind === 'RangeError') return new RangeError(message);
  return new DOMException(message, 'OperationError');
}
