import type { BenchEvent, BenchRequest, MemoryUse } from './request.ts';

/** The way to the command that started this host. */
export class Link {
  readonly #base: string;

  /** @param base address of the command's server */
  constructor(base: string) {
    this.#base = base;
  }

  /** Holds a connection for as long as this host lives: the command sees at once when it ends. */
  stay(): void {
    void this.#ask('stay').then(
      (response) => response.text(),
      () => {},
    );
  }

  /** What is to be done. */
  request(): Promise<BenchRequest> {
    return this.#post('request', {});
  }

  /** Tells what happens; resolves when it has arrived, so that it is known even if this host hangs then. */
  async tell(event: BenchEvent): Promise<void> {
    await this.#post('event', event);
  }

  /**
   * CPU time so far in ms: of the processes that run pages, or of all that the browser has; undefined where the host
   * cannot tell.
   */
  async cpu(of: 'page' | 'browser' = 'page'): Promise<number | undefined> {
    return (await this.#post<{ ms?: number }>('cpu', { of })).ms;
  }

  /** Starts watching the browser's memory, or stops and tells; undefined where the host cannot tell. */
  async memory(action: 'start' | 'stop'): Promise<MemoryUse | undefined> {
    return (await this.#post<{ use?: MemoryUse }>('memory', { action })).use;
  }

  /**
   * Starts recording the tasks of the page's main thread, or stops and tells the longest, in CPU ms; undefined where
   * the host cannot tell.
   */
  async longestTask(action: 'start' | 'stop'): Promise<number | undefined> {
    return (await this.#post<{ longest?: number }>('tasks', { action })).longest;
  }

  /** Bytes that were loaded of the library under test since the last call. */
  async loaded(): Promise<number> {
    return (await this.#post<{ bytes: number }>('loaded', {})).bytes;
  }

  async #post<T>(path: string, body: unknown): Promise<T> {
    return (await (await this.#ask(path, body)).json()) as T;
  }

  #ask(path: string, body: unknown = {}): Promise<Response> {
    return fetch(`${this.#base}/-/${path}`, { method: 'POST', body: JSON.stringify(body) });
  }
}
