/**
 * Mutation testing: changes one operator, constant, bound or lane at a time and prints what no test notices.
 *   npm run mutate -- [--room jpeg,png] [--seed 7] [--count 60] [--quick] [--fresh]
 * A seed draws `count` mutants of each room. What became of them is kept in build/mutate/, so that an interrupted run
 * goes on; survivors are tried again, with `--fresh` all. With `--quick` slow tests are left out: what they alone
 * notice survives.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { drawMutants } from './mutate/draw.mjs';
import { Judge } from './mutate/judge.mjs';
import { closingLine, count, describe, isEnough, keyOf, Results } from './mutate/results.mjs';
import { ROOMS } from './mutate/rooms.mjs';

const { values } = parseArgs({
  options: {
    room: { type: 'string', default: Object.keys(ROOMS).join() },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '50' },
    quick: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
/** Changes that cannot matter, with the reason. */
const reasons = new Map(
  JSON.parse(readFileSync(new URL('mutate/equivalent.json', import.meta.url), 'utf8')).map((known) => [
    keyOf(known),
    known.reason,
  ]),
);

const lines = [];
const all = [];
for (const room of values.room.split(',')) {
  const results = await tryRoom(room);
  lines.push(closingLine(room, count(results)));
  all.push(...results);
}
const survivors = all.filter(({ kind }) => kind === 'survived');
const harmless = all.filter(({ reason }) => reason);
console.log(`\n${lines.join('\n')}\n${closingLine('all', count(all))} (seed ${values.seed})`);
console.log(`\n${survivors.length} survivors`);
for (const { mutant } of survivors) console.log(`  ${describe(mutant)}`);
console.log(`\n${harmless.length} that cannot matter`);
for (const { mutant, reason } of harmless) console.log(`  ${describe(mutant)}\n    ${reason}`);
process.exit(isEnough(count(all)) ? 0 : 1);

async function tryRoom(room) {
  if (!ROOMS[room]) throw new Error(`No room ${room}; there are ${Object.keys(ROOMS).join(', ')}.`);
  const known = new Results(`${root}/build/mutate/${room}-${values.seed}.json`, values.fresh);
  const judge = new Judge(root, room, ROOMS[room].tests, values.quick);
  const results = [];
  let left = Number(values.count);
  for (const mutant of drawMutants(root, ROOMS[room].sources, Number(values.seed))) {
    if (left === 0) break;
    const reason = reasons.get(keyOf(mutant));
    let result = reason ? { kind: 'equivalent', reason } : known.of(mutant);
    if (!result) {
      await judge.start();
      known.set(mutant, (result = await judge.judge(mutant)));
      console.log(`${room} ${left}: ${result.kind}${result.by ? ` by ${result.by}` : ''}\n  ${describe(mutant)}`);
    }
    results.push({ mutant, ...result });
    if (result.kind === 'killed' || result.kind === 'survived') left--;
  }
  judge.close();
  return results;
}
