// Whether a second node may answer for what the holder of the Lease has: what only the network can tell, told by what
// the kubelets say of former holders.
import type { V1Pod } from '@kubernetes/client-node';
import { operandNamespace } from '../api/metadata.ts';
import type { FormerHolder } from '../plan/snapshot.ts';
import { podOf } from './former-holders.ts';
import { isNode } from './identity.ts';
import type { OperandState } from './operand.ts';
import { isEnding, nameOf, nodeOf, runningContainer } from './pods.ts';
import type { Check } from './problem.ts';

// The kubelet tells the end of a container within a second or two; a pod that was asked to end has 30 s.
const graceMs = 3000;
const endingGraceMs = 35_000;

interface Overdue {
  readonly former: FormerHolder;
  readonly pod: V1Pod;
}

function overdue({ former, pods, now }: OperandState): readonly Overdue[] {
  return former.flatMap((row) => {
    const pod = podOf(pods, row);
    const grace = pod && isEnding(pod) ? endingGraceMs : graceMs;
    // The loss may have been written by an operator that led before, on a node whose clock runs ahead.
    return pod && Math.abs(now - row.since.at) >= grace ? [{ former: row, pod }] : [];
  });
}

const isHeard = ({ silentNodes, nodes }: OperandState, node: string): boolean =>
  nodes.some((name) => isNode(node, name)) && ![...silentNodes].some((name) => isNode(node, name));

const found = (pod: V1Pod): string =>
  runningContainer(pod) === undefined
    ? 'was killed meanwhile and not started again, so nothing took the address off'
    : 'still runs the same container as if it hung, where losing the Lease ends kube-vip';

/** A former holder that was not seen to let go, by the word of a kubelet that reports. */
export const formerHolderIsThere: Check = (state) => {
  const { holds, lease } = state;
  const [first] = overdue(state).filter(({ former }) => isHeard(state, former.node));
  if (first === undefined || lease === undefined || lease.holder === '') {
    return undefined;
  }
  const [pod, node] = [nameOf(first.pod), nodeOf(first.pod)];
  return {
    reason: 'NotLetGo',
    message: `${holds}: ${lease.holder} has it by the Lease, and ${node}, which had it before, was not seen to let it go: pod ${pod} ${found(first.pod)}; both nodes may answer until that pod is new: kubectl -n ${operandNamespace} delete pod ${pod}, then look on ${node} with ip address show.`,
    passing: true,
  };
};

/** Nodes that had the Lease and do not report: whether they still have the address nobody here can know. */
export const unheardFormerHolders = (state: OperandState): readonly string[] =>
  overdue(state)
    .map(({ former }) => former.node)
    .filter((node) => !isHeard(state, node));

/** Whether a former holder is still given time. */
export const isAwaited = (state: OperandState): boolean => state.former.length > overdue(state).length;
