// The law: one owner per address and class, whatever happens and in whatever order.
import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import fc from 'fast-check';
import { configOfComponent } from '../../src/api/metadata.ts';
import type { KubeVipConfigSpec } from '../../src/api/types.ts';
import { numRuns } from '../api/arbitraries.ts';
import { claimsOf, spec } from './contested.ts';
import { heldBy, World, type Event } from './world.ts';
import { outline } from '../pass.ts';

const names = ['a', 'b'] as const;
const name = fc.constantFrom(...names);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('write' as const), name, spec }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('reconcile' as const), name }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('lead' as const), name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('strip' as const), name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lose' as const), name }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'end-pods' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'pass' as const }) },
);
const events = fc.array(event, { minLength: 3, maxLength: 30, size: 'max' });
const many = { numRuns: 2 * numRuns };

/** Values that the DaemonSets of more than one config hold. */
function sharedValues(daemonSets: Iterable<V1DaemonSet>): readonly string[] {
  const owners = new Map<string, Set<string>>();
  for (const object of daemonSets) {
    for (const value of heldBy(object)) {
      const config = configOfComponent(object.metadata?.name ?? '') ?? '';
      owners.set(value, (owners.get(value) ?? new Set()).add(config));
    }
  }
  return [...owners].filter(([, configs]) => configs.size > 1).map(([value]) => value);
}

function portsOf(daemonSets: Iterable<V1DaemonSet>): readonly (number | undefined)[] {
  return [...daemonSets].map(({ spec: ds }) => ds?.template.spec?.containers[0]?.ports?.[0]?.containerPort);
}

/** Plays events and looks after each. */
function always(look: (world: World) => void): void {
  fc.assert(
    fc.property(events, (list) => {
      const world = new World();
      for (const row of list) {
        world.happen(row);
        look(world);
      }
    }),
    many,
  );
}

/** Addresses that a DaemonSet holds while they still leave the nodes of another config. */
function takenTooEarly({ configs, daemonSets, leases }: World): readonly string[] {
  return [...leases.values()].flatMap(({ name: lease, leaving }) => {
    const from = configOfComponent(lease) ?? '';
    const others = [...daemonSets].filter(([made]) => configOfComponent(made) !== from);
    const held = others.flatMap(([, object]) => heldBy(object));
    return configs.has(from) ? leaving.map(({ address }) => address).filter((row) => held.includes(row)) : [];
  });
}

describe('whatever happens, in whatever order', () => {
  it('no address or class has two owners', () => {
    always(({ daemonSets }) => {
      expect(sharedValues(daemonSets.values())).toEqual([]);
    });
  });

  it('no address is taken while it still leaves the nodes of another config', () => {
    always((world) => {
      expect(takenTooEarly(world)).toEqual([]);
    });
  });

  it('no address is taken that pods may hold whose DaemonSet was deleted', () => {
    always(({ orphaned, daemonSets }) => {
      const taken = [...orphaned].flatMap(([from, values]) =>
        [...daemonSets]
          .filter(([made]) => configOfComponent(made) !== from)
          .flatMap(([, object]) => heldBy(object).filter((value) => values.includes(value))),
      );
      expect(taken).toEqual([]);
    });
  });

  it('no control plane goes whose Lease the operator has not got', () => {
    always(({ losses }) => {
      const early = losses
        .filter(({ object }) => object.metadata?.name?.endsWith('-control-plane'))
        .filter(({ object, before: { leases } }) =>
          leases.every((row) => row.name !== object.metadata?.name || row.parkedFrom === undefined),
        );
      expect(early).toEqual([]);
    });
  });

  it('no two DaemonSets have one metrics port, Lease or name', () => {
    always(({ daemonSets }) => {
      const ports = portsOf(daemonSets.values());
      const leases = [...daemonSets.values()].map(
        ({ spec: ds }) =>
          ds?.template.spec?.containers[0]?.env?.find((row) => row.name.endsWith('_leasename'))?.value,
      );
      expect(leases).toEqual([...daemonSets.keys()]);
      expect(new Set(ports).size).toBe(ports.length);
    });
  });

  it('nothing that a config still asks for is taken down, unless another config runs it', () => {
    always(({ losses }) => {
      const lost = losses.flatMap(({ object, before: { config, daemonSets } }) =>
        heldBy(object)
          .filter(
            (value) => config.metadata.deletionTimestamp === undefined && claimsOf(config).includes(value),
          )
          .filter(
            (value) =>
              !daemonSets.some(
                (row) => row.metadata?.name !== object.metadata?.name && heldBy(row).includes(value),
              ),
          ),
      );
      expect(lost).toEqual([]);
    });
  });

  it('all comes to rest: every config runs what it asks for, or is told who has it', () => {
    fc.assert(
      fc.property(events, (list) => {
        const world = new World();
        const round: Event[] = [
          ...names.map((row) => ({ kind: 'reconcile', name: row }) as const),
          { kind: 'end-pods' },
          { kind: 'pass' },
        ];
        [...list, ...Array.from({ length: 12 }, () => round).flat()].forEach((row) => world.happen(row));
        for (const config of world.configs.values()) {
          const { steps, rejection } = outline(world.snapshot(config));
          const held = [...world.daemonSets.values()]
            .filter(({ metadata }) => configOfComponent(metadata?.name ?? '') === config.metadata.name)
            .flatMap(heldBy);
          expect(steps).toEqual([]);
          expect(rejection ? [] : [...held].sort()).toEqual(rejection ? [] : [...claimsOf(config)].sort());
        }
      }),
    );
  });
});

describe('what random events found once', () => {
  const controlPlane = { addresses: ['192.0.2.1'] };
  const services = { loadBalancerClass: 'a.io/p' };

  function play(...list: readonly Event[]): World {
    const world = new World();
    list.forEach((row) => world.happen(row));
    return world;
  }

  const write = (name: string, spec: Partial<KubeVipConfigSpec>): Event => ({ kind: 'write', name, spec });
  const reconcile = (name: string): Event => ({ kind: 'reconcile', name });

  it('a class that somebody else has does not take the control plane down', () => {
    const { losses } = play(
      write('a', { controlPlane }),
      reconcile('a'),
      write('b', { services }),
      reconcile('b'),
      write('a', { controlPlane, services }),
      reconcile('a'),
    );
    expect(losses).toEqual([]);
  });

  it('a note that somebody removed does not give the address away', () => {
    const { daemonSets } = play(
      write('a', { services }),
      write('b', { controlPlane }),
      reconcile('b'),
      write('a', { controlPlane, services }),
      { kind: 'strip', name: 'b' },
      reconcile('a'),
    );
    expect(sharedValues(daemonSets.values())).toEqual([]);
  });

  it('a DaemonSet that somebody deleted does not give the address to an older config', () => {
    const { daemonSets } = play(
      write('b', { services }),
      write('a', { controlPlane }),
      reconcile('a'),
      write('b', { controlPlane }),
      { kind: 'lose', name: 'a' },
      reconcile('b'),
    );
    expect([...daemonSets.keys()]).toEqual([]);
  });
});
