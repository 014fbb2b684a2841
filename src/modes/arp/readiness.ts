// Whether exactly one node holds a component, by its Lease.
import { systemNamespace } from '../../api/metadata.ts';
import { namesItsNode } from '../../catalog/identity.ts';
import { message, sentences, type Message } from '../../api/words.ts';
import type { Component } from '../../observed/component.ts';
import { isInOrder, problemOfPod } from '../../observed/pod-problems.ts';
import { atStart, sayPodProblems } from '../../observed/pod-words.ts';
import { isAmong, isReady, nameOf } from '../../observed/pods.ts';
import type { Check } from '../../modes/check.ts';
import { isStale } from './lease.ts';
import { anotherAnswers, nothingAnswers, strangerAnswers, twoNodesAnswer } from './network.ts';
import { addressIsSilent, addressIsUnproven, apiServerIsDead } from './traffic.ts';
import { formerHolderIsThere, formerHolderMayHoldStill } from './two-owners.ts';

/** What is said while no node holds a Lease, with the worst of the pods where one is in trouble. */
function sayNoHolder({ name, holds, problems, lastWords }: Component): Message {
  const pods = sayPodProblems(problems, lastWords);
  const heads = [`${holds}: no node holds Lease ${name}`, `No node holds Lease ${name}`] as const;
  if (pods === undefined) {
    const todo = `wait for an election. When that lasts, see kubectl -n ${systemNamespace} logs ds/${name}`;
    return message(heads, { todo });
  }
  const [clause] = pods.clauses;
  const short = pods.clauses.at(-1) ?? clause;
  return problems.slice(0, 1).every(isInOrder)
    ? message(heads, { detail: sentences(atStart(clause), pods.detail), todo: pods.todo })
    : message([`${holds}: no node holds it, ${short}`, `No node holds the Lease, ${short}`, short], {
        detail: sentences(atStart(clause), pods.detail, heads[1]),
        todo: pods.todo,
      });
}

/** No node has the Lease: the address answers nowhere. */
export const noNodeHoldsTheLease: Check = (component) =>
  component.holder === '' ? { reason: 'NoHolder', passing: true, ...sayNoHolder(component) } : undefined;

/** The Lease names something that is no node: kube-vip would never write that. */
export const holderIsNoNode: Check = ({ lease, holder, nodes, holds, name, version }) =>
  lease === undefined || nodes.length === 0 || isAmong(holder, nodes)
    ? undefined
    : {
        reason: 'LeaseStolen',
        passing: true,
        ...message(
          [
            `${holds}: Lease ${name} is held by ${holder}, which is no node`,
            `Lease ${name} is held by ${holder}, which is no node`,
            `Lease ${name} is held by a stranger`,
          ],
          {
            detail: sentences(
              'Expected a node of this cluster, found none of that name',
              namesItsNode(version)
                ? ''
                : `kube-vip ${version} leads under the host name, and no node told that it has this one`,
            ),
            todo: `${namesItsNode(version) ? '' : 'set spec.preflight.nodeProbe to BestEffort where it is Off. Else '}find who writes the Lease (kubectl -n ${systemNamespace} get lease ${name} -o yaml --show-managed-fields) and stop that. kube-vip takes the Lease back when it runs out`,
          },
        ),
      };

/** The holder renews too late: another node takes over, if one can. */
export const leaseIsStale: Check = ({ lease, holder, holds, name, now, holderPod }) =>
  lease === undefined || !isStale(lease, now)
    ? undefined
    : {
        reason: 'LeaseStale',
        passing: true,
        ...message(
          [
            `${holds}: ${holder} does not renew Lease ${name}`,
            `${holder} does not renew Lease ${name}`,
            `${holder} does not renew its Lease`,
          ],
          {
            detail: `Expected a renewal every ${lease.durationSeconds} s, found the last at ${lease.renewTime}`,
            todo: `look at ${holderPod ? `pod ${nameOf(holderPod)}` : 'kube-vip'} and the API server on ${holder}. Delete that pod when no other node takes over`,
          },
        ),
      };

/** The Lease names a node on which nothing of ours could hold it. */
export const holderHasNoPod: Check = ({ holder, holderPod, holds, name }) =>
  holderPod || holder === ''
    ? undefined
    : {
        reason: 'HolderWithoutPod',
        passing: true,
        ...message(
          [
            `${holds}: Lease ${name} names ${holder}, which runs no pod of this KubeVipConfig`,
            `Lease ${name} names ${holder}, which runs no pod of it`,
            `${holder} holds the Lease without a pod`,
          ],
          {
            todo: `look on ${holder} for another kube-vip that uses this Lease, for example a static pod`,
          },
        ),
      };

/** The pod of the holder cannot do its work. */
export const holderPodIsNotReady: Check = ({ holderPod, holder, holds, name, lastWords, problems }) => {
  const pods =
    holderPod === undefined || isReady(holderPod)
      ? undefined
      : sayPodProblems(problemOfPod(problems, holderPod), lastWords);
  if (pods === undefined) {
    return undefined;
  }
  const [clause, ...shorter] = pods.clauses;
  return {
    reason: 'HolderNotReady',
    passing: true,
    ...message(
      [`${holds}: ${clause}`, ...shorter.map((text) => `${holds}: ${text}`), ...pods.clauses.map(atStart)],
      { detail: sentences(pods.detail, `${holder} holds Lease ${name}`), todo: pods.todo },
    ),
  };
};

/** What keeps an object that is made from being held by exactly one node, in the order in which it is said. */
export const ownershipChecks: readonly Check[] = [
  noNodeHoldsTheLease,
  holderIsNoNode,
  strangerAnswers,
  twoNodesAnswer,
  anotherAnswers,
  leaseIsStale,
  holderHasNoPod,
  holderPodIsNotReady,
  formerHolderIsThere,
  nothingAnswers,
  apiServerIsDead,
  addressIsSilent,
  formerHolderMayHoldStill,
  addressIsUnproven,
];
