import { bench } from '../../src/bench/bench.ts';
import type { Check, Contestant as Entrant } from '../../src/bench/contestant.ts';
import { psnr, ssim, type Pixels } from '../../src/bench/likeness.ts';
import { decodePhoto, photoCheck } from '../../src/bench/photo-check.ts';
import type { ResultRow } from '../../src/bench/result-file.ts';
import { cropOf } from './crop.ts';
import type { Picture } from './exact.ts';
import type { Link } from '../hosts/link.ts';
import { keyOf, type BenchRequest } from '../hosts/request.ts';

// Contestants of one comparison agree on what they are given.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Contestant<Frame = any> = Entrant<Frame> & {
  /** The pixels that the last run made, where it gives no photo. */
  picture?: () => Picture;
};

/** What a question asks: contestants that do the same, the browser's own first. */
export type Contest = {
  task: string;
  contestants: Contestant[];
  /** The frame for one run, where contestants do not have it already. */
  take?: () => unknown;
  /** Width and height of the photos to expect; default: the frame's. */
  size?: { width: number; height: number };
  /** What the photos should look like. */
  original?: Pixels;
  /** What the contestants' pictures should be. */
  exact?: () => Picture;
  /** A check of one's own in place of decoding. */
  check?: Check;
  /** Whose CPU time counts: that of the page's processes (default) or of all the browser's. */
  cpuOf?: 'page' | 'browser';
  /** ms that a sample should last; default 50. */
  minimum?: number;
  /** Rounds, where a comparison needs other ones than are asked for, whatever they cost. */
  rounds?: number;
  /** Megapixels that a run works through, for rates. */
  megapixels?: number;
};

/** What a comparison is about. */
type About = { question: string; frame: string; width: number; height: number };

/** Where a comparison is held. */
export type Host = {
  request: BenchRequest;
  link: Link;
  /** This host's decoder, if it is not the browser's. */
  decode?: ((photo: Blob) => Promise<Pixels>) | undefined;
  /** Whether the CPU time is that of this process, which `bench()` reads itself. */
  isProcess?: boolean;
};

/** Holds comparisons of one question. */
export type Holding = (about: Omit<About, 'question'>) => (contest: Contest) => Promise<void>;

/** ms that a sample lasts at least. */
const SAMPLE = 50;
/** dB below which a picture is not of this frame. */
const LEAST_PSNR = 20;

/** Holds one comparison, unless it is done, and tells the results. */
export async function hold(contest: Contest, about: About, { request, link, decode, isProcess }: Host): Promise<void> {
  const { task, original, contestants, take = () => undefined, size = about } = contest;
  const { question, frame } = about;
  const key = keyOf({ question, frame, task });
  if (request.done.includes(key)) return;
  const blamed = (name: string): string | undefined =>
    request.hung.find((one) => one.key === key && one.contestant === name)?.reason;
  const images: Promise<void>[] = [];
  let pixels: Pixels | undefined;
  const checkPhoto =
    contest.check ??
    photoCheck({
      ...size,
      original,
      decode: async (photo) => (pixels = await (decode ?? decodePhoto)(photo)),
    });
  let exact: Picture | undefined;
  const check: Check = (output, subject) => {
    const { picture } = subject.contestant as Contestant;
    if (!picture || !contest.exact) return checkPhoto(output, subject);
    return likenessOf(picture(), (exact ??= contest.exact()));
  };
  const show = (contestant: string, shown: Pixels | undefined): void => {
    if (request.images && original && shown)
      images.push(link.tell({ kind: 'image', image: { key, contestant, ...cropOf(shown) } }));
  };
  show('original', original);
  const { rows } = await bench({
    contestants: contestants.map((contestant) => ({
      ...contestant,
      open: () => {
        const reason = blamed(contestant.name);
        if (reason !== undefined) throw new Error(reason);
        return contestant.open?.();
      },
    })),
    frames: [{ name: frame, width: about.width, height: about.height, take }],
    rounds: contest.rounds ?? request.rounds,
    timeout: request.timeout,
    budget: contest.rounds === undefined ? request.budget : undefined,
    minimum: contest.minimum ?? SAMPLE,
    check: async (output, subject) => {
      pixels = undefined;
      const findings = await check(output, subject);
      show(subject.contestant.name, pixels);
      return findings;
    },
    ...(!isProcess && { cpu: () => link.cpu(contest.cpuOf) }),
    onProgress: ({ contestant, phase, round, rounds }) =>
      link.tell({ kind: 'progress', key, contestant, phase, round, rounds }),
  });
  await Promise.all(images);
  const told = rows.map((row): ResultRow => ({
    ...row,
    question,
    task,
    ...(blamed(row.contestant) !== undefined && { status: 'hung' as const }),
    ...(contest.megapixels !== undefined && { megapixels: contest.megapixels }),
  }));
  await link.tell({ kind: 'rows', key, rows: told });
}

/** How like what it should be a picture is. */
function likenessOf(picture: Picture, exact: Picture): { psnr: number; ssim: number } {
  const likeness = psnr(exact, picture);
  if (!(likeness >= LEAST_PSNR)) throw new RangeError(`looks different: ${likeness.toFixed(1)} dB`);
  return { psnr: likeness, ssim: ssim(exact, picture) };
}
