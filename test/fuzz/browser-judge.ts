/** Has cases developed by `develop()` in Chromium, whose photos have to be those of the kernels in Node. */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright';
import { createServer } from 'vite';
import { BROWSER_FLAGS, findBrowser } from '../../scripts/browser.mjs';
import { loadTestKernels } from '../helpers/kernels.ts';
import { turned, turnedSize } from '../../worker/frame/orientation.ts';
import { readPng } from '../reference/png/png.ts';
import { isPlanarFormat, type Case } from './case.ts';
import { openPhotograph } from './child.ts';
import type { Judge } from './command.ts';
import { showPhotographs } from './content.ts';
import { develop, type Developed } from './develop.ts';
import type { PageAnswer, PageQuestion } from './page.ts';
import { store, type Stored } from './stored.ts';

const PATIENCE = 20_000;
const SHRINKING_PATIENCE = 5000;

/** Starts a page for cases, and another browser whenever one does not answer. */
export async function browserJudge(photographs: readonly string[]): Promise<Judge> {
  showPhotographs(await Promise.all(photographs.map(openPhotograph)));
  const instance = await loadTestKernels();
  const server = await createServer({
    configFile: false,
    root: fileURLToPath(new URL('../..', import.meta.url)),
    logLevel: 'error',
    worker: { format: 'es' },
    optimizeDeps: { include: ['comlink'], entries: ['test/fuzz/page.html'] },
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
  });
  await server.listen();
  const address = `${server.resolvedUrls!.local[0]}test/fuzz/page.html`;
  let browser: Browser | undefined;
  let page: Page | undefined;
  let patience = PATIENCE;

  const open = async (): Promise<Page> => {
    browser = await chromium.launch({ executablePath: findBrowser()!, args: BROWSER_FLAGS });
    page = await browser.newPage();
    await page.goto(address);
    await page.waitForFunction(() => 'develop' in window);
    return page;
  };
  const ask = async (question: PageQuestion): Promise<PageAnswer> => {
    const asked = page ?? (await open());
    const answer = asked.evaluate(
      (given) => (window as unknown as { develop: (given: PageQuestion) => Promise<PageAnswer> }).develop(given),
      question,
    );
    answer.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`No answer for ${patience / 1000} s.`)), patience);
    });
    try {
      return await Promise.race([answer, silence]);
    } catch (error) {
      page = undefined;
      await browser?.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    try: async (drawn) => {
      try {
        const given = forPage(drawn);
        const stored = store(given);
        const question = questionOf(given, stored);
        const answers = [await ask(question), await ask(question)];
        let made: Developed;
        try {
          made = develop(instance, given, stored);
        } catch (error) {
          for (const answer of answers) assert.equal('error' in answer && answer.error, (error as Error).name);
          return;
        }
        for (const answer of answers) judge(answer, made);
      } catch (error) {
        patience = SHRINKING_PATIENCE;
        throw error;
      }
    },
    close: async () => {
      await browser?.close();
      await server.close();
    },
  };
}

/** Without what a page adds by itself. */
function forPage(given: Case): Case {
  const { metadata = false } = given.options;
  const known = typeof metadata === 'object' ? { ...metadata, software: 'fuzz' } : metadata;
  return { ...given, options: { ...given.options, metadata: known } };
}

function questionOf(given: Case, { data, codedWidth, codedHeight, layout }: Stored): PageQuestion {
  const { format, width, height, margin, colour, colorSpace, rotation, flip, display, options } = given;
  const wide = colorSpace === 'display-p3';
  const planar = isPlanarFormat(format);
  // Chromium turns the size that it is given.
  const shown = display && turnedSize(display, turned(rotation, false));
  const init = {
    format,
    codedWidth,
    codedHeight,
    layout,
    timestamp: 0,
    visibleRect: { x: margin.left, y: margin.top, width, height },
    colorSpace: {
      primaries: wide ? 'smpte432' : 'bt709',
      transfer: 'iec61966-2-1',
      matrix: planar ? (colour.matrix === 'bt709' ? 'bt709' : 'smpte170m') : 'rgb',
      fullRange: planar ? colour.fullRange : true,
    },
    rotation,
    flip,
    ...(shown && { displayWidth: shown.width, displayHeight: shown.height }),
  };
  return { data: Buffer.from(data).toString('base64'), init: init as VideoFrameBufferInit, options };
}

/** A shared PNG may be laid out in another way. */
function judge(answer: PageAnswer, { file, settings, geometry, redEyes, sharpness }: Developed): void {
  if ('error' in answer) throw new Error(`${answer.error}: ${answer.message}`);
  const bytes = Buffer.from(answer.file, 'base64');
  assert.deepEqual([answer.width, answer.height], [geometry.width, geometry.height], 'size');
  assert.deepEqual([answer.redEyes, answer.sharpness], [redEyes.length, sharpness], 'red eyes and sharpness');
  if (settings.type === 'image/png' && settings.workers > 1) {
    assert(Buffer.compare(readPng(bytes).pixels, readPng(file).pixels) === 0, 'Chromium shows other pixels');
  } else {
    assert(Buffer.compare(bytes, file) === 0, 'Chromium gives other bytes');
  }
}
