// Whether a second node may answer for what the holder of the Lease has: what only the network can tell, told by what
// the kubelets say of former holders.
import type { V1Pod } from '@kubernetes/client-node';
import { systemNamespace } from '../../api/metadata.ts';
import { message, sentences, type Message } from '../../api/words.ts';
import type { Component, LingeringHolder } from '../../observed/component.ts';
import { isAmong, isNode, isTerminating, nameOf, nodeOf, runningContainer } from '../../observed/pods.ts';
import type { Check } from '../../modes/check.ts';
import { isProvenAlone } from './network.ts';

// The kubelet tells the end of a container within a second or two; a pod that was asked to end has 30 s.
const graceMs = 3000;
const terminatingGraceMs = 35_000;
// The next pod of an upgrade has started by then as a rule, and taken a left-over off.
const startGraceMs = 120_000;

// The loss may have been written by an operator that led before, on a node whose clock runs ahead.
const lostForMs = ({ since }: LingeringHolder, now: number): number => Math.abs(now - since.at);

/** Its container has ended, and what it ran does not take the address off then. */
const isLeft = ({ pod, leavesAddress }: LingeringHolder): boolean =>
  leavesAddress && (pod === undefined || runningContainer(pod) === undefined);

function isOverdue(row: LingeringHolder, now: number): boolean {
  const isEnding = row.pod !== undefined && isTerminating(row.pod) && !isLeft(row);
  return lostForMs(row, now) >= (isEnding ? terminatingGraceMs : graceMs);
}

const isHeard = ({ silentNodes, nodes }: Component, { node }: LingeringHolder): boolean =>
  isAmong(node, nodes) && ![...silentNodes].some((name) => isNode(node, name));

const found = (pod: V1Pod): string =>
  runningContainer(pod) === undefined
    ? 'was killed meanwhile and not started again, so nothing took the address off'
    : 'still runs the same container as if it hung, where losing the Lease ends kube-vip';

/** Its pod hangs, or was killed. */
const sayPod = (pod: V1Pod, node: string): Pick<Message, 'detail' | 'todo'> => ({
  detail: sentences(`Pod ${nameOf(pod)} ${found(pod)}`, 'Both nodes may answer until that pod is new'),
  todo: `run kubectl -n ${systemNamespace} delete pod ${nameOf(pod)}, then look on ${node} with ip address show`,
});

/** Its pod has ended, as a release that leaves the address there. */
const sayLeft = ({ node, version, giveUp }: LingeringHolder): Pick<Message, 'detail' | 'todo'> => ({
  detail: sentences(
    `Its pod ended, and kube-vip ${version} may leave the address behind then`,
    'Both nodes may answer until the next kube-vip pod there starts, which takes it off',
  ),
  todo: `see kubectl -n ${systemNamespace} get pods -o wide for why none starts on ${node}. Or take the address off there with ip address del, then run ${giveUp}`,
});

/** A former holder that was not seen to let go, by what a kubelet says that reports. */
export const formerHolderIsThere: Check = (component) => {
  const { holds, holder, former, now } = component;
  const first = former.find(
    (row) => (row.pod ?? row.leavesAddress) && isOverdue(row, now) && isHeard(component, row),
  );
  // The network knows better than the kubelets.
  if (first === undefined || holder === '' || isProvenAlone(component)) {
    return undefined;
  }
  const node = first.pod ? nodeOf(first.pod) : first.node;
  const { detail, todo } = first.pod && !isLeft(first) ? sayPod(first.pod, node) : sayLeft(first);
  return {
    reason: 'NotLetGo',
    passing: true,
    ...message(
      [
        `${holds}: ${node} may still have it, though ${holder} holds the Lease`,
        `${holds}: ${node} may still have it`,
        `${node} may still have an address of ${holder}`,
        `${node} may still have an address`,
      ],
      {
        detail: sentences(`${node} held the Lease before and was not seen to let the address go`, detail),
        todo,
      },
    ),
  };
};

const awaited = (row: LingeringHolder): string =>
  row.pod === undefined || isLeft(row)
    ? 'Its next kube-vip pod has not started, which takes a left-over off'
    : `Pod ${nameOf(row.pod)} has not ended yet`;

/** Nothing hints at trouble: its pod is asked to end, or gone, as in every upgrade, and that has not taken too long. */
function isOrderly(row: LingeringHolder, now: number): boolean {
  if (row.pod !== undefined && !isTerminating(row.pod)) {
    return false;
  }
  const isStarting = row.pod === undefined && !row.leavesAddress;
  return isStarting ? lostForMs(row, now) < startGraceMs : !isOverdue(row, now);
}

/**
 * A former holder that is given time to let go: until then one owner is not said. What was ready stays so while an
 * address moves in order.
 */
export const formerHolderMayHoldStill: Check = (component) => {
  const { holds, holder, former, now, wasReady } = component;
  const first = former
    .filter((row) => !isOverdue(row, now) || isHeard(component, row))
    .find((row) => !wasReady || !isOrderly(row, now));
  return first === undefined || isProvenAlone(component)
    ? undefined
    : {
        reason: 'LettingGo',
        passing: true,
        ...message(
          [
            `${holds}: held by ${holder}, waiting for ${first.node} to let it go`,
            `${holds}: waiting for ${first.node} to let it go`,
            `Waiting for ${first.node} to let the address go`,
          ],
          { detail: sentences(`${first.node} held the Lease before`, awaited(first)) },
        ),
      };
};

/** Nodes that had the Lease and do not report: whether they still have the address cannot be known from here. */
export const unheardFormerHolders = (component: Component): readonly string[] =>
  isProvenAlone(component)
    ? []
    : component.former
        .filter((row) => isOverdue(row, component.now) && !isHeard(component, row))
        .map(({ node }) => node);

/** Whether a former holder is still given time. */
export const isAwaited = ({ former, now }: Component): boolean => former.some((row) => !isOverdue(row, now));
