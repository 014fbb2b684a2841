import { describe, expect, it } from '@jest/globals';
import { isObserved, nodeCounts } from '../../src/observed/component-nodes.ts';
import { isReady } from '../../src/observed/pods.ts';
import { daemonSet, lease, pod, snapshot, type DaemonSetOverrides } from '../builders.ts';
import { componentOf } from '../pass.ts';

const stateOf = (overrides: Parameters<typeof snapshot>[0]) =>
  componentOf(snapshot(overrides), 'control-plane');
const holderOf = (holder: string, ...nodes: string[]) =>
  stateOf({ leases: [lease({ holder })], pods: nodes.map((node) => pod({ node })) }).holderPod?.spec
    ?.nodeName;

describe('componentOf', () => {
  it.each([
    ['finds the pod on the node that the Lease names', 'n2', ['n1', 'n2'], 'n2'],
    ['knows a node by its host name in full', 'n2.example.org', ['n2'], 'n2'],
    ['knows a node that is named in full by its host name', 'n2', ['n2.example.org'], 'n2.example.org'],
    ['does not mind case', 'n2', ['N2'], 'N2'],
    ['does not take one node for another of a longer name', 'n2', ['n20'], undefined],
    ['finds none while nobody holds the Lease', '', ['n1'], undefined],
    ['finds none on a node without pod', 'n3', ['n1'], undefined],
  ])('%s', (_, holder, nodes, expected) => {
    expect(holderOf(holder, ...nodes)).toBe(expected);
  });

  it('prefers a pod that stays to one that is ending', () => {
    const ending = pod({ metadata: { name: 'old', deletionTimestamp: new Date(0) } });
    const { holderPod } = stateOf({ pods: [ending, pod({ metadata: { name: 'new' } })] });
    expect(holderPod?.metadata?.name).toBe('new');
  });

  it('takes one that is ending when there is no other', () => {
    const ending = pod({ metadata: { name: 'old', deletionTimestamp: new Date(0) } });
    expect(stateOf({ pods: [ending] }).holderPod?.metadata?.name).toBe('old');
  });

  it('finds no holder on a pod without node', () => {
    const { holderPod } = stateOf({ pods: [{ ...pod(), spec: { containers: [] } }] });
    expect(holderPod).toBeUndefined();
  });

  it('looks only at what belongs to the function', () => {
    const { daemonSet: found, lease: held, pods } = componentOf(snapshot(), 'services');
    expect([found?.metadata?.name, held?.name, pods.map((row) => row.metadata?.name)]).toEqual([
      'edge-services',
      'edge-services',
      ['edge-services-n1', 'edge-services-n2', 'edge-services-n3'],
    ]);
  });
});

describe('nodeCounts', () => {
  const counts = (overrides: DaemonSetOverrides) =>
    nodeCounts(stateOf({ daemonSets: [daemonSet(overrides)] }));

  it.each([
    [
      'are those of the DaemonSet',
      { desired: 3, updated: 2, ready: 1 },
      { desired: 3, updated: 2, ready: 1 },
    ],
    [
      'count none as updated while the status is about an older spec',
      { generation: 2, observed: 1 },
      { desired: 3, updated: 0, ready: 3 },
    ],
  ])('%s', (_, overrides, expected) => {
    expect(counts(overrides)).toEqual(expected);
  });

  it('are none without DaemonSet, and without status', () => {
    const { status: _, ...bare } = daemonSet();
    const none = { desired: 0, updated: 0, ready: 0 };
    expect([nodeCounts(stateOf({ daemonSets: [] })), nodeCounts(stateOf({ daemonSets: [bare] }))]).toEqual([
      none,
      none,
    ]);
  });

  it('leave out the count of updated nodes while the controller gives none', () => {
    const { status, ...rest } = daemonSet();
    const { updatedNumberScheduled: _, ...counted } = status ?? {
      currentNumberScheduled: 0,
      desiredNumberScheduled: 0,
      numberMisscheduled: 0,
      numberReady: 0,
    };
    expect(nodeCounts(stateOf({ daemonSets: [{ ...rest, status: counted }] })).updated).toBe(0);
  });
});

describe('isObserved', () => {
  it.each([
    ['is true for the current generation', { generation: 2 }, true],
    ['is false for an older one', { generation: 2, observed: 1 }, false],
  ])('%s', (_, overrides, expected) => {
    expect(isObserved(stateOf({ daemonSets: [daemonSet(overrides)] }))).toBe(expected);
  });

  it('is false without DaemonSet', () => {
    expect(isObserved(stateOf({ daemonSets: [] }))).toBe(false);
  });
});

describe('isReady', () => {
  it.each([
    ['is true for a ready pod', pod(), true],
    ['is false for one that is not', pod({ isReady: false }), false],
    ['is false for one that is ending', pod({ metadata: { deletionTimestamp: new Date(0) } }), false],
    ['is false for one without conditions', pod({ status: {} }), false],
  ])('%s', (_, object, expected) => {
    expect(isReady(object)).toBe(expected);
  });
});
