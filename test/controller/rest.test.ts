// A config that rests is not passed over, and whatever its passes would have noticed is noticed as soon as if it were.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { systemNamespace } from '../../src/api/metadata.ts';
import { makeStores, makeView, type Stores } from '../../src/cluster/view.ts';
import { Queue } from '../../src/controller/queue.ts';
import { Rest } from '../../src/controller/rest.ts';
import { emptySurvey } from '../../src/observed/neighbours/survey.ts';
import { secondsToLook } from '../../src/modes/arp/lease.ts';
import type { Outcome } from '../../src/status/outcome.ts';
import { kubeVipConfig } from '../builders.ts';

const config = kubeVipConfig({ spec: { services: undefined } });
const durationSeconds = 15;
const witness = 'kube-vip-witness.0a1b2c3d.n4';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A pass, and how old the Lease was in it. */
interface Pass {
  readonly at: number;
  readonly ageMs: number;
}

/** A config whose every pass finds that all is well but for the age of its Lease. */
class World {
  readonly passes: Pass[] = [];
  readonly stores: Stores = makeStores({ wall: Date.now, steady: () => performance.now() });
  readonly #view = makeView(this.stores);
  readonly rest = new Rest({ view: this.#view, now: Date.now, steady: () => performance.now() });
  readonly queue: Queue;
  readonly #since = Date.now();
  #version = 0;
  restSeconds: number | undefined = 600;

  /** @param isResting false: as if nothing ever rested. */
  constructor(isResting = true) {
    this.stores.configs.put(config);
    this.stores.survey.put(emptySurvey, [config]);
    this.stores.leases.heard();
    this.renew();
    this.queue = new Queue({
      ...this.rest.around(async () => this.#pass()),
      ...(!isResting && { restMs: () => undefined }),
      now: Date.now,
      random: () => 0,
      usedMs: () => 0,
    });
    this.queue.add('edge');
    this.queue.start();
  }

  get ms(): number {
    return Date.now() - this.#since;
  }

  renew(over: { readonly leaseDurationSeconds?: number } = {}): void {
    this.#version += 1;
    this.stores.leases.heard();
    this.stores.leases.put({
      metadata: {
        name: 'edge-control-plane',
        namespace: systemNamespace,
        resourceVersion: `${this.#version}`,
      },
      spec: {
        holderIdentity: 'n1',
        leaseDurationSeconds: durationSeconds,
        renewTime: new Date().toISOString(),
        ...over,
      },
    });
  }

  /** Something else comes from the watch every second, as the renewals of the operator's own Lease. */
  async pass(seconds: number, each: () => void = () => undefined): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 1) {
      await jest.advanceTimersByTimeAsync(1000);
      this.stores.leases.heard();
      each();
    }
  }

  /** A witness writes into its Lease. */
  witness(): void {
    this.#version += 1;
    this.stores.leases.put({
      metadata: { name: witness, namespace: systemNamespace, resourceVersion: `${this.#version}` },
      spec: { renewTime: new Date().toISOString() },
    });
  }

  #pass(): Outcome {
    const lease = this.#view.lease('edge-control-plane');
    const now = Date.now();
    this.passes.push({ at: this.ms, ageMs: now - (lease?.renewedAt ?? 0) });
    const isStale = lease !== undefined && now - lease.renewedAt > lease.durationSeconds * 1000;
    return {
      kind: 'waiting',
      afterSeconds: secondsToLook([{ lease, now }]),
      ...(!isStale && this.restSeconds !== undefined && { restSeconds: this.restSeconds }),
    };
  }
}

describe('a config whose Lease is renewed', () => {
  it('is passed over once, and after the time for which it rests', async () => {
    const world = new World();
    await world.pass(599, () => world.renew());
    expect(world.passes).toHaveLength(1);
    await world.pass(2, () => world.renew());
    expect(world.passes.map(({ at }) => at)).toEqual([0, 600_000]);
  });

  it.each<[string, (world: World) => void]>([
    ['something has changed that decisions read', ({ rest }) => rest.changed()],
    [
      'it was edited',
      ({ stores }) => stores.configs.put({ ...config, metadata: { ...config.metadata, generation: 2 } }),
    ],
    [
      'its Lease is gone',
      ({ stores }) =>
        stores.leases.delete({
          metadata: { name: 'edge-control-plane', namespace: systemNamespace, resourceVersion: '99' },
        }),
    ],
    ['its Lease runs out sooner', (world) => world.renew({ leaseDurationSeconds: 2 })],
  ])('is passed over within half a Lease when %s', async (_, change) => {
    const world = new World();
    await world.pass(20, () => world.renew());
    change(world);
    await world.pass(8);
    expect(world.passes[1]?.at).toBeLessThanOrEqual(27_500);
  });

  it('is passed over again for what changed while a pass was under way', async () => {
    const world = new World();
    world.rest.changed();
    await world.pass(8, () => world.renew());
    expect(world.passes).toHaveLength(2);
  });

  it('is passed over as before where time changes something', async () => {
    const world = new World();
    world.restSeconds = undefined;
    world.rest.changed();
    await world.pass(31, () => world.renew());
    expect(world.passes.map(({ at }) => at)).toEqual([0, 7500, 15_000, 22_500, 30_000]);
  });
});

describe('a config of whose addresses a witness tells', () => {
  const after = async (seconds: number, isSaying: boolean, world = new World()): Promise<World> => {
    for (let passed = 0; passed < seconds; passed += 5) {
      if (isSaying) {
        world.witness();
      }
      await world.pass(5, () => world.renew());
    }
    return world;
  };
  const begun = async (): Promise<World> => {
    const world = new World();
    world.witness();
    world.rest.changed();
    await world.pass(5, () => world.renew());
    world.queue.add('edge');
    return after(60, true, world);
  };

  it('is passed over no more while the witness says the same', async () => {
    expect((await begun()).passes).toHaveLength(2);
  });

  it('is passed over as soon as the witness counts as silent, and no more after that', async () => {
    const world = await after(40, false, await begun());
    const last = 65_000 - 5000;
    expect(world.passes).toHaveLength(3);
    expect(world.passes[2]?.at).toBeGreaterThan(last + 10_000);
    expect(world.passes[2]?.at).toBeLessThanOrEqual(last + 10_500);
  });

  it('is passed over when the Lease of the witness is gone', async () => {
    const world = await begun();
    world.stores.leases.delete({
      metadata: { name: witness, namespace: systemNamespace, resourceVersion: '999' },
    });
    await after(10, false, world);
    expect(world.passes).toHaveLength(3);
  });

  it('is left alone by witnesses where spec.witness is Off', async () => {
    const world = await begun();
    world.stores.configs.put({
      ...config,
      metadata: { ...config.metadata, resourceVersion: '7' },
      spec: { ...config.spec, witness: 'Off' },
    });
    world.queue.add('edge');
    expect((await after(40, false, world)).passes).toHaveLength(3);
  });
});

type Script = (world: World) => Promise<void>;

/** When the first pass sees that the Lease is stale, after what the script does, and with no renewal then. */
async function noticedAt(isResting: boolean, script: Script): Promise<number | undefined> {
  const world = new World(isResting);
  await script(world);
  await world.pass(40);
  world.queue.stop();
  return world.passes.find(({ ageMs }) => ageMs > durationSeconds * 1000)?.at;
}

describe('a Lease that is not renewed any more is noticed at the moment at which passes all the time would notice it', () => {
  const sameFor = (scriptOf: (steps: readonly number[]) => Script) =>
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 15 }), { maxLength: 12 }), async (steps) => {
      const expected = await noticedAt(false, scriptOf(steps));
      expect(expected).toBeGreaterThan(durationSeconds * 1000);
      expect(await noticedAt(true, scriptOf(steps))).toBe(expected);
    });

  it('whenever it was renewed', () =>
    fc.assert(
      sameFor((steps) => async (world) => {
        for (const seconds of steps) {
          await world.pass(seconds);
          world.renew();
        }
      }),
    ));

  it('also when the watch was silent for a while, which makes no Lease stale', () =>
    fc.assert(
      sameFor((steps) => async (world) => {
        for (const seconds of steps) {
          await world.pass(seconds, () => world.renew());
          await jest.advanceTimersByTimeAsync(seconds * 5000);
        }
        expect(world.passes.every(({ ageMs }) => ageMs <= durationSeconds * 1000)).toBe(true);
      }),
    ));
});
