import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import sharp, { type JpegOptions, type Sharp } from 'sharp';
import type { Pixels } from '../src/bench/likeness.ts';
import type { PackedImage } from '../worker/frame/image.ts';
import { encodeJpeg } from '../worker/jpeg/encode.ts';
import { compileKernels, instantiateKernels, type KernelInstance } from '../worker/memory/kernels.ts';
import { encodePng } from '../worker/png/encode.ts';
import { scalePacked } from '../worker/scale/scale.ts';
import { hold, type Contest, type Contestant } from './contest.ts';
import { exactLanczos3 } from './exact.ts';
import { kernels } from './kernels.ts';
import { Link } from './link.ts';
import { equaliser } from './equal-quality.ts';
import { loadPeers, type Peers } from './peers.ts';
import { isAskedOf, type BenchRequest, type QuestionName } from './request.ts';
import { targetsOf } from './scale.ts';
import { photoLike } from './scene.ts';
import type { Subject, SubjectSource } from './subject.ts';

/** A picture, in Node. */
type NodeSubject = {
  width: number;
  height: number;
  /** RGBA. */
  data: Uint8ClampedArray<ArrayBuffer>;
  instance: KernelInstance;
  /** The pixels in linear memory; what was allocated behind them is released. */
  pixels: () => PackedImage;
  /** The pixels without alpha. */
  rgb: Uint8Array;
  /** The same, as native code takes them. */
  raw: () => Sharp;
};

const QUALITY = 0.9;

/** The kernels beside native code on one thread: sharp's libjpeg-turbo, mozjpeg, libpng and libvips. */
const ASKED: Partial<Record<QuestionName, (subject: NodeSubject, peers: Peers<Pixels>) => Contest[]>> = {
  jpeg,
  png,
  scale,
  kernels: (subject) => kernels(subject as unknown as Subject),
};

/** Asks the command at an address what to do, does it, and tells. */
export async function run(origin: string): Promise<void> {
  sharp.concurrency(1);
  sharp.cache(false);
  const link = new Link(origin);
  link.stay();
  const request = await link.request();
  const peers = await loadPeers<Pixels>(request.peers, ({ file }) => pathToFileURL(file).href);
  for (const source of request.sources) {
    const asked = request.questions.filter((question) => isPerPicture(question) && isAskedOf(question, source));
    await ask(link, request, source, asked, peers);
  }
  const rest = request.questions.filter((question) => !isPerPicture(question));
  await ask(link, request, { name: 'generated 4K', width: 3840, height: 2160 }, rest, peers);
  await link.tell({ kind: 'done' });
}

async function ask(
  link: Link,
  request: BenchRequest,
  source: SubjectSource,
  questions: QuestionName[],
  peers: Peers<Pixels>,
): Promise<void> {
  for (const question of questions) {
    const contests = ASKED[question];
    if (!contests) continue;
    try {
      const subject = await prepare(source);
      const { width, height } = subject;
      const about = { question, frame: `${source.name}, ${width} × ${height}`, width, height };
      for (const contest of contests(subject, peers))
        await hold(contest, about, { request, link, decode, isProcess: true });
    } catch (error) {
      await link.tell({ kind: 'failed', key: `${question} | ${source.name}`, reason: String(error) });
    }
  }
}

function isPerPicture(question: QuestionName): boolean {
  return question !== 'kernels';
}

async function prepare({ file, width, height }: SubjectSource): Promise<NodeSubject> {
  const picture =
    file === undefined
      ? sharp(photoLike(width!, height!), { raw: { width: width!, height: height!, channels: 4 } })
      : sharp(file).ensureAlpha();
  const { data: bytes, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  const data = new Uint8ClampedArray(bytes);
  const rgb = await sharp(data, { raw: info }).removeAlpha().raw().toBuffer();
  const size = { width: info.width, height: info.height };
  const instance = await instantiateKernels(
    await compileKernels(await readFile(new URL('../build/kernels.wasm', import.meta.url))),
  );
  const { memory } = instance;
  const pixels = (): PackedImage => {
    memory.reset();
    return { format: 'RGBX', ...size, address: memory.alloc(data.length), stride: size.width * 4 };
  };
  memory.bytes(pixels().address, data.length).set(data);
  return { ...size, data, instance, pixels, rgb, raw: () => sharp(rgb, { raw: { ...size, channels: 3 } }) };
}

function jpeg(subject: NodeSubject, peers: Peers<Pixels>): Contest[] {
  const { raw, instance, pixels } = subject;
  const native = (name: string, options: JpegOptions): Contestant => ({
    name,
    run: async () =>
      blobOf(
        await raw()
          .jpeg({ quality: QUALITY * 100, ...options })
          .toBuffer(),
        'image/jpeg',
      ),
  });
  const own = (['speed', 'balanced', 'size'] as const).map((effort): Contestant => ({
    name: `motordrive (${effort})`,
    run: () => {
      const settings = { quality: QUALITY, chromaSubsampling: '4:2:0', effort } as const;
      return new Blob(encodeJpeg(instance, pixels(), settings).parts(), { type: 'image/jpeg' });
    },
  }));
  return [
    {
      task: 'RGB → JPEG q0.9',
      original: subject,
      contestants: [
        native('sharp, libjpeg-turbo', { optimiseCoding: false }),
        native('sharp, libjpeg-turbo, optimal tables', { optimiseCoding: true }),
        native('sharp, mozjpeg', { mozjpeg: true }),
        ...own,
        ...peers.jpegContestants(subject, equaliser(subject, bySharp, decode, toPixels)),
      ],
    },
  ];
}

function png(subject: NodeSubject, peers: Peers<Pixels>): Contest[] {
  const { raw, instance, pixels } = subject;
  const native = (level: number): Contestant => ({
    name: `sharp, level ${level}`,
    run: async () =>
      blobOf(await raw().png({ compressionLevel: level, adaptiveFiltering: true }).toBuffer(), 'image/png'),
  });
  const own = (['balanced', 'speed'] as const).map((effort): Contestant => ({
    name: `motordrive (${effort})`,
    run: () => new Blob(encodePng(instance, pixels(), { effort }).parts(), { type: 'image/png' }),
  }));
  return [
    {
      task: 'RGB → PNG',
      original: subject,
      contestants: [native(6), native(1), ...own, ...peers.pngContestants(subject)],
    },
  ];
}

function scale({ rgb, instance, pixels, width, height, data }: NodeSubject): Contest[] {
  const { memory } = instance;
  return targetsOf({ width, height }).map(([toWidth, toHeight]): Contest => {
    const size = { width: toWidth, height: toHeight };
    let address = 0;
    return {
      task: `scale to ${toWidth} × ${toHeight}`,
      size,
      exact: () => exactLanczos3({ data, width, height }, toWidth, toHeight),
      contestants: [
        resized('sharp, RGBA', data, { width, height, channels: 4 }, size),
        resized('sharp, RGB', rgb, { width, height, channels: 3 }, size),
        {
          name: 'motordrive lanczos3',
          run: () => {
            const source: PackedImage = { ...pixels(), format: 'RGBA' };
            address = memory.alloc(toWidth * toHeight * 4);
            const target = { ...source, ...size, stride: toWidth * 4, address };
            scalePacked(instance, source, { x: 0, y: 0, width, height }, target, 'lanczos3');
          },
          picture: () => ({ data: memory.bytes(address, toWidth * toHeight * 4).slice(), ...size }),
        },
      ],
    };
  });
}

function resized(
  name: string,
  from: Uint8Array | Uint8ClampedArray,
  raw: { width: number; height: number; channels: 3 | 4 },
  size: { width: number; height: number },
): Contestant {
  let made: Uint8Array;
  return {
    name,
    run: async () => {
      made = await sharp(from, { raw })
        .resize(size.width, size.height, { kernel: 'lanczos3', fit: 'fill' })
        .raw()
        .toBuffer();
    },
    picture: () => {
      const opaque = new Uint8ClampedArray(size.width * size.height * 4).fill(255);
      for (let i = 0; i < opaque.length; i++) if (i % 4 < 3) opaque[i] = made[(i >> 2) * raw.channels + (i % 4)]!;
      return { data: opaque, ...size };
    },
  };
}

async function bySharp({ data, width, height }: Pixels): Promise<Blob> {
  const raw = sharp(Uint8ClampedArray.from(data), { raw: { width, height, channels: 4 } });
  return blobOf(
    await raw
      .removeAlpha()
      .jpeg({ quality: QUALITY * 100, optimiseCoding: false })
      .toBuffer(),
    'image/jpeg',
  );
}

function toPixels(data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number): Pixels {
  return { data, width, height };
}

async function decode(photo: Blob): Promise<Pixels> {
  const { data, info } = await sharp(await photo.arrayBuffer())
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

function blobOf(bytes: Uint8Array, type: string): Blob {
  return new Blob([new Uint8Array(bytes)], { type });
}
