// @module-tag slow
/** The library uses nothing of a browser that the oldest ones it is written for have not, by MDN's data. */
import bcd from '@mdn/browser-compat-data' with { type: 'json' };
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';

/** What is younger in one of the browsers, and the one file that uses it after looking for it, or can do without. */
const LOOKED_FOR: Record<string, string> = {
  CanvasCaptureMediaStreamTrack: 'src/frame-source/canvas-picture.ts',
  'HTMLVideoElement.cancelVideoFrameCallback': 'src/frame-source/player.ts',
  'HTMLVideoElement.requestVideoFrameCallback': 'src/frame-source/player.ts',
  'HTMLVideoElement.playsInline': 'src/frame-source/player.ts',
  ImageCapture: 'src/track/native-image-capture.ts',
  'ImageCapture.getPhotoCapabilities': 'src/track/native-image-capture.ts',
  'ImageCapture.takePhoto': 'src/photo/still.ts',
  ImageDecoder: 'worker/frame/decode.ts',
  'ImageDecoder.close': 'worker/frame/decode.ts',
  'ImageDecoder.decode': 'worker/frame/decode.ts',
  'MediaStreamTrack.getCapabilities': 'src/track/capabilities.ts',
  'Symbol.dispose': 'src/async/dispose.ts',
};

type Support = { version_added: string | boolean | null; flags?: unknown; partial_implementation?: boolean };
type Use = { names: string[][]; places: string[] };
type Feature = { __compat?: { support: Record<string, Support | Support[]> } } & { [name: string]: Feature };
const data = bcd as unknown as { api: Feature; javascript: { builtins: Feature } };

const ENGINES = { Chrome: 'chrome', Firefox: 'firefox', Safari: 'safari' };

/** The oldest versions, as README says. */
function minimum(): Record<string, number> {
  const [, ...versions] = /Written for Chrome (\d+), Firefox (\d+), Safari ([\d.]+)/.exec(
    readFileSync(new URL('../../README.md', import.meta.url), 'utf8'),
  )!;
  return Object.fromEntries(Object.values(ENGINES).map((engine, place) => [engine, Number(versions[place])]));
}

/** A member or global as the compiler's libraries declare it: names by which MDN may know it. */
function namesOf(declaration: ts.Declaration, name: string): string[][] {
  const { parent } = declaration;
  if (ts.isInterfaceDeclaration(parent)) {
    const owner = parent.name.text.replace(/^Readonly(?=Array|Map|Set)/, '');
    if (owner.endsWith('Constructor')) return [[owner.slice(0, -'Constructor'.length), name]];
    return [[owner, name], ...(/^(Int|Uint|Float).*Array$/.test(owner) ? [['TypedArray', name]] : [])];
  }
  const owner = parent?.parent;
  if (owner && ts.isVariableDeclaration(owner)) return [[owner.name.getText(), `${name}_static`]];
  return [[name], ['Window', name]];
}

/** The first version of each browser that has it without a flag; undefined for what MDN does not list. */
function firstVersions(names: readonly string[]): Record<string, number> | undefined {
  for (const root of [data.api, data.javascript.builtins]) {
    const { __compat } = names.reduce<Feature | undefined>((at, name) => at?.[name], root) ?? {};
    if (!__compat) continue;
    const added = (engine: string): number => {
      const all = [__compat.support[engine] ?? []].flat().filter(({ flags }) => !flags);
      const versions = all.map(({ version_added: version }) => Number.parseFloat(String(version).replace(/^≤/, '')));
      return Math.min(Infinity, ...versions.map((version) => (Number.isNaN(version) ? Infinity : version)));
    };
    return Object.fromEntries(Object.values(ENGINES).map((engine) => [engine, added(engine)]));
  }
  return undefined;
}

/** All members and globals of the compiler's libraries that a room uses, each with its files. */
function uses(room: 'src' | 'worker'): Map<string, Use> {
  const root = new URL(`../../${room}/`, import.meta.url).pathname;
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const { fileNames, options } = ts.getParsedCommandLineOfConfigFile(`${root}tsconfig.json`, {}, host)!;
  const program = ts.createProgram(fileNames, options);
  const checker = program.getTypeChecker();
  const found = new Map<string, Use>();
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || !file.fileName.startsWith(root)) continue;
    const visit = (node: ts.Node): void => {
      const symbol = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
      for (const declaration of symbol?.declarations ?? []) {
        const isLibrary = declaration.getSourceFile().fileName.includes('/typescript/lib/lib.');
        if (!isLibrary || ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration)) continue;
        const names = namesOf(declaration, symbol!.name);
        const key = names[0]!.join('.');
        const places = new Set(found.get(key)?.places).add(`${room}/${file.fileName.slice(root.length)}`);
        found.set(key, { names, places: [...places] });
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return found;
}

test.each(['src', 'worker'] as const)('%s uses no API that the oldest supported browsers lack', (room) => {
  const oldest = minimum();
  const found = uses(room);
  const younger: string[] = [];
  let known = 0;
  for (const [key, { names, places }] of found) {
    const versions = names.map(firstVersions).find((one) => one !== undefined);
    if (versions) known++;
    const late = Object.entries(versions ?? {}).filter(([engine, version]) => version > oldest[engine]!);
    if (late.length > 0 && !places.every((place) => place === LOOKED_FOR[key])) {
      younger.push(`${key} (${places.join()}): ${late.map(([engine, version]) => `${engine} ${version}`).join(', ')}`);
    }
  }
  expect(younger).toEqual([]);
  // It did look.
  expect(known / found.size).toBeGreaterThan(0.8);
  expect([...found.keys()]).toContain(room === 'src' ? 'AbortSignal.throwIfAborted' : 'VideoFrame.copyTo');
});
