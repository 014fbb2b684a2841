// What must hold for the status of any config in any cluster, also one that an older operator left behind.
import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import fc from 'fast-check';
import { conditionTypes, reasons } from '../../src/api/conditions.ts';
import { componentName } from '../../src/api/metadata.ts';
import type { Condition, KubeVipConfig, KubeVipConfigStatus } from '../../src/api/types.ts';
import { conditionSchema } from '../../src/api/status-schema.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { nextLook, type Outcome } from '../../src/status/outcome.ts';
import { admittedConfigs } from '../api/arbitraries.ts';
import { set } from '../plan/field-owners.ts';
import {
  daemonSet,
  freshSnapshot,
  kubeVipConfig,
  lease,
  nodeNames,
  nowText,
  pod,
  snapshot as healthy,
  type DaemonSetOverrides,
} from '../builders.ts';
import { remembered } from './remembered.ts';
import { computeStatus, decide, observed } from '../pass.ts';

interface World {
  readonly snapshot: Snapshot;
  readonly acted: Outcome;
}

// Much can be wrong at once: were each thing as likely as not, hardly any cluster would be healthy.
const mostly = <T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
const count = fc.nat(3);
const numbers = fc.record({
  generation: fc.nat(2),
  observed: fc.nat(2),
  desired: count,
  updated: count,
  ready: count,
});
const live = (config: KubeVipConfig): fc.Arbitrary<readonly V1DaemonSet[]> =>
  mostly<DaemonSetOverrides>({}, numbers).chain((numbers) => {
    const components = (['control-plane', 'services'] as const).filter((component) =>
      component === 'services' ? config.spec.services : config.spec.controlPlane,
    );
    const all = components.map((component) => daemonSet({ config, component, ...numbers }));
    return mostly<readonly V1DaemonSet[]>(all, fc.subarray(all));
  });

const edited = (object: V1DaemonSet): V1DaemonSet =>
  set(object, ['spec', 'template', 'spec', 'hostNetwork'], false);

const worlds: fc.Arbitrary<World> = admittedConfigs.chain((config) => {
  const { name } = config.metadata;
  const pods = nodeNames.flatMap((node) =>
    (['control-plane', 'services'] as const).map((component) => pod({ config: name, component, node })),
  );
  const anyLease = fc
    .record({
      name: fc.constantFrom(componentName(name, 'control-plane'), componentName(name, 'services')),
      holder: fc.constantFrom('', 'n1', 'N2', 'n3.example.org', 'n9'),
      ageSeconds: fc.integer({ min: -5, max: 40 }),
    })
    .map((row) => lease(row));
  return fc.record({
    acted: mostly<Outcome>({ kind: 'done' }, fc.constant({ kind: 'failed', error: new Error('refused') })),
    snapshot: fc
      .record({
        daemonSets: live(config),
        pods: fc.subarray(pods),
        leases: fc.uniqueArray(anyLease, { selector: (row) => row.name, maxLength: 2 }),
        deletionTimestamp: mostly<string | undefined>(undefined, fc.constant(nowText)),
        version: mostly(config.spec.version, fc.constant('v0.7.2')),
        openNamespaces: fc.subarray(['a', 'b']),
        missingPolicies: fc.subarray(['a', 'b']),
        isEdited: fc.boolean(),
      })
      .map(({ deletionTimestamp, version, isEdited, ...rest }) => {
        const metadata = {
          ...config.metadata,
          ...(deletionTimestamp !== undefined && { deletionTimestamp }),
        };
        return freshSnapshot({
          ...rest,
          config: { ...config, metadata, spec: { ...config.spec, version } },
          daemonSets: isEdited ? rest.daemonSets.map(edited) : rest.daemonSets,
        });
      }),
  });
});

const statusOf = ({ snapshot, acted }: World, now = nowText): KubeVipConfigStatus =>
  computeStatus({ snapshot, plan: decide(snapshot), acted, now });

function holds(check: (conditions: readonly Condition[], world: World) => void): void {
  fc.assert(fc.property(worlds, (world) => check(statusOf(world).conditions ?? [], world)));
}

const statusIs = (conditions: readonly Condition[], type: string): string | undefined =>
  conditions.find((row) => row.type === type)?.status;

describe('computeStatus', () => {
  it('writes only conditions and reasons of the table, each type once', () => {
    holds((conditions) => {
      const types = conditions.map(({ type }) => type);
      expect(Object.keys(conditionTypes)).toEqual(expect.arrayContaining(types));
      expect(Object.keys(reasons)).toEqual(expect.arrayContaining(conditions.map(({ reason }) => reason)));
      expect(new Set(types).size).toBe(types.length);
    });
  });

  it('says each in a sentence that the API server takes', () => {
    holds((conditions) => {
      for (const { message } of conditions) {
        expect(message).toMatch(/^\S[\s\S]*[^.\s]\.$/);
        expect(message).not.toMatch(/undefined|NaN|\[object|null/);
        expect(message.length).toBeLessThanOrEqual(conditionSchema.properties.message.maxLength);
      }
    });
  });

  it('is ready only when every function is held by a node whose pod runs, by a fresh Lease', () => {
    holds((conditions, { snapshot }) => {
      const isHeld = observed(snapshot).asked.every(
        ({ lease: row, holderPod }) => row && holderPod && row.renewedAt >= snapshot.now - 15_000,
      );
      expect(statusIs(conditions, 'Ready') === 'True' && !isHeld).toBe(false);
    });
  });

  it('leaves nobody in the dark: what is not programmed is under way, or a person must act', () => {
    holds((conditions) => {
      const told = ['Reconciling', 'Stalled', 'Suspended'].some(
        (type) => statusIs(conditions, type) === 'True',
      );
      expect(statusIs(conditions, 'Programmed') === 'True' || told).toBe(true);
    });
  });

  it('never says Reconciling and Stalled for one and the same reason', () => {
    holds((conditions) => {
      const [first, second] = ['Reconciling', 'Stalled'].map((type) =>
        conditions.find((row) => row.type === type),
      );
      expect(first === undefined || first.reason !== second?.reason).toBe(true);
    });
  });

  it('is the same when asked again later', () => {
    fc.assert(
      fc.property(worlds, ({ snapshot, acted }) => {
        const first = statusOf({ snapshot, acted });
        const later = remembered(snapshot, first);
        expect(statusOf({ snapshot: later, acted }, '2026-11-24T13:00:00Z')).toEqual(first);
      }),
    );
  });

  it('comes back, or waits for a person', () => {
    fc.assert(
      fc.property(worlds, ({ snapshot, acted }) => {
        const next = nextLook(decide(snapshot), observed(snapshot).asked, acted);
        const isSoon = next.kind !== 'waiting' || (next.afterSeconds > 0 && next.afterSeconds <= 7.5);
        expect([next.kind !== 'done', isSoon]).toEqual([true, true]);
      }),
    );
  });
});

describe('what random clusters found once', () => {
  it('drift that is being undone is said to be under way', () => {
    const world = healthy({ daemonSets: [edited(daemonSet()), daemonSet({ component: 'services' })] });
    const { conditions = [] } = statusOf({ snapshot: world, acted: { kind: 'done' } });
    expect(conditions.find(({ type }) => type === 'Reconciling')).toMatchObject({
      status: 'True',
      reason: 'Applying',
      message: 'DaemonSet edge-control-plane has just been put back.',
    });
  });

  it('a stored spec that asks for nothing is not ready and not programmed', () => {
    const config = kubeVipConfig({ spec: { controlPlane: undefined, services: undefined } });
    const { conditions = [] } = statusOf({ snapshot: freshSnapshot({ config }), acted: { kind: 'done' } });
    expect(
      conditions.filter(({ type }) => ['Ready', 'Programmed'].includes(type)).map(({ status }) => status),
    ).toEqual(['False', 'False']);
  });

  it('a suspended config of a version that the catalogue lost has a status', () => {
    const config = kubeVipConfig({ spec: { version: 'v0.7.2', suspend: true } });
    const snapshot = freshSnapshot({
      config,
      daemonSets: [daemonSet(), daemonSet({ component: 'services' })],
    });
    const { conditions = [] } = statusOf({ snapshot, acted: { kind: 'done' } });
    expect(conditions.map(({ type, status }) => `${type} ${status}`)).toEqual(
      expect.arrayContaining(['Accepted False', 'Suspended True']),
    );
  });
});
