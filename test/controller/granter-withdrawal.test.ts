// A grant that nobody asks for any more goes when kube-vip has published it, and no sooner: between the two only the grant tells
// that a node may have the address, and keeps the Service what it is.
import { expect, it } from '@jest/globals';
import { standingOf } from '../../src/grants/standing.ts';
import { serviceOf, type ServiceOptions } from '../grants/world.ts';
import { turn, World } from './granter-world.ts';

const address = '203.0.113.110';
const key = 'a/x';

async function settle({ granter }: World): Promise<void> {
  for (let index = 0; index < 10; index += 1) {
    await turn();
  }
  expect(granter.busyMs).toBe(0);
}

/** A Service whose request was taken back, with what it was granted and what else a row says. */
const left = (options: ServiceOptions = {}) =>
  serviceOf({ namespace: 'a', name: 'x', has: address, ...options });

async function grantAfter(world: World, options: ServiceOptions = {}): Promise<string | undefined> {
  world.put(key, () => left(options));
  await world.restart();
  await settle(world);
  const { grant } = standingOf(world.stored.get(key) ?? left());
  world.granter.stop();
  return grant;
}

it.each<[string, string, ServiceOptions, string | undefined]>([
  ['stays while a kube-vip may be at work on it', 'n1', {}, address],
  ['goes when it is published', 'n1', { published: [address] }, undefined],
  ['stays while no kube-vip serves the class: the next one may have read it', '', {}, address],
])('a grant that is not asked for %s', async (_, holder, options, grant) => {
  expect(await grantAfter(new World({ holder, stepMs: 1 }), options)).toBe(grant);
});

it('stays however long that takes: a kube-vip that hangs binds it when it goes on', async () => {
  const world = new World({ holder: 'n1', stepMs: 60_000 });
  world.put(key, () => left());
  await world.restart();
  await settle(world);
  // Time passes with each change.
  world.put('a/y', () => serviceOf({ namespace: 'a', name: 'y' }));
  world.granter.compareAll();
  await settle(world);
  expect(standingOf(world.stored.get(key) ?? left()).grant).toBe(address);
  expect(world.told.map(({ reason }) => reason)).toEqual(['GrantWaits']);
  world.granter.stop();
});

it('goes at once when kube-vip publishes it', async () => {
  const world = new World({ holder: 'n1', stepMs: 1 });
  world.put(key, () => left());
  await world.restart();
  await settle(world);
  world.put(key, () => left({ published: [address] }));
  world.tell(key);
  await settle(world);
  expect(standingOf(world.stored.get(key) ?? left()).grant).toBeUndefined();
  world.granter.stop();
});
