// The worker that grants: whose turn it is, and what one grant costs.
import { describe, expect, it } from '@jest/globals';
import { isUnderWay, standingOf } from '../../src/grants/standing.ts';
import { serviceOf } from '../grants/world.ts';
import { grantOf, keys, optionsOf, play, settle } from './granter-history.ts';
import { turn, World } from './granter-world.ts';

const hundred = Array.from({ length: 100 }, (_, n) => `203.0.113.${120 + n}`);

/** kube-vip publishes one of what was granted to the Services of a namespace. */
function publishOne(world: World, prefix: string): void {
  const [key = ''] =
    [...world.stored].find(([name, row]) => name.startsWith(prefix) && isUnderWay(standingOf(row))) ?? [];
  world.put(key, (old = serviceOf()) => ({
    ...old,
    status: { loadBalancer: { ingress: grantOf(old).map((ip) => ({ ip })) } },
  }));
  world.tell(key);
}

describe('a granter', () => {
  it('gives an address to the oldest of those that ask, and to the next one when it is given up', async () => {
    const world = new World();
    for (const key of keys) {
      world.put(key, () => serviceOf(optionsOf(key, { asks: '203.0.113.110' })));
    }
    await world.restart();
    for (let index = 0; index < 20; index += 1) {
      await turn();
    }
    const holders = () => [...world.stored].filter(([, row]) => grantOf(row).length > 0).map(([key]) => key);
    expect(holders()).toEqual(['a/x']);
    world.stored.delete('a/x');
    world.tell('a/x');
    for (let index = 0; index < 20; index += 1) {
      await turn();
    }
    expect(holders()).toEqual(['a/y']);
    world.granter.stop();
  });

  it('says of what it has granted that no kube-vip puts it on a node, without another word of the watch', async () => {
    const world = new World({ holder: '' });
    world.put('a/x', () => serviceOf(optionsOf('a/x', { asks: '203.0.113.110' })));
    await world.restart();
    for (let index = 0; index < 10; index += 1) {
      await turn();
    }
    expect(world.told.map(({ reason }) => reason)).toEqual(['AddressGranted', 'ConfigNotReady']);
    world.granter.stop();
  });

  it('does nothing for a Service that has what it asks for, and says nothing twice', async () => {
    const world = new World();
    world.put('a/x', () => serviceOf(optionsOf('a/x', { asks: '203.0.113.110', has: '203.0.113.110' })));
    world.put('a/y', () => serviceOf(optionsOf('a/y', { asks: '203.0.113.110' })));
    await world.restart();
    for (let index = 0; index < 5; index += 1) {
      world.granter.compareAll();
      await turn();
    }
    expect([world.writes, world.told.map(({ reason }) => reason)]).toEqual([0, ['AddressTaken']]);
    world.granter.stop();
  });

  it('has one grant of a namespace under way, before a kube-vip leads too, and waits for nothing else', async () => {
    const world = new World({ holder: '', stepMs: 1 });
    for (const text of hundred) {
      world.put(`a/${text}`, () => serviceOf(optionsOf(`a/${text}`, { asks: text })));
    }
    world.put('b/x', () => serviceOf(optionsOf('b/x', { asks: '203.0.113.250' })));
    await world.restart();
    await settle(world);
    expect(world.writes).toBe(2);
    world.lead('n1');
    await settle(world);
    expect(world.writes).toBe(2);
    // Time passes with a change only, and 100 changes are 100 ms: the next one is granted because one is published.
    for (let published = 1; published <= hundred.length; published += 1) {
      publishOne(world, 'a/');
      await play(world, { do: 'wait' });
      expect(world.writes).toBe(Math.min(hundred.length, published + 1) + 1);
    }
    world.granter.stop();
  });

  it('asks about all at once, those too whose turn it is not', async () => {
    const world = new World({ stepMs: 1, isAsking: true });
    for (const text of hundred) {
      world.put(`a/${text}`, () => serviceOf(optionsOf(`a/${text}`, { asks: text })));
    }
    await world.restart();
    await settle(world);
    expect([world.asked.size, world.writes]).toEqual([hundred.length - 1, 1]);
    world.granter.stop();
  });

  /** One Service of a namespace has a grant, another waits for its turn, and so many changes elsewhere pass, a second each. */
  async function afterWaiting(changes: number): Promise<World> {
    const world = new World({ stepMs: 1000, isAsking: true });
    ['203.0.113.110', '203.0.113.112'].forEach((asks, n) =>
      world.put(`a/${n}`, () => serviceOf(optionsOf(`a/${n}`, { asks }))),
    );
    await world.restart();
    await settle(world);
    expect(grantOf(world.stored.get('a/1') ?? serviceOf())).toEqual([]);
    for (let n = 0; n < changes; n += 1) {
      world.put('b/x', () => serviceOf(optionsOf('b/x', {})));
    }
    return world;
  }

  it.each([
    ['not asked about again within ten seconds', 5, 1],
    ['asked about again when it was proven longer ago', 20, 2],
  ])('has what waits for its turn %s', async (_, changes, dials) => {
    const world = await afterWaiting(changes);
    publishOne(world, 'a/');
    await settle(world);
    expect(grantOf(world.stored.get('a/1') ?? serviceOf())).toEqual(['203.0.113.112']);
    expect(world.dialled.filter((text) => text === '203.0.113.112')).toHaveLength(dials);
    world.granter.stop();
  });

  it('does not grant what a machine has taken since it was asked about', async () => {
    const world = await afterWaiting(20);
    world.onNodes.set('203.0.113.112', 'a machine');
    publishOne(world, 'a/');
    await settle(world);
    expect(grantOf(world.stored.get('a/1') ?? serviceOf())).toEqual([]);
    expect(world.told.at(-1)?.reason).toBe('AddressLeftBehind');
    world.granter.stop();
  });

  it('asks about the next nine of many, and not about each of them again, when one is published', async () => {
    const world = new World({ stepMs: 1, isAsking: true });
    for (const text of hundred) {
      world.put(`a/${text}`, () => serviceOf(optionsOf(`a/${text}`, { asks: text })));
    }
    await world.restart();
    await settle(world);
    world.put('b/x', () => serviceOf(optionsOf('b/x', {})));
    world.dialled.splice(0);
    world.age();
    publishOne(world, 'a/');
    await settle(world);
    expect([world.writes, world.dialled.length]).toEqual([2, 9]);
    world.granter.stop();
  });

  it('begins no look anew for what another one only writes, again and again', async () => {
    const world = new World({ stepMs: 1, isAsking: true });
    const other = (has: string) => serviceOf(optionsOf('b/x', { of: 'example.org/x', isOurs: false, has }));
    world.put('a/1', () => serviceOf(optionsOf('a/1', { asks: '203.0.113.110' })));
    world.onNodes.set('203.0.113.110', 'gone');
    await world.restart();
    await settle(world);
    for (let n = 0; n < 10; n += 1) {
      world.put('b/x', () => other(n % 2 === 0 ? '203.0.113.110' : '203.0.113.112'));
      world.tell('b/x');
      await settle(world);
    }
    expect(world.dialled).toEqual(['203.0.113.110']);
    world.granter.stop();
  });

  it('asks no longer about what a Service asked for before, and nobody else does', async () => {
    const world = new World({ stepMs: 1, isAsking: true });
    hundred.forEach((text) => world.onNodes.set(text, 'gone'));
    for (const text of hundred) {
      world.put('a/x', () => serviceOf(optionsOf('a/x', { asks: text })));
      world.tell('a/x');
      await (text === hundred[0] ? world.restart() : turn());
      await settle(world);
    }
    expect([...world.asked.keys()]).toEqual(hundred.slice(-1));
    world.stored.delete('a/x');
    world.tell('a/x');
    expect(world.asked.size).toBe(0);
    world.granter.stop();
  });
});
