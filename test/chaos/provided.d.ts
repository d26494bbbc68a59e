declare module 'vitest' {
  interface ProvidedContext {
    /** The first seed and how many operations, where `npm run chaos` asks for them. */
    chaos: { seed: number; operations: number } | undefined;
  }
}
export {};
