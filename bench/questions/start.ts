import type { Contestant, Holding } from '../contests/contest.ts';
import type { Link } from '../hosts/link.ts';

const SIZE = { width: 1280, height: 720 };

/** What a fresh document runs, from nothing to its first photo. */
const SCRIPTS = {
  convertToBlob: `
    const canvas = new OffscreenCanvas(${SIZE.width}, ${SIZE.height});
    canvas.getContext('2d').putImageData(image, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });`,
  motordrive: `
    const { Darkroom } = await import('motordrive');
    const { blob } = await Darkroom.shared.develop(image, { quality: 0.9 });`,
  'motordrive/kernels': `
    const { loadKernels } = await import('motordrive/kernels');
    const blob = new Blob([(await loadKernels()).encodeJpeg(image, { quality: 0.9 })], { type: 'image/jpeg' });`,
};

/**
 * From the import of the built library to the first photo, in a fresh document that has nothing cached; and what it
 * loads.
 */
export async function start(link: Link, holding: Holding): Promise<void> {
  const contestants = Object.entries(SCRIPTS).map(([name, script]): Contestant => ({
    name,
    run: () => inFreshDocument(script),
  }));
  await holding({ frame: `ImageData, ${SIZE.width} × ${SIZE.height}`, ...SIZE })({
    task: 'import → first photo',
    contestants,
    take: () => link.loaded(),
    check: async () => ({ loaded: await link.loaded() }),
    minimum: 0,
  });
}

/** Runs a script in an iframe and tells how long it took; loading the document itself does not count. */
async function inFreshDocument(script: string): Promise<{ blob: Blob; timings: Record<string, number> }> {
  const imports = {
    motordrive: '/-/library/index.js',
    'motordrive/kernels': '/-/library/kernels.js',
    comlink: '/-/library/comlink.js',
  };
  const frame = document.createElement('iframe');
  frame.srcdoc = `<script type="importmap">${JSON.stringify({ imports })}</script><script type="module">
    const image = new ImageData(new Uint8ClampedArray(${SIZE.width * SIZE.height * 4}).fill(128), ${SIZE.width}, ${SIZE.height});
    try {
      const started = performance.now();
      ${script}
      const time = performance.now() - started;
      const bytes = await blob.arrayBuffer();
      parent.postMessage({ bytes, time }, '*');
    } catch (error) {
      parent.postMessage({ error: String(error) }, '*');
    }
  </script>`;
  const told = new Promise<{ bytes: ArrayBuffer; time: number; error?: string }>((resolve) => {
    const listen = (event: MessageEvent): void => {
      if (event.source !== frame.contentWindow) return;
      removeEventListener('message', listen);
      resolve(event.data);
    };
    addEventListener('message', listen);
  });
  document.body.append(frame);
  try {
    const { bytes, time, error } = await told;
    if (error !== undefined) throw new Error(error);
    return { blob: new Blob([bytes]), timings: { first: time } };
  } finally {
    frame.remove();
  }
}
