// The worker that grants, in random histories: lost answers, late events, restarts, and addresses that stay on nodes.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { numRuns } from '../api/arbitraries.ts';
import { granted, serviceOf } from '../grants/world.ts';
import { alone, bound, doubles, free, grantOf, keys, play, settle, step } from './granter-history.ts';
import { turn, World } from './granter-world.ts';

describe('in any history of Services, with lost answers, late events and restarts', () => {
  it('no two have one address, none gets a forbidden one, and what is bound from before stays', async () => {
    let writes = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), async (steps) => {
        const world = new World();
        const old = serviceOf({ namespace: 'c', name: 'old', has: '192.0.2.1', isOurs: false });
        world.put('c/old', () => old);
        world.put('c/bound', () =>
          serviceOf({ namespace: 'c', name: 'bound', published: ['203.0.113.111'] }),
        );
        await world.restart();
        for (const row of steps) {
          await play(world, row);
          expect(doubles(world)).toEqual([]);
          const all = bound(world).filter(({ key }) => !key.startsWith('c/'));
          expect(all.filter(({ text }) => !free.includes(text))).toEqual([]);
        }
        await settle(world);
        const has = bound(world).map(({ key, text }) => `${key} ${text}`);
        expect(alone(world).filter((row) => !has.includes(row))).toEqual([]);
        world.granter.stop();
        await world.granter.ended();
        writes += world.writes;
        expect(world.stored.get('c/old')?.metadata?.annotations).toEqual({ [granted]: '192.0.2.1' });
        expect(grantOf(world.stored.get('c/bound') ?? old)).toEqual([]);
      }),
      { numRuns: Math.max(300, numRuns) },
    );
    expect(writes).toBeGreaterThan(100);
  }, 300_000);
});

describe('in any history of Services that leave addresses on nodes, of kube-vip that move and operators that start again', () => {
  const left = fc.oneof(
    step,
    fc.record({ do: fc.constant('leave' as const), key: fc.constantFrom(...keys) }),
    fc.record({ do: fc.constant('lead' as const), holder: fc.constantFrom('n1', 'n2', '') }),
  );
  const more = {
    leave: (world: World, key: string) => (world.leave(key), world.tell(key)),
    lead: (world: World, holder: string) => world.lead(holder),
  };

  it('none gets what a node has for another, and each gets it when it is gone', async () => {
    let [lefts, writes] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(left, { minLength: 10, maxLength: 60, size: 'max' }), async (steps) => {
        const world = new World({ isAsking: true });
        await world.restart();
        for (const row of steps) {
          if (row.do === 'leave') {
            more.leave(world, row.key);
          } else if (row.do === 'lead') {
            more.lead(world, row.holder);
          } else {
            await play(world, row);
          }
          await turn();
          expect([...world.doubles, ...doubles(world)]).toEqual([]);
        }
        [lefts, writes] = [lefts + world.onNodes.size, writes + world.writes];
        world.lead('n1');
        world.onNodes.clear();
        await settle(world);
        await settle(world);
        const has = bound(world).map(({ key, text }) => `${key} ${text}`);
        expect(alone(world).filter((row) => !has.includes(row))).toEqual([]);
        world.granter.stop();
        await world.granter.ended();
      }),
      { numRuns: Math.max(200, numRuns) },
    );
    expect(Math.min(lefts, writes)).toBeGreaterThan(20);
  }, 300_000);
});
