/** The first word of an engine's name, in small letters. */
export function kindOf(engine: string): string {
  return engine.split(' ')[0]!.toLowerCase();
}
