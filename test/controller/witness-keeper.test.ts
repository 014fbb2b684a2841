// The loop that keeps witnesses, on a cluster of Maps: what is written, in which order, and when.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { segmentId } from '../../src/witness/segments.ts';
import { lease } from '../builders.ts';
import { fiveNodes, served } from '../witness/world.ts';
import { World } from './witness-world.ts';

const id = segmentId(['203.0.113.0/24']);
const everything = [`questions ${id}`, `lease ${id} n4`, `lease ${id} n5`, `apply kube-vip-witness-${id}`];

const nodes = { name: 'nodes', addresses: ['203.0.113.11', '203.0.113.12'] };

let world: World;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  world = new World();
});

afterEach(() => {
  world.keeper.stop();
  jest.useRealTimers();
});

async function settled(): Promise<void> {
  world.keeper.start();
  await world.within(10);
}

describe('the keeper of witnesses', () => {
  it('reads what there is, then makes what is missing, one write a second', async () => {
    world.keeper.start();
    expect(await world.within(0.5)).toEqual(['read', everything[0]]);
    expect(await world.within(1)).toEqual([everything[1]]);
    expect(await world.within(1)).toEqual([everything[2]]);
    expect(await world.within(1)).toEqual([everything[3]]);
    expect(await world.within(60)).toEqual([]);
  });

  it('writes nothing where all is there', async () => {
    await settled();
    const next = new World();
    next.questions.set(id, world.questions.get(id) ?? '');
    next.witnesses = world.witnesses;
    world.daemonSets.forEach((object, name) => next.daemonSets.set(name, object));
    next.keeper.start();
    expect(await next.within(10)).toEqual(['read']);
    next.keeper.stop();
  });

  it('asks once a second for what a thousand Services got meanwhile', async () => {
    await settled();
    for (let index = 0; index < 1000; index += 1) {
      const web = served(`web-${index}`, `203.0.113.${64 + (index % 100)}`);
      world.services = [...world.services, web];
      world.keeper.seen('services', web);
      await jest.advanceTimersByTimeAsync(3);
    }
    const writes = await world.within(2);
    expect(writes.length).toBeLessThanOrEqual(5);
    expect(JSON.parse(world.questions.get(id) ?? '')).toMatchObject({
      groups: [
        { name: 'kubevip.dev/edge', addresses: expect.arrayContaining(['203.0.113.64', '203.0.113.163']) },
        nodes,
      ],
    });
  });

  it('looks for no renewal of a Lease, and for each change of a holder', async () => {
    await settled();
    const edge = { metadata: { name: 'edge-control-plane' } };
    let reads = 0;
    const { nodes } = world;
    Object.defineProperty(world, 'nodes', { get: () => ((reads += 1), nodes) });
    world.keeper.seen('leases', edge);
    await world.within(3);
    const first = reads;
    world.keeper.seen('leases', edge);
    world.keeper.seen('leases', { metadata: { name: 'example' } });
    await world.within(3);
    expect(reads).toBe(first);
    world.leaseViews = [lease({ holder: 'n2' })];
    world.keeper.seen('leases', edge);
    await world.within(3);
    expect(reads).toBeGreaterThan(first);
  });

  it('makes a Lease anew that somebody deleted', async () => {
    await settled();
    const [gone] = world.witnesses;
    world.witnesses = world.witnesses.slice(1);
    world.keeper.seen('leases', { metadata: { name: `kube-vip-witness.${id}.${gone?.node}` } });
    expect(await world.within(3)).toEqual([`lease ${id} ${gone?.node}`]);
  });

  it('moves a witness from a node that is gone', async () => {
    await settled();
    world.nodes = fiveNodes.slice(0, 4);
    world.keeper.seen('nodes', { metadata: { name: 'n5' } });
    expect(await world.within(5)).toEqual([
      `lease ${id} n2`,
      `apply kube-vip-witness-${id}`,
      `delete kube-vip-witness.${id}.n5`,
    ]);
  });

  it('deletes everything when the last KubeVipConfig is gone', async () => {
    await settled();
    world.configs = [];
    world.keeper.seen('configs', { metadata: { name: 'edge' } });
    expect(await world.within(6)).toEqual([
      `delete kube-vip-witness-${id}`,
      `delete kube-vip-witness.${id}.n4`,
      `delete kube-vip-witness.${id}.n5`,
      `delete questions ${id}`,
    ]);
    expect(world.said.at(-1)).toMatchObject({
      because: 'expected a KubeVipConfig with spec.witness On, found none',
    });
  });

  it('says where the witnesses are', async () => {
    await settled();
    await world.within(30);
    world.keeper.compareAll();
    await world.within(3);
    expect(world.said.at(-1)).toMatchObject({ segments: [{ nodes: ['n4', 'n5'] }], because: '' });
  });

  it('asks for what an earlier operator asked for and nothing has now', async () => {
    const text = JSON.stringify({ control: [], groups: [{ name: 'x', addresses: ['203.0.113.99'] }] });
    world.questions.set(id, text);
    world.keeper.start();
    await world.within(5);
    expect(JSON.parse(world.questions.get(id) ?? '')).toMatchObject({
      groups: [{ name: 'orphans', addresses: ['203.0.113.99'] }, nodes],
    });
  });

  it('ends an orphan when both witnesses have heard nothing for a minute', async () => {
    world.services = [served('web', '203.0.113.64')];
    await settled();
    world.services = [];
    world.keeper.seen('services', served('web', ''));
    await world.within(3);
    const odd = [{ address: '203.0.113.64', owners: [], silentSince: 0 }];
    const answers = JSON.stringify({ at: 60_000, groups: [{ name: 'orphans', odd, more: 0 }] });
    world.witnesses = world.witnesses.map((row) => ({ ...row, answers }));
    await world.within(12);
    expect(JSON.parse(world.questions.get(id) ?? '')).toMatchObject({ groups: [nodes] });
  });

  it.each([
    ['is none', '{'],
    ['is no object', '7'],
    ['has no groups', '{}'],
    ['has groups of something else', '{"groups":[null,{"name":"orphans"}],"at":1}'],
  ])('is not disturbed by an answer that %s', async (_, answers) => {
    world.services = [served('web', '203.0.113.64')];
    await settled();
    world.services = [];
    world.witnesses = world.witnesses.map((row) => ({ ...row, answers }));
    world.keeper.seen('services', served('web', ''));
    await world.within(15);
    world.services = [served('shop', '203.0.113.65')];
    world.keeper.seen('services', served('shop', ''));
    await world.within(15);
    expect(JSON.parse(world.questions.get(id) ?? '')).toMatchObject({
      groups: [{ name: 'orphans' }, { name: 'kubevip.dev/edge' }, nodes],
    });
  });

  it('tries again later and later where it may not', async () => {
    world.refused = 'read';
    world.keeper.start();
    const tries = await world.within(60);
    expect(tries.length).toBeGreaterThan(3);
    expect(tries.length).toBeLessThan(8);
    world.keeper.seen('configs', { metadata: { name: 'edge' } });
    expect(await world.within(1)).toEqual([]);
    world.refused = undefined;
    expect(await world.within(70)).toEqual(['read', ...everything]);
  });

  it('is at rest after it was stopped', async () => {
    await settled();
    world.keeper.stop();
    await world.keeper.ended();
    world.configs = [];
    world.keeper.seen('configs', { metadata: { name: 'edge' } });
    expect(await world.within(60)).toEqual([]);
    expect(world.keeper.busyMs).toBe(0);
  });
});
