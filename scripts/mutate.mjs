/**
 * Mutation testing: changes one operator, constant, bound or lane at a time and prints what no test notices.
 *   npm run mutate -- [--room jpeg,png] [--seed 7] [--count 60] [--fresh]
 * A seed draws `count` mutants of each room. What became of them is kept in build/mutate/, so that an interrupted run goes
 * on; survivors are tried again, with `--fresh` all.
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
    fresh: { type: 'boolean', default: false },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
/** Changes that cannot matter, with the reason. */
const harmless = new Set(
  JSON.parse(readFileSync(new URL('mutate/equivalent.json', import.meta.url), 'utf8')).map(keyOf),
);

const lines = [];
const all = [];
for (const room of values.room.split(',')) {
  const results = await tryRoom(room);
  lines.push(closingLine(room, count(results)));
  all.push(...results);
}
const survivors = all.filter(({ kind }) => kind === 'survived');
console.log(`\n${lines.join('\n')}\n${closingLine('all', count(all))} (seed ${values.seed})`);
console.log(`\n${survivors.length} survivors${survivors.map(({ mutant }) => `\n  ${describe(mutant)}`).join('')}`);
process.exit(isEnough(count(all)) ? 0 : 1);

async function tryRoom(room) {
  if (!ROOMS[room]) throw new Error(`No room ${room}; there are ${Object.keys(ROOMS).join(', ')}.`);
  const known = new Results(`${root}/build/mutate/${room}-${values.seed}.json`, values.fresh);
  const judge = new Judge(root, room, ROOMS[room].tests);
  const results = [];
  let left = Number(values.count);
  for (const mutant of drawMutants(root, ROOMS[room].sources, Number(values.seed))) {
    if (left === 0) break;
    let result = harmless.has(keyOf(mutant)) ? { kind: 'equivalent' } : known.of(mutant);
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
