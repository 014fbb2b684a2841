// What the network itself says of the addresses of a component, by its witnesses, as far as a rollout rests on it. What a witness
// cannot judge is never taken for good. Where none can run, that is said, and the rollout rests on Leases, pods and the API.
import { list } from '../api/words.ts';
import { standingOf } from '../grants/standing.ts';
import { arp } from '../modes/arp/arp.ts';
import type { Component } from '../observed/component.ts';
import { isReady } from '../observed/pods.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import type { AddressVerdict } from '../observed/witness/witnessed.ts';

/** What the network says, in half a sentence where it is not that the holder answers alone. */
export type NetworkSays =
  | { readonly kind: 'alone' }
  /** No witness can run, or none shall: nothing is known, and nothing will be. */
  | { readonly kind: 'untold'; readonly says: string }
  /** Not known now. */
  | { readonly kind: 'unclear'; readonly says: string }
  /** Another machine than a node of the cluster answers: no rendering of ours brings or ends that. */
  | { readonly kind: 'outsider'; readonly says: string }
  /** The holder has not begun to answer. */
  | { readonly kind: 'silent'; readonly says: string }
  /** Two nodes answer, or another than the holder. */
  | { readonly kind: 'wrong'; readonly says: string };

/** What it is asked about. */
export interface NetworkFacts {
  readonly component: Component;
  readonly snapshot: Pick<Snapshot, 'witness' | 'services'>;
}

type Row = (facts: NetworkFacts) => NetworkSays | undefined;

const isOff: Row = ({ snapshot: { witness } }) =>
  witness === undefined ? { kind: 'untold', says: 'spec.witness is Off' } : undefined;

const cannotRun: Row = ({ component: { witnessed, uncovered = [] } }) => {
  const [first] = uncovered;
  return witnessed === undefined && first
    ? {
        kind: 'untold',
        says: `no witness can tell who answers for ${list(first.addresses)}: ${first.because}`,
      }
    : undefined;
};

/** Whether it has an address: a class without Services has none. */
const hasAddress = ({ component: { kind, claims }, snapshot: { services } }: NetworkFacts): boolean =>
  kind === 'control-plane' ||
  services.map(standingOf).some((row) => claims.includes(row.loadBalancerClass ?? '') && row.held.size > 0);

const saidNothing: Row = (facts) => {
  const { witnessed, holds, pods } = facts.component;
  const isHeard = witnessed !== undefined && witnessed.heard.length > 0;
  return isHeard || !pods.some(isReady) || !hasAddress(facts)
    ? undefined
    : {
        kind: 'unclear',
        says: `no witness says who answers for ${holds}. Set spec.witness to "Off" to go on without one`,
      };
};

const hasTwo: Row = ({ component }) => {
  const [said] = [...arp.network.sayWrong('two')(component), ...arp.network.sayWrong('another')(component)];
  return said && { kind: 'wrong', says: said.head };
};

const hasOutsider: Row = ({ component }) => {
  const [said] = arp.network.sayWrong('stranger')(component);
  return said && { kind: 'outsider', says: said.head };
};

// Services without a ready endpoint may have no node that answers, whatever runs.
const isSilent: Row = ({ component: { kind, holder, witnessed } }) => {
  const verdict = witnessed?.verdicts.find((row) => row.kind === 'nobody');
  return kind === 'services' || verdict === undefined
    ? undefined
    : {
        kind: 'silent',
        says: `no machine answers for ${verdict.address}${holder === '' ? '' : `, though ${holder} holds the Lease`}`,
      };
};

function whyUnclear({ kind, why, owners }: AddressVerdict): string {
  const macs = owners.flatMap(({ node, mac }) => (node === undefined ? mac : []));
  return kind === 'unrecognised' && macs.length > 0
    ? `no node has told yet that it has MAC ${list(macs)}`
    : why || 'it has just changed';
}

const isUnclear: Row = ({ component: { witnessed, uncovered = [] } }) => {
  const untold = uncovered.flatMap(({ addresses }) => addresses);
  const verdict = witnessed?.verdicts.find(
    ({ kind, address }) => kind !== 'one' && kind !== 'nobody' && !untold.includes(address),
  );
  return (
    verdict && {
      kind: 'unclear',
      says: `it is not known who answers for ${verdict.address}: ${whyUnclear(verdict)}`,
    }
  );
};

/** In this order: the first that has an answer is said. */
const rows: readonly Row[] = [isOff, cannotRun, hasTwo, hasOutsider, saidNothing, isSilent, isUnclear];

/** What the network says of who has the addresses of a component. */
export function networkOf(facts: NetworkFacts): NetworkSays {
  for (const row of rows) {
    const said = row(facts);
    if (said) {
      return said;
    }
  }
  return { kind: 'alone' };
}
