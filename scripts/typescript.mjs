/** The project's TypeScript for scripts that Node runs. */
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

/**
 * A server that compiles modules as they are asked for, by paths from the project's folder; whoever asks for it closes
 * it.
 */
export function openProject() {
  return createServer({
    configFile: false,
    root: fileURLToPath(new URL('..', import.meta.url)),
    logLevel: 'error',
    server: { middlewareMode: true, ws: false },
  });
}
