/** Where the library's worker script is, for the workers that belong to no darkroom. */
let script: string | URL | undefined;

/** A darkroom was told where the script is: other workers start from there too, the last one told counting. */
export function announceWorkerScript(url: string | URL | undefined): void {
  script = url ?? script;
}

/** Where the script is; undefined where it was built. */
export function workerScript(): string | URL | undefined {
  return script;
}
