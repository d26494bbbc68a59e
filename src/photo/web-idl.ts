/**
 * Web IDL (https://webidl.spec.whatwg.org) in a class of our own: the attributes of an interface's properties, and the
 * conversions of arguments. Each conversion throws the TypeError that the standard asks for.
 */

/**
 * Gives a class the property attributes of a Web IDL interface (3.7): enumerable members, a class string, a name that
 * minifiers leave alone.
 */
export function shapeAsInterface(Class: { prototype: object }, name: string): void {
  const { prototype } = Class;
  for (const key of Object.getOwnPropertyNames(prototype)) {
    if (key !== 'constructor') Object.defineProperty(prototype, key, { enumerable: true });
  }
  Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
  Object.defineProperty(Class, 'name', { value: name, configurable: true });
}

/** Defines the interface object as a global: writable and configurable, not enumerable (3.7.3). */
export function defineGlobal(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}

/** A value as a dictionary (3.2.17): undefined and null have no members, objects and functions theirs. */
export function toDictionary(value: unknown, name: string): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' && typeof value !== 'function') throw new TypeError(`${name} must be an object.`);
  return value as Record<string, unknown>;
}

/** A value as `double` (3.2.6): no NaN, no infinity, no BigInt. */
export function toDouble(value: unknown, name: string): number {
  const number = +(value as number);
  if (!Number.isFinite(number)) throw new TypeError(`${name} must be a finite number.`);
  return number;
}

/** A value as one of an enumeration's strings (3.2.18). */
export function toEnum<T extends string>(value: unknown, name: string, values: readonly T[]): T {
  const string = `${value as string}`;
  if (!values.includes(string as T)) {
    throw new TypeError(`${name} must be ${values.map((one) => `'${one}'`).join(' or ')}, not '${string}'.`);
  }
  return string as T;
}
