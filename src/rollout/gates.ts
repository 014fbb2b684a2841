// What a node that was changed has to pass, in order. Each gate is a question to facts alone.
import type { V1Pod } from '@kubernetes/client-node';
import { arp } from '../modes/arp/arp.ts';
import type { Component } from '../observed/component.ts';
import { endOf, isReady, nameOf, runningContainer } from '../observed/pods.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import { networkOf } from './network.ts';
import type { RolloutNode } from './nodes.ts';

/** What is asked about: one node of a component, which runs the new rendering. */
export interface GateFacts {
  readonly component: Component;
  readonly snapshot: Pick<Snapshot, 'campaigns' | 'witness' | 'services'>;
  readonly node: RolloutNode;
}

/** What a gate says, in half a sentence. */
export type Verdict =
  | { readonly kind: 'passed' }
  /** Time may help. */
  | { readonly kind: 'waiting'; readonly says: string }
  /** It will not pass. */
  | { readonly kind: 'failed'; readonly says: string };

type Judge = (facts: GateFacts) => Verdict;

/** A row of the table. */
export interface Gate {
  readonly id: string;
  readonly judge: Judge;
  readonly because: string;
}

const passed: Verdict = { kind: 'passed' };
const waiting = (says: string): Verdict => ({ kind: 'waiting', says });
const failed = (says: string): Verdict => ({ kind: 'failed', says });

const exitCodesOf = ({ status }: V1Pod): readonly number[] =>
  (status?.containerStatuses ?? []).flatMap(({ state, lastState }) => [
    ...(state?.terminated ? [state.terminated.exitCode] : []),
    ...(lastState?.terminated ? [lastState.terminated.exitCode] : []),
  ]);

const stays: Judge = ({ component: { looping }, node: { pod, name } }) => {
  if (pod === undefined) {
    return waiting(`${name} has no pod yet`);
  }
  const crash = exitCodesOf(pod).find((code) => code !== 0);
  if (crash !== undefined) {
    return failed(`pod ${nameOf(pod)} ended with exit code ${crash}`);
  }
  // kube-vip ends with code 0 when it loses its Lease, as in an outage of the API server, and when it cannot start.
  return endOf(pod) || looping.has(nameOf(pod))
    ? waiting(`pod ${nameOf(pod)} ended with exit code 0 and has to stay now`)
    : passed;
};

const isReadyNow: Judge = ({ node: { pod, name } }) =>
  pod !== undefined && isReady(pod) ? passed : waiting(`the pod on ${name} is not ready`);

const takesPart: Judge = ({ snapshot: { campaigns }, node: { pod } }) => {
  const container = pod && runningContainer(pod);
  const said = pod && campaigns?.[nameOf(pod)];
  // Where no log is read, or none can be, nothing tells it: the next gates are left.
  if (campaigns === undefined || pod === undefined || container === undefined) {
    return passed;
  }
  if (said?.container !== container) {
    return waiting(`the log of pod ${nameOf(pod)} is being read`);
  }
  return said.state === 'unseen'
    ? waiting(`pod ${nameOf(pod)} does not say in its log that it stands for election`)
    : passed;
};

const hasOneOwner: Judge = ({ component }) => {
  const second = arp.readiness.secondOwner(component);
  if (second !== undefined) {
    return failed(second.head);
  }
  return component.former.length > 0
    ? waiting(`${component.former[0]?.node} has not let the address go yet`)
    : passed;
};

// A process that took the Lease has put the address on its interface by then, on a busy machine as well.
const bindingMs = 8000;

const isHeardAlone: Judge = ({ component, snapshot }) => {
  const said = networkOf({ component, snapshot });
  switch (said.kind) {
    case 'wrong':
      return failed(said.says);
    case 'silent': {
      const { holderPod, lease, now } = component;
      const hasHeld = lease !== undefined && now - lease.acquiredAt >= bindingMs;
      return holderPod && isReady(holderPod) && hasHeld ? failed(said.says) : waiting(said.says);
    }
    case 'unclear':
    case 'outsider':
      return waiting(said.says);
    default:
      return passed;
  }
};

const isHeld: Judge = ({ component: { holder, holds, holderPod, lease, now } }) => {
  if (holder === '' || lease === undefined) {
    return waiting(`no node holds ${holds}`);
  }
  if (now - lease.renewedAt > lease.durationSeconds * 1000) {
    return waiting(`${holder} does not renew its Lease`);
  }
  return holderPod && isReady(holderPod)
    ? passed
    : waiting(`the pod of ${holder}, which holds ${holds}, is not ready`);
};

const answers: Judge = ({ component: { reach = [] } }) => {
  const silent = reach.find(({ state }) => state === 'dead' || state === 'silent');
  return silent ? waiting(`${silent.address} does not answer ${silent.detail}`.trim()) : passed;
};

/** In this order: the first that does not pass is said. */
export const gates: readonly Gate[] = [
  {
    id: 'pod-stays',
    judge: stays,
    because: 'A container that ends by itself would end on every node.',
  },
  { id: 'pod-is-ready', judge: isReadyNow, because: 'A pod that is not ready does not take part.' },
  {
    id: 'takes-part',
    judge: takesPart,
    because: 'One that runs and never stands for election would take the address from every node in the end.',
  },
  {
    id: 'one-owner',
    judge: hasOneOwner,
    because: 'With two owners of an address no further node may change.',
  },
  {
    id: 'address-is-held',
    judge: isHeld,
    because: 'The next node changes when one node has the address, and not while it moves.',
  },
  {
    id: 'heard-alone',
    judge: isHeardAlone,
    because: 'Only the network says who has an address. Where no witness can run, the rollout says so.',
  },
  {
    id: 'address-answers',
    judge: answers,
    because: 'A Lease says who should have an address, and not that it answers.',
  },
];

/** What the nodes that were changed come to: the first gate that one of them does not pass, a failed one first. */
export function judge(
  facts: Omit<GateFacts, 'node'>,
  nodes: readonly RolloutNode[],
): (Verdict & { readonly gate: string; readonly node: string }) | { readonly kind: 'passed' } {
  const all = nodes.flatMap((node) =>
    gates.map(({ id, judge: ask }) => ({
      ...ask({ ...facts, node }),
      gate: id,
      node: node.name,
    })),
  );
  return (
    all.find(({ kind }) => kind === 'failed') ??
    all.find(({ kind }) => kind === 'waiting') ?? { kind: 'passed' }
  );
}
