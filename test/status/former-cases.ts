// What status says of a node that lost the Lease and was not seen to let go.
import type { V1ContainerState, V1Pod } from '@kubernetes/client-node';
import type { KubeVipConfigStatus } from '../../src/api/types.ts';
import type { FormerHolder, Moment, Snapshot } from '../../src/plan/snapshot.ts';
import { operandState, type OperandState } from '../../src/status/operand.ts';
import type { Problem } from '../../src/status/problem.ts';
import { kubeVipConfig, lease, now, pod, snapshot } from '../builders.ts';
import { node, silentNode } from '../cluster-builders.ts';
import type { Row } from './preflight-cases.ts';

const running: V1ContainerState = { running: {} };
const endedWith = (exitCode: number): V1ContainerState => ({ terminated: { exitCode } });

/** A ready pod with a container. */
const withContainer = (name: string, containerID: string, state: V1ContainerState = running): V1Pod =>
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
/** n1 had the Lease, in container a, and n2 has it now. */
export const moved = (of: Partial<Snapshot> & { a?: V1Pod; isSilent?: boolean } = {}): Snapshot => {
  const { a = withContainer('n1', 'a'), isSilent = false, ...rest } = of;
  return snapshot({
    config: kubeVipConfig({ spec: { services: undefined }, status }),
    pods: [a, withContainer('n2', 'b')],
    leases: [lease({ holder: 'n2' })],
    nodes: [isSilent ? silentNode('n1') : node({ name: 'n1' }), node({ name: 'n2' })],
    ...rest,
  });
};
const moment = (at: number): Moment => ({ at, text: new Date(at).toISOString() });

/** Some seconds ago. */
export const lost = (seconds: number, container = 'a'): readonly FormerHolder[] => [
  { operand: 'control-plane', node: 'n1', container, since: moment(now - seconds * 1000) },
];
const says =
  '203.0.113.100: n2 has it by the Lease, and n1, which had it before, was not seen to let it go: pod edge-control-plane-n1';
const todo =
  'both nodes may answer until that pod is new: kubectl -n kube-vip-system delete pod edge-control-plane-n1, then look on n1 with ip address show.';
const restarted = { a: withContainer('n1', 'new') };
const ending = withContainer('n1', 'a');
ending.metadata = { ...ending.metadata, deletionTimestamp: new Date(0) };

/** Nobody let go for nine seconds, and what is said of it. */
export const hanging: readonly [string, OperandState, Problem] = [
  'it was not seen to end',
  operandState(moved({ formerHolders: lost(9) }), 'control-plane', '203.0.113.100'),
  {
    reason: 'NotLetGo',
    message: `${says} still runs the same container as if it hung, where losing the Lease ends kube-vip; ${todo}`,
    passing: true,
  },
];

export const formerRows: readonly Row[] = [
  ['gives the former holder a moment to end', moved(), 'Ready', 'True Held: 203.0.113.100 on n2.'],
  [
    'is not ready while the former holder runs on',
    moved({ formerHolders: lost(3) }),
    'Ready',
    `False NotLetGo: ${says} still runs the same container as if it hung, where losing the Lease ends kube-vip; ${todo}`,
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
    `True NotLetGo: ${says} was killed meanwhile and not started again, so nothing took the address off; ${todo}`,
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
    'True Held: 203.0.113.100 on n2 (n1, which had it before, does not report: make sure that it is off or has lost the address)',
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
