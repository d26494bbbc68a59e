/**
 * `Symbol.dispose`, or what compilers take for it where the engine has none (WebKitGTK 2.50): the helpers that esbuild,
 * Babel and oxc write for `using` ask for this symbol.
 */
export const dispose: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');
