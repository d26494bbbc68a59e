import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import sharp from 'sharp';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'motordrive-package-'));
const installed = join(folder, 'node_modules', 'motordrive');

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts/build-library.mjs')], { cwd: root, stdio: 'pipe' });
  const tarball = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
  })
    .toString()
    .trim();
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', join(folder, tarball)], {
    cwd: folder,
    stdio: 'pipe',
  });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the packed library encodes in Node', async () => {
  const script = `
    import { loadKernels } from 'motordrive/kernels';
    const kernels = await loadKernels();
    const image = kernels.resize({ data: new Uint8Array(40 * 30 * 4).fill(200), width: 40, height: 30 }, { width: 17 });
    process.stdout.write(kernels.encodePng(kernels.reduceRedEye(image).image));`;
  writeFileSync(join(folder, 'main.js'), script);
  const png = execFileSync(process.execPath, ['main.js'], { cwd: folder });
  const { width, height, format } = await sharp(png).metadata();
  expect([width, height, format]).toEqual([17, 13, 'png']);
});

test('every entry can be imported where there is no DOM', () => {
  for (const entry of ['motordrive', 'motordrive/kernels', 'motordrive/polyfill', 'motordrive/bench']) {
    writeFileSync(join(folder, 'import.js'), `import * as all from '${entry}'; console.log(Object.keys(all).join());`);
    const names = execFileSync(process.execPath, ['import.js'], { cwd: folder }).toString().trim();
    if (entry === 'motordrive') expect(names).toBe('Darkroom,ImageCapture,MotorDrive');
  }
});

test('asset URLs stand literally as bundlers look for them', () => {
  const all = ['index.js', 'worker.js', 'kernels.js'].map((file) =>
    readFileSync(join(installed, 'dist', file), 'utf8'),
  );
  const chunks = execFileSync('sh', ['-c', 'cat dist/*.js'], { cwd: installed }).toString();
  expect(chunks).toContain('new Worker(new URL("./worker.js", import.meta.url)');
  expect(all[1]).toContain('new URL("./kernels.wasm", import.meta.url)');
  expect(all[2]).toContain('new URL("./kernels.wasm", import.meta.url)');
  expect(all.join('')).not.toContain('data:application/wasm');
});
