/** What run.mjs calls in the page. */
import { burst, cameraBurst } from './burst.ts';
import type { Reply, Request } from './contestants.worker.ts';
import { share } from './share.ts';
import { sheet } from './sheet.ts';

type BenchWindow = {
  benchCpu?: () => Promise<number | undefined>;
  bench?: {
    contests: typeof contests;
    burst: typeof burst;
    cameraBurst: typeof cameraBurst;
    share: typeof share;
    sheet: typeof sheet;
  };
};
const host = window as unknown as BenchWindow;

/** Holds the contests of one picture in a fresh worker. */
function contests(request: Request): Promise<Reply> {
  const worker = new Worker(new URL('./contestants.worker.ts', import.meta.url), { type: 'module' });
  return new Promise<Reply>((resolve, reject) => {
    worker.addEventListener('error', (event) => reject(new Error(event.message)));
    worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      if (data.kind === 'done') resolve(data);
      else void (host.benchCpu?.() ?? Promise.resolve(undefined)).then((cpu) => worker.postMessage({ cpu }));
    });
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}

host.bench = { contests, burst, cameraBurst, share, sheet };
