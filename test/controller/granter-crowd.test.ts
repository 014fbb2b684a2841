// A namespace with thousands of Services that ask for nothing, and another one with one.
import { expect, it } from '@jest/globals';
import { autoConfig, serviceOf } from '../grants/world.ts';
import { turns } from './assign-history.ts';
import { grantOf, optionsOf } from './granter-history.ts';
import { World } from './granter-world.ts';

const crowd = 2000;

/** A world in which namespace `a` has thousands of Services, and `b` a younger one. */
async function crowded(addresses: readonly string[]): Promise<World> {
  const world = new World({ stepMs: 1, isAsking: true, configs: [autoConfig(addresses)] });
  for (let n = 0; n < crowd; n += 1) {
    const made = serviceOf(optionsOf(`a/${n}`, {}));
    world.put(`a/${n}`, () => ({
      ...made,
      metadata: { ...made.metadata, creationTimestamp: '2026-11-24T10:00:00Z' as unknown as Date },
    }));
  }
  const late = serviceOf(optionsOf('b/x', {}));
  world.put('b/x', () => ({
    ...late,
    metadata: { ...late.metadata, creationTimestamp: '2026-11-24T11:00:00Z' as unknown as Date },
  }));
  await world.restart();
  await turns(20);
  return world;
}

const holders = (world: World): readonly string[] =>
  [...world.stored].filter(([, row]) => grantOf(row).length > 0).map(([key]) => key.slice(0, 2));

it(`beside ${crowd} Services of one namespace another gets its address at once, and few dials are made for the crowd`, async () => {
  const world = await crowded(['203.0.113.128/25']);
  expect(holders(world).toSorted()).toEqual(['a/', 'b/']);
  // Of those that look for one, one has it, and the next one of the line has come.
  expect(world.asked.size).toBeLessThanOrEqual(16);
  world.granter.stop();
});
