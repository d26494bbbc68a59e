import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Session } from './session.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where hosts post what they ask and tell, and where the built library is served from, its bytes counted. */
export class Desk {
  /** The session of the engine that runs now. */
  session: Session | undefined;
  #loaded = 0;

  /** Bytes of the library that were served since the last call. */
  readonly takeLoaded = (): number => {
    const bytes = this.#loaded;
    this.#loaded = 0;
    return bytes;
  };

  /** Answers what comes under `/-/`. */
  readonly answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = (request.url ?? '').replace(/^\//, '').split('?')[0]!;
    if (path.startsWith('library/')) return this.#serve(path.slice('library/'.length), response);
    if (!this.session || request.method !== 'POST') return void response.writeHead(404).end();
    this.session.answer(path, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(JSON.stringify(String(error)));
    });
  };

  #serve(name: string, response: ServerResponse): void {
    try {
      if (!/^[\w.-]+$/.test(name)) throw new Error('no such file');
      const file = name === 'comlink.js' ? 'node_modules/comlink/dist/esm/comlink.mjs' : `dist/${name}`;
      const bytes = readFileSync(join(root, file));
      this.#loaded += bytes.length;
      const type = name.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
      response.writeHead(200, {
        'content-type': type,
        'cache-control': 'no-store',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
      });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  }
}
