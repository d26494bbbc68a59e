/**
 * Makes a fresh clone ready, before any `npm ci`; Node built-ins only. When everything is in place it takes a few
 * milliseconds. --browser=required   a Chromium must be there (tests, benches); =optional: say so when there is none
 * --engines            Firefox and WebKitGTK too; said loudly when they cannot be had, an error with
 * MOTORDRIVE_ENGINES=all --judges             what the tests ask for a verdict: djpeg, pngcheck, exiftool
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allEnginesRequired, ENGINES, findBrowser, findProgram, missingEngines } from './browser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const JUDGES = {
  djpeg: 'libjpeg-turbo-progs',
  pngcheck: 'pngcheck',
  exiftool: 'libimage-exiftool-perl',
};

checkNode();
installDependencies();
buildWasm();
provideBrowser(process.argv.includes('--browser=required'));
if (process.argv.includes('--engines')) provideEngines();
if (process.argv.includes('--judges')) provideJudges();

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Motordrive needs Node 20.19 or newer; this is ${process.versions.node}.`);
  }
}

/** `npm ci` when node_modules is missing or was made from another lock file. */
function installDependencies() {
  const stamp = join(root, 'node_modules', '.motordrive-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('Installing the dependencies (npm ci) …');
  run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], { shell: process.platform === 'win32' });
  writeFileSync(stamp, lock);
}

/** Compiles the kernels when a source is newer than they are. */
function buildWasm() {
  const built = join(root, 'build', 'kernels.wasm');
  const age = existsSync(built) ? statSync(built).mtimeMs : 0;
  const sources = readdirSync(join(root, 'assembly'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const compiler = ['asconfig.json', 'scripts/records.mjs', 'scripts/separate.mjs'].map((path) => join(root, path));
  if ([...compiler, ...sources].every((path) => statSync(path).mtimeMs < age)) return;
  say('Compiling the kernels …');
  run(process.execPath, [join(root, 'scripts', 'build-wasm.mjs')]);
}

function provideBrowser(required) {
  if (findBrowser()) return;
  if (installDebian(['chromium']) && findBrowser()) return;
  const advice = 'No Chrome, Chromium or Edge was found: install one, or set CHROME_PATH to its executable.';
  if (required) fail(advice);
}

function provideEngines() {
  const wanted = missingEngines();
  if (wanted.length === 0) return;
  installDebian(wanted.flatMap((name) => ENGINES[name].packages));
  const missing = missingEngines();
  if (missing.length === 0) return;
  const advice = `${missing.join(' and ')} cannot be had here: install ${missing.flatMap((name) => ENGINES[name].packages).join(', ')}.`;
  if (allEnginesRequired) fail(advice);
  say(`${advice} THE TESTS RUN WITHOUT.`);
}

function provideJudges() {
  const missing = Object.keys(JUDGES).filter((name) => !findProgram([name]));
  if (missing.length === 0 || installDebian(missing.map((name) => JUDGES[name]))) return;
  say(`Without ${missing.join(', ')} the tests that ask them for a verdict are skipped.`);
}

/** Installs Debian packages when this is Debian (or kin) and the user is root. */
function installDebian(packages) {
  if (process.getuid?.() !== 0 || !findProgram(['apt-get'])) return false;
  say(`Installing ${packages.join(', ')} (apt-get) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status;
  apt('update');
  return apt('install', '-y', '--no-install-recommends', ...packages) === 0;
}

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (status !== 0) fail(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}.`);
}

function say(text) {
  console.log(`motordrive: ${text}`);
}

function fail(text) {
  console.error(`motordrive: ${text}`);
  process.exit(1);
}
