// What status says of a node that lost the Lease and was not seen to let go.
import type { V1ContainerState, V1Pod } from '@kubernetes/client-node';
import type { Condition, KubeVipConfigStatus } from '../../../src/api/types.ts';
import type { Moment } from '../../../src/observed/moment.ts';
import type { FormerHolder, Snapshot } from '../../../src/observed/snapshot.ts';
import type { Component } from '../../../src/observed/component.ts';
import type { Problem } from '../../../src/modes/check.ts';
import { daemonSet, kubeVipConfig, lease, now, pod, snapshot } from '../../builders.ts';
import { node, silentNode } from '../../cluster-builders.ts';
import type { Row } from '../../status/preflight-cases.ts';
import { componentOf } from '../../pass.ts';

const running: V1ContainerState = { running: {} };
/** A container that has ended. */
export const endedWith = (exitCode: number): V1ContainerState => ({ terminated: { exitCode } });

/** A ready pod with a container. */
export const withContainer = (name: string, containerID: string, state: V1ContainerState = running): V1Pod =>
  pod({
    node: name,
    status: {
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [
        { name: 'kube-vip', image: '', imageID: '', ready: true, restartCount: 0, containerID, state },
      ],
    },
  });

const status: KubeVipConfigStatus = {
  controlPlane: { holder: 'n1', holderContainer: 'a', nodes: { desired: 3, updated: 3, ready: 3 } },
};
const ready: Condition = {
  type: 'Ready',
  status: 'True',
  reason: 'Held',
  message: '',
  lastTransitionTime: '',
};

interface Move extends Partial<Snapshot> {
  /** The pod of n1; null: it is gone. */
  readonly a?: V1Pod | null;
  readonly isSilent?: boolean;
  readonly wasReady?: boolean;
}

/** n1 had the Lease, in container a, and n2 has it now. */
export const moved = (of: Move = {}): Snapshot => {
  const { a = withContainer('n1', 'a'), isSilent = false, wasReady = false, ...rest } = of;
  return snapshot({
    config: kubeVipConfig({
      spec: { services: undefined },
      status: { ...status, ...(wasReady && { conditions: [ready] }) },
    }),
    pods: [...(a === null ? [] : [a]), withContainer('n2', 'b')],
    daemonSets: [daemonSet({ desired: 2 })],
    leases: [lease({ holder: 'n2' })],
    nodes: [isSilent ? silentNode('n1') : node({ name: 'n1' }), node({ name: 'n2' })],
    ...rest,
  });
};
const moment = (at: number): Moment => ({ at, text: new Date(at).toISOString() });

/** Some seconds ago. */
export const lost = (seconds: number, container = 'a'): readonly FormerHolder[] => [
  { component: 'control-plane', node: 'n1', container, since: moment(now - seconds * 1000) },
];
const says =
  '203.0.113.100: n1 may still have it, though n2 holds the Lease. n1 held the Lease before and was not seen to let the address go. Pod edge-control-plane-n1';
const todo =
  'Both nodes may answer until that pod is new. Run kubectl -n kube-vip-system delete pod edge-control-plane-n1, then look on n1 with ip address show.';
/** Its pod has another container. */
export const restarted = { a: withContainer('n1', 'new') };
/** Its pod is new, and no container of it was started yet. */
export const starting = pod({ node: 'n1', isReady: false });
const ending = withContainer('n1', 'a');
ending.metadata = { ...ending.metadata, deletionTimestamp: new Date(0) };

const lettingGo = '203.0.113.100: held by n2, waiting for n1 to let it go. n1 held the Lease before.';
/** A problem with its whole message. */
export type Said = Pick<Problem, 'reason' | 'passing' | 'late'> & { readonly message: string };

/** Just lost, and what is said of it. */
export const lettingGoRow: readonly [string, Component, Said] = [
  'it just lost the Lease',
  componentOf(moved(), 'control-plane'),
  {
    reason: 'LettingGo',
    message: `${lettingGo} Pod edge-control-plane-n1 has not ended yet.`,
    passing: true,
  },
];

/** It was not seen to let go for nine seconds, and what is said of it. */
export const hanging: readonly [string, Component, Said] = [
  'it was not seen to end',
  componentOf(moved({ formerHolders: lost(9) }), 'control-plane'),
  {
    reason: 'NotLetGo',
    message: `${says} still runs the same container as if it hung, where losing the Lease ends kube-vip. ${todo}`,
    passing: true,
  },
];

export const formerRows: readonly Row[] = [
  [
    'stays ready while the pod of the former holder ends in order',
    moved({ wasReady: true, a: ending }),
    'Ready',
    'True Held: 203.0.113.100 on n2.',
  ],
  [
    'or has ended, and the next has not started',
    moved({ wasReady: true, formerHolders: lost(60), a: starting }),
    'Ready',
    'True Held: 203.0.113.100 on n2.',
  ],
  [
    'but not for ever',
    moved({ wasReady: true, formerHolders: lost(120), a: starting }),
    'Ready',
    `False LettingGo: ${lettingGo} Its next kube-vip pod has not started, which takes a left-over off.`,
  ],
  [
    'does not become ready in that moment',
    moved({ a: ending }),
    'Ready',
    `False LettingGo: ${lettingGo} Pod edge-control-plane-n1 has not ended yet.`,
  ],
  [
    'gives a former holder that nobody asked to end a moment, and is not ready meanwhile',
    moved({ wasReady: true }),
    'Ready',
    `False LettingGo: ${lettingGo} Pod edge-control-plane-n1 has not ended yet.`,
  ],
  [
    'waits for the pod after one that was killed with its pod, which takes the address off',
    moved({ formerHolders: lost(60), a: starting }),
    'Ready',
    `False LettingGo: ${lettingGo} Its next kube-vip pod has not started, which takes a left-over off.`,
  ],
  [
    'also before that pod is made',
    moved({ formerHolders: lost(60), a: null }),
    'Ready',
    `False LettingGo: ${lettingGo} Its next kube-vip pod has not started`,
  ],
  [
    'but calls that no second owner, as an upgrade looks alike',
    moved({ formerHolders: lost(60), a: starting }),
    'DuplicateOwner',
    'absent',
  ],
  [
    'and waits for no pod where the node is to have none',
    moved({ formerHolders: lost(60), a: null, daemonSets: [daemonSet({ desired: 1 })] }),
    'Ready',
    'True Held: 203.0.113.100 on n2.',
  ],
  [
    'nor where the Node is gone',
    moved({ formerHolders: lost(60), a: null, nodes: [node({ name: 'n2' })] }),
    'Ready',
    'True Held: 203.0.113.100 on n2.',
  ],
  [
    'nor where the node does not report, and says so',
    moved({ formerHolders: lost(60), a: null, isSilent: true }),
    'Ready',
    'True Held: 203.0.113.100 on n2. n1 held 203.0.113.100 before and does not report.',
  ],
  [
    'is not ready while the former holder runs on',
    moved({ formerHolders: lost(3) }),
    'Ready',
    `False NotLetGo: ${says} still runs the same container as if it hung, where losing the Lease ends kube-vip. ${todo}`,
  ],
  [
    'is not ready when another operator saw the loss, on a clock an hour ahead',
    moved({ formerHolders: lost(-3600) }),
    'Ready',
    `False NotLetGo: ${says} still runs`,
  ],
  [
    'says so where two owners are looked for',
    moved({ formerHolders: lost(3) }),
    'DuplicateOwner',
    `True NotLetGo: ${says} still runs`,
  ],
  [
    'says that a former holder was killed and nobody took its address off',
    moved({ formerHolders: lost(3), a: withContainer('n1', 'a', endedWith(137)) }),
    'DuplicateOwner',
    `True NotLetGo: ${says} was killed meanwhile and not started again, so nothing took the address off. ${todo}`,
  ],
  [
    'is content with an orderly end',
    moved({ formerHolders: lost(9), a: withContainer('n1', 'a', endedWith(0)) }),
    'DuplicateOwner',
    'absent',
  ],
  [
    'is content when the container is new',
    moved({ formerHolders: lost(9), ...restarted }),
    'Ready',
    'True Held',
  ],
  [
    'gives a pod that was asked to end its thirty seconds',
    moved({ formerHolders: lost(34), a: ending }),
    'DuplicateOwner',
    'absent',
  ],
  ['and no longer', moved({ formerHolders: lost(35), a: ending }), 'DuplicateOwner', 'True NotLetGo'],
  [
    'is content when the former holder has the Lease again',
    moved({ formerHolders: lost(9), leases: [lease({ holder: 'N1' })] }),
    'Ready',
    'True Held: 203.0.113.100 on N1',
  ],
  [
    'says what it cannot know of a node that does not report',
    moved({ formerHolders: lost(60), isSilent: true }),
    'Ready',
    'True Held: 203.0.113.100 on n2. n1 held 203.0.113.100 before and does not report. Make sure that it is off or has lost the address.',
  ],
  [
    'calls that no second owner',
    moved({ formerHolders: lost(60), isSilent: true }),
    'DuplicateOwner',
    'absent',
  ],
  [
    'waits for somebody to hold it before it speaks of two',
    moved({ formerHolders: lost(9), leases: [lease({ holder: '' })] }),
    'DuplicateOwner',
    'absent',
  ],
];
