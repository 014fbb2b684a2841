// Whether a second node may answer for what the holder of the Lease has: what only the network can tell, told by what
// the kubelets say of former holders.
import type { V1Pod } from '@kubernetes/client-node';
import { systemNamespace } from '../../api/metadata.ts';
import type { Component, LingeringHolder } from '../../observed/component.ts';
import { isNode, isTerminating, nameOf, nodeOf, runningContainer } from '../../observed/pods.ts';
import type { Check } from '../../modes/check.ts';

// The kubelet tells the end of a container within a second or two; a pod that was asked to end has 30 s.
const graceMs = 3000;
const endingGraceMs = 35_000;

function isOverdue({ pod, since }: LingeringHolder, now: number): boolean {
  const grace = pod && isTerminating(pod) ? endingGraceMs : graceMs;
  // The loss may have been written by an operator that led before, on a node whose clock runs ahead.
  return Math.abs(now - since.at) >= grace;
}

const isHeard = ({ silentNodes, nodes }: Component, { node }: LingeringHolder): boolean =>
  nodes.some((name) => isNode(node, name)) && ![...silentNodes].some((name) => isNode(node, name));

const found = (pod: V1Pod): string =>
  runningContainer(pod) === undefined
    ? 'was killed meanwhile and not started again, so nothing took the address off'
    : 'still runs the same container as if it hung, where losing the Lease ends kube-vip';

/** A former holder that was not seen to let go, by the word of a kubelet that reports. */
export const formerHolderIsThere: Check = (state) => {
  const { holds, lease, former, now } = state;
  const first = former.find((row) => row.pod && isOverdue(row, now) && isHeard(state, row));
  if (first?.pod === undefined || lease === undefined || lease.holder === '') {
    return undefined;
  }
  const [pod, node] = [nameOf(first.pod), nodeOf(first.pod)];
  return {
    reason: 'NotLetGo',
    message: `${holds}: ${lease.holder} has it by the Lease, and ${node}, which had it before, was not seen to let it go: pod ${pod} ${found(first.pod)}; both nodes may answer until that pod is new: kubectl -n ${systemNamespace} delete pod ${pod}, then look on ${node} with ip address show.`,
    passing: true,
  };
};

const awaited = ({ pod }: LingeringHolder): string =>
  pod === undefined
    ? 'its next kube-vip pod has not started, and takes a left-over off'
    : `pod ${nameOf(pod)} has not ended yet`;

/** Nothing hints at trouble: its pod is asked to end, or gone, as in every upgrade. */
const isOrderly = ({ pod }: LingeringHolder): boolean => pod === undefined || isTerminating(pod);

/** One owner is not said while another may still be there. What was ready stays so while an address moves in order. */
export const formerHolderLetsGo: Check = (state) => {
  const { holds, lease, former, now, wasReady } = state;
  const first = former
    .filter((row) => !isOverdue(row, now) || isHeard(state, row))
    .find((row) => !wasReady || !isOrderly(row));
  return first === undefined
    ? undefined
    : {
        reason: 'LettingGo',
        message: `${holds}: held by ${lease?.holder}, waiting to see ${first.node}, which had it before, let it go: ${awaited(first)}.`,
        passing: true,
      };
};

/** Nodes that had the Lease and do not report: whether they still have the address nobody here can know. */
export const unheardFormerHolders = (state: Component): readonly string[] =>
  state.former.filter((row) => isOverdue(row, state.now) && !isHeard(state, row)).map(({ node }) => node);

/** Whether a former holder is still given time. */
export const isAwaited = ({ former, now }: Component): boolean => former.some((row) => !isOverdue(row, now));
