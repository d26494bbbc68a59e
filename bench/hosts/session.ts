import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ResultRow } from '../../src/bench/result-file.ts';
import type { TaskRecorder } from './driver.ts';
import { MemoryWatch } from './memory-watch.ts';
import { Processes, type Part } from './processes.ts';
import type { BenchEvent, BenchRequest, HostFacts, ImageCrop } from './request.ts';

/** ms between signs of life to a host that stays connected: longer silences end connections. */
const SIGN = 30_000;

/** How an attempt went: all done, the host's process ended, it was silent for too long, or the user stopped it. */
export type Outcome = 'done' | 'ended' | 'silent' | 'stopped';

/** One engine's run as the command sees it: what is asked, what has come back, and who was at work last. */
export class Session {
  readonly rows: ResultRow[] = [];
  readonly images: ImageCrop[] = [];
  readonly request: BenchRequest;
  /** What failed as a whole. */
  readonly failures: string[] = [];
  /** Of the browser that runs now, if it has one. */
  tasks: TaskRecorder | undefined;
  /** What the host says of itself. */
  host: HostFacts | undefined;
  /** Who was at work when the host ended. */
  readonly #endings = new Set<string>();
  readonly #processes = new Processes();
  readonly #memory = new MemoryWatch(this.#processes);
  readonly #say: (line: string) => void;
  readonly #loaded: () => number;
  #last: { key: string; contestant: string } | undefined;
  #heard = performance.now();
  #settle: ((outcome: Outcome) => void) | undefined;

  /**
   * @param loaded bytes of the library that were served since the last call
   * @param say shows progress
   */
  constructor(request: BenchRequest, loaded: () => number, say: (line: string) => void) {
    this.request = request;
    this.#loaded = loaded;
    this.#say = say;
  }

  /** Waits until the host is done or ends, or has said nothing for so many ms, or {@link stop} is called. */
  settled(silence: number): Promise<Outcome> {
    this.#heard = performance.now();
    this.#last = undefined;
    this.#processes.forget();
    return new Promise<Outcome>((resolve) => {
      const timer = setInterval(() => {
        if (performance.now() - this.#heard > silence) this.#settle?.('silent');
      }, 500);
      this.#settle = (outcome) => {
        clearInterval(timer);
        this.#settle = undefined;
        resolve(outcome);
      };
    });
  }

  /** Ends {@link settled}. */
  stop(): void {
    this.#settle?.('stopped');
  }

  /**
   * Blames who was at work when the host fell silent or ended; gives its name, or nothing when nobody was. Browsers
   * crash for reasons of their own as well: who was at work at an end is left out when that happens a second time.
   */
  blame(how: 'ended' | 'silent'): string | undefined {
    if (!this.#last) return undefined;
    const { key, contestant } = this.#last;
    const name = `${contestant} (${key})`;
    if (how === 'silent' || this.#endings.has(name)) {
      const reason = how === 'ended' ? 'it crashed the host, twice' : 'it did not come back';
      this.request.hung.push({ key, contestant, reason });
    }
    if (how === 'ended') this.#endings.add(name);
    return name;
  }

  /** Answers the host's requests, which are all POST. */
  async answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as unknown;
    this.#heard = performance.now();
    if (path === 'stay') return this.#stay(response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify((await this.#reply(path, body)) ?? {}));
  }

  /** The connection of a host ends with it. */
  #stay(response: ServerResponse): void {
    const settle = this.#settle;
    const timer = setInterval(() => response.write(' '), SIGN);
    response.writeHead(200, { 'content-type': 'text/plain' }).write(' ');
    response.once('close', () => {
      clearInterval(timer);
      if (settle && settle === this.#settle) settle('ended');
    });
  }

  async #reply(path: string, body: unknown): Promise<unknown> {
    if (path === 'request') return this.request;
    if (path === 'cpu') return { ms: this.#processes.cpu((body as { of: Part }).of) };
    if (path === 'memory')
      return { use: (body as { action: string }).action === 'start' ? this.#memory.start() : this.#memory.stop() };
    if (path === 'tasks') return { longest: await this.#recordTasks((body as { action: string }).action === 'start') };
    if (path === 'loaded') return { bytes: this.#loaded() };
    if (path === 'event') this.#hear(body as BenchEvent);
    return undefined;
  }

  #hear(event: BenchEvent): void {
    switch (event.kind) {
      case 'progress': {
        const { key, contestant, phase, round, rounds } = event;
        this.#last = { key, contestant };
        this.#say(`${key}: ${phase === 'round' ? `round ${round + 1} of ${rounds}` : phase}, ${contestant}`);
        break;
      }
      case 'rows':
        this.#last = undefined;
        this.rows.push(...event.rows);
        this.request.done.push(event.key);
        break;
      case 'image':
        this.images.push(event.image);
        break;
      case 'failed':
        this.failures.push(`${event.key}: ${event.reason}`);
        break;
      case 'host':
        this.host = event.host;
        break;
      case 'done':
        this.#settle?.('done');
    }
  }

  /** Starts the record, or stops it and gives the longest task. */
  async #recordTasks(isStart: boolean): Promise<number | undefined> {
    if (!isStart) return this.tasks?.stop();
    await this.tasks?.start();
    return undefined;
  }
}
