// Addresses that nobody asked for, in random histories: crashes between any two writes, late events, lost answers, strangers.
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { numRuns } from '../api/arbitraries.ts';
import { configs, play, pool, starving, step, turns, Watch, type Step } from './assign-history.ts';
import { doubles, keys } from './granter-history.ts';
import { World } from './granter-world.ts';

const hourMs = 3_600_000;

async function settle(world: World): Promise<void> {
  world.trick('none');
  world.onNodes.clear();
  world.pass(hourMs);
  for (let round = 0; round < 8; round += 1) {
    keys.forEach((key) => world.tell(key));
    world.pass(61_000);
    await turns(6);
  }
}

async function live(steps: readonly Step[], isAsking: boolean): Promise<Watch> {
  const [world, watch] = [new World({ isAsking, stepMs: 1000, configs }), new Watch()];
  await world.restart();
  for (const row of steps) {
    if (watch.isPossible(row, isAsking)) {
      await play(world, row);
    }
    if (row.do === 'crash') {
      watch.forget(row.lags);
    }
    watch.see(world);
    expect([...doubles(world), ...world.doubles, ...watch.faults]).toEqual([]);
  }
  await settle(world);
  watch.see(world, hourMs);
  expect([...doubles(world), ...watch.faults, ...starving(world)]).toEqual([]);
  world.granter.stop();
  await world.granter.ended();
  return watch;
}

it('no two have one address, each keeps its own for life, and it rests a minute before another has it', async () => {
  const seen = { assigned: 0, crashes: 0 };
  const history = fc.array(step, { minLength: 5, maxLength: 40, size: 'max' });
  await fc.assert(
    fc.asyncProperty(history, fc.boolean(), async (steps, isAsking) => {
      const { assigned } = await live(steps, isAsking);
      seen.assigned += assigned;
      seen.crashes += steps.filter((row) => row.do === 'crash').length;
    }),
    { numRuns: Math.max(300, numRuns) },
  );
  expect(Math.min(seen.assigned, seen.crashes)).toBeGreaterThan(pool.length * 100);
}, 900_000);
