import { describe, expect, it } from '@jest/globals';
import { makePlan } from '../../src/plan/plan.ts';
import type { Snapshot } from '../../src/plan/snapshot.ts';
import { daemonSet, freshSnapshot, kubeVipConfig, lease, nowText, pod, snapshot } from '../builders.ts';

const deleted = (metadata: { readonly finalizers?: readonly string[] | undefined } = {}) =>
  kubeVipConfig({ metadata: { deletionTimestamp: nowText, ...metadata } });
const config = deleted();
const controlPlane = daemonSet();
const services = daemonSet({ operand: 'services' });
const ending = daemonSet({ metadata: { deletionTimestamp: new Date(0) } });
const unscheduled = { ...pod({ metadata: { name: 'lost' } }), spec: { containers: [] } };

describe('planDeletion', () => {
  it.each<readonly [string, Snapshot, unknown]>([
    [
      'deletes the DaemonSets first',
      snapshot({ config, daemonSets: [controlPlane, services], pods: [] }),
      {
        steps: [
          { kind: 'delete', object: controlPlane },
          { kind: 'delete', object: services },
        ],
        desired: [],
        waitingFor: 'DaemonSet edge-control-plane, DaemonSet edge-services',
      },
    ],
    [
      'waits for a DaemonSet that is on its way out',
      snapshot({ config, daemonSets: [ending], pods: [] }),
      { steps: [], desired: [], waitingFor: 'DaemonSet edge-control-plane' },
    ],
    [
      'waits for pods, which may hold addresses',
      snapshot({ config, daemonSets: [], pods: [pod({ node: 'n2' })] }),
      { steps: [], desired: [], waitingFor: 'pod edge-control-plane-n2 on n2' },
    ],
    [
      'waits for a pod that has no node',
      snapshot({ config, daemonSets: [], pods: [unscheduled] }),
      { steps: [], desired: [], waitingFor: 'pod lost on no node' },
    ],
    [
      'names three of many and counts the rest',
      snapshot({ config, daemonSets: [] }),
      {
        steps: [],
        desired: [],
        waitingFor:
          'pod edge-control-plane-n1 on n1, pod edge-control-plane-n2 on n2, pod edge-control-plane-n3 on n3 and 3 more',
      },
    ],
    [
      'deletes the Leases and lets go when all pods are gone',
      freshSnapshot({
        config,
        leases: [lease(), lease({ name: 'edge-services' }), lease({ name: 'other-services' })],
      }),
      {
        steps: [
          { kind: 'delete-lease', name: 'edge-control-plane' },
          { kind: 'delete-lease', name: 'edge-services' },
          { kind: 'remove-finalizer' },
        ],
        desired: [],
      },
    ],
    [
      'does not touch a DaemonSet of the name that somebody else made',
      freshSnapshot({
        config,
        daemonSets: [daemonSet({ metadata: { labels: {}, ownerReferences: undefined } })],
      }),
      { steps: [{ kind: 'remove-finalizer' }], desired: [] },
    ],
    [
      'has nothing to do once it let go',
      snapshot({ config: deleted({ finalizers: ['somebody/else'] }) }),
      { steps: [], desired: [] },
    ],
    [
      'has nothing to do without finalizers',
      snapshot({ config: deleted({ finalizers: undefined }) }),
      { steps: [], desired: [] },
    ],
    [
      'goes on while suspended',
      freshSnapshot({
        config: kubeVipConfig({ metadata: { deletionTimestamp: nowText }, spec: { suspend: true } }),
      }),
      { steps: [{ kind: 'remove-finalizer' }], desired: [] },
    ],
  ])('%s', (_, world, expected) => {
    expect(makePlan(world)).toEqual(expected);
  });
});
