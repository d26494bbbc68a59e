/** What the page says in words: sizes, counts, and what went wrong. */

/** 'JPEG' or 'PNG'. */
export function typeName(type: string): string {
  return type.replace('image/', '').toUpperCase();
}

/** A count of bytes, in the unit that suits it. */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(2)} MB`;
}

/** Milliseconds; short ones with a decimal. */
export function duration(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 9.95 ? 1 : 0)} ms`;
}

/** '1 photo', '2 photos'. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A part of one in per cent, as CSS takes it too. */
export function percent(part: number, decimals = 0): string {
  return `${(part * 100).toFixed(decimals)}%`;
}

/** What was thrown, as a sentence. */
export function problem(thrown: unknown): string {
  const words = message(thrown);
  const budget = /^options\.maxBytes is (\d+); .* has (\d+) bytes\.$/.exec(words);
  if (!budget) return words;
  const [limit, least] = budget.slice(1).map((bytes) => byteSize(Number(bytes)));
  return `${limit} are too few: as a JPEG this photo takes ${least} or more. Allow more, or make it smaller.`;
}

function message(thrown: unknown): string {
  return thrown instanceof Error || thrown instanceof DOMException ? thrown.message || thrown.name : String(thrown);
}

/** Why getUserMedia() gave no camera, as a sentence. */
export function cameraProblem(thrown: unknown): string {
  switch (thrown instanceof DOMException ? thrown.name : '') {
    case 'NotAllowedError':
      return 'The camera may not be used: permission was refused.';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'No such camera was found.';
    case 'NotReadableError':
    case 'AbortError':
      return 'The camera cannot be started; another program may be using it.';
    default:
      return problem(thrown);
  }
}
