import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LivezPoller, targetsOf, type Target } from '../../src/controller/livez-poller.ts';
import type { AddressAnswer, CountedState } from '../../src/observed/address-state.ts';
import { kubeVipConfig, lease, nowText } from '../builders.ts';
import { FakeCluster } from '../fake-cluster.ts';

const target = (overrides: Partial<Target> = {}): Target => ({
  config: 'edge',
  address: '203.0.113.100',
  port: 6443,
  holder: 'n1',
  ...overrides,
});
const key = 'edge 203.0.113.100 6443';
const alive: AddressAnswer = { kind: 'alive', detail: '' };
const silent: AddressAnswer = { kind: 'silent', detail: 'x' };

function makeLivezPoller(targets: readonly Target[] = [target()]) {
  const world = {
    targets,
    answer: alive,
    pending: undefined as Promise<AddressAnswer> | undefined,
    lateMs: 0,
  };
  const store = new Map<string, CountedState>();
  const [asked, changed] = [[] as string[], [] as string[]];
  const prober = new LivezPoller({
    targets: () => world.targets,
    ask: ({ address }) => {
      asked.push(address);
      return world.pending ?? Promise.resolve(world.answer);
    },
    store,
    onChange: (config) => changed.push(config),
    now: () => Date.now() + world.lateMs,
  });
  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
  return { prober, world, store, asked, changed, pass };
}

describe('LivezPoller', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('asks at once, and tells what it heard', async () => {
    const { prober, store, changed, pass } = makeLivezPoller();
    prober.start();
    await pass(0);
    expect([store.get(key)?.state, changed]).toEqual(['alive', ['edge']]);
  });

  it('asks every five seconds while it answers, and tells nobody again', async () => {
    const { prober, asked, changed, pass } = makeLivezPoller();
    prober.start();
    await pass(60_000);
    expect([asked.length, changed.length]).toEqual([13, 1]);
  });

  it('asks every two seconds once it does not, and tells after four failures', async () => {
    const { prober, world, store, changed, pass } = makeLivezPoller();
    prober.start();
    await pass(0);
    world.answer = silent;
    await pass(5000 + 3 * 2000 - 1);
    expect([store.get(key)?.state, changed.length]).toEqual(['alive', 1]);
    await pass(1);
    expect([store.get(key)?.state, changed.length]).toEqual(['silent', 2]);
  });

  it('asks no tick later because an attempt came late in its own', async () => {
    const { prober, world, asked, pass } = makeLivezPoller();
    world.answer = silent;
    world.lateMs = 300;
    prober.start();
    await pass(0);
    world.lateMs = 0;
    await pass(1999);
    expect(asked).toHaveLength(1);
    await pass(1);
    expect(asked).toHaveLength(2);
  });

  it('never asks one address twice at a time', async () => {
    const { prober, world, asked, pass } = makeLivezPoller();
    world.pending = new Promise(() => undefined);
    prober.start();
    await pass(60_000);
    expect(asked).toHaveLength(1);
  });

  it('asks at most 32 addresses at a time', async () => {
    const many = Array.from({ length: 100 }, (_, index) => target({ address: `203.0.113.${index}` }));
    const { prober, world, asked, pass } = makeLivezPoller(many);
    world.pending = new Promise(() => undefined);
    prober.start();
    await pass(10_000);
    expect(asked).toHaveLength(32);
  });

  it('starts over when another node takes the Lease', async () => {
    const { prober, world, store, pass } = makeLivezPoller();
    world.answer = silent;
    prober.start();
    await pass(6000);
    expect(store.get(key)?.state).toBe('silent');
    world.targets = [target({ holder: 'n2' })];
    await pass(1000);
    expect(store.get(key)).toMatchObject({ state: 'unknown', failures: 1 });
  });

  it('does not take an answer of the holder before for one of this holder', async () => {
    const { prober, world, store, pass } = makeLivezPoller();
    const { promise, resolve } = Promise.withResolvers<AddressAnswer>();
    world.pending = promise;
    prober.start();
    world.targets = [target({ holder: 'n2' })];
    await pass(1000);
    resolve(alive);
    await pass(0);
    expect(store.get(key)?.state).toBe('unknown');
  });

  it('forgets what nobody holds any more', async () => {
    const { prober, world, store, pass } = makeLivezPoller();
    prober.start();
    await pass(0);
    world.targets = [];
    await pass(1000);
    expect([...store.keys()]).toEqual([]);
  });

  it('asks nothing after it was stopped', async () => {
    const { prober, asked, pass } = makeLivezPoller();
    prober.start();
    prober.stop();
    await pass(60_000);
    expect(asked).toHaveLength(1);
  });
});

describe('targetsOf', () => {
  const targets = (...[contents]: ConstructorParameters<typeof FakeCluster>) =>
    targetsOf(new FakeCluster(contents));

  it.each([
    ['has each address that somebody holds', kubeVipConfig(), [lease()], [target()]],
    ['has none that nobody holds', kubeVipConfig(), [lease({ holder: '' })], []],
    ['has none without Lease', kubeVipConfig(), [], []],
    ['has none of a class', kubeVipConfig({ spec: { controlPlane: undefined } }), [lease()], []],
    [
      'has none of a config that is being deleted',
      kubeVipConfig({ metadata: { deletionTimestamp: nowText } }),
      [lease()],
      [],
    ],
  ])('%s', (_, config, leases, expected) => {
    expect(targets({ configs: [config], leases })).toEqual(expected);
  });
});
