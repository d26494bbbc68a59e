/**
 * The process that runs tests, a file at a time. Sent { changed, test, pattern, limit }, it answers with the `failure`
 * of the first test that fails, or null, the `times` of tests by name, and the `seconds` of processor time. A run over
 * its limit, of a mutant that loops, ends the process.
 */
import { createVitest } from 'vitest/node';

/** How the process ends when a run is over its limit. */
const TIME_OUT = 3;

const [root, wasm] = process.argv.slice(2);
let mutant = null;

const vitest = await createVitest(
  'test',
  {
    config: false,
    root,
    include: ['test/{kernels,unit}/**/*.test.ts'],
    watch: false,
    pool: 'threads',
    maxWorkers: 1,
    bail: 1,
    testTimeout: 600_000,
    reporters: [{}],
  },
  { plugins: [{ name: 'mutant', enforce: 'pre', load: loadSource, transform: transformTest }] },
);

/** The source that is changed, where it is one of the worker's. */
function loadSource(id) {
  return mutant && id === `${root}/${mutant.file}` ? mutant.text : undefined;
}

/** Tests take the kernels of the mutant and do not look for the smallest input that fails. */
function transformTest(code, id) {
  if (!id.startsWith(`${root}/test/`)) return undefined;
  const plain = code.replaceAll('build/kernels.wasm', wasm);
  return /from 'fast-check'/.test(code) ? `${plain}\nfc.configureGlobal({ endOnFailure: true });` : plain;
}

process.on('message', async ({ changed, test, pattern, limit }) => {
  for (const each of [mutant, changed]) if (each) vitest.invalidateFile(`${root}/${each.file}`);
  mutant = changed;
  const started = seconds();
  const watch = setInterval(() => seconds() - started > limit && process.exit(TIME_OUT), 250);
  vitest.setGlobalTestNamePattern(pattern);
  const files = await vitest.globTestSpecifications([`test/${test}.test.ts`]);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(files);
  clearInterval(watch);
  const mine = testModules.filter(({ moduleId }) => moduleId === files[0].moduleId);
  process.send({ ...verdict(mine, unhandledErrors), seconds: seconds() - started });
});
process.on('disconnect', () => process.exit());
process.send('ready');

/** The first failure, and the milliseconds of each test that passed. */
function verdict(modules, errors) {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const passed = tests.filter((test) => test.result().state === 'passed');
  // Patterns see names joined by spaces.
  const times = passed.map((test) => [test.fullName.replaceAll(' > ', ' '), test.diagnostic().duration]);
  const failed = tests.find((test) => test.result().state === 'failed');
  const error = errors[0] ?? modules.find((module) => module.state() === 'failed')?.errors()[0];
  return { times, failure: failed?.fullName ?? (error ? String(error.message ?? error) : null) };
}

/** Processor time of all threads. */
function seconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
