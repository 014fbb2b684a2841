// Addresses that run here and that something else has as well: what no policy can see or could refuse any more.
import type { Reason } from '../api/conditions.ts';
import { message, sentences, toText, type Message } from '../api/words.ts';
import { arp } from '../modes/arp/arp.ts';
import type { WrongKind } from '../modes/arp/network.ts';
import type { Component } from '../observed/component.ts';
import type { Observed } from '../observed/observed.ts';
import { isTerminating } from '../observed/pods.ts';
import type { ServiceClaim } from '../observed/services.ts';
import type { Sharing } from '../observed/service-conflicts.ts';
import { hasWrongOwner } from '../observed/witness/witnessed.ts';
import type { NewCondition } from './set-condition.ts';

const shown = 3;

const classOf = (loadBalancerClass: string | undefined): string =>
  loadBalancerClass === undefined ? 'no class' : `class ${loadBalancerClass}`;

/** For example `Service default/web (class kubevip.dev/edge, spec.externalIPs)`; the class where kube-vip binds for it. */
function nameWithField({ service, loadBalancerClass, field, isBound }: ServiceClaim): string {
  const where = isBound ? [classOf(loadBalancerClass), field] : [field];
  return `Service ${service} (${where.join(', ')})`;
}

const sayVip = ({ spec }: Observed, claim: ServiceClaim): Message =>
  message(
    [
      `${claim.address}: KubeVipConfig ${spec.name} and Service ${claim.service} both have it`,
      `${claim.address}: KubeVipConfig ${spec.name} and a Service both have it`,
      `${claim.address}: a Service has it as well`,
    ],
    {
      detail: `Expected it for the API servers alone, found it in ${nameWithField(claim)}`,
      todo: 'give the Service another address',
    },
  );

function saySharing({ address, port, services: [mine, other] }: Sharing): Message {
  const both = `${nameWithField(mine)} and ${nameWithField(other)}`;
  const place = port === undefined ? address : `${address} ${port}`;
  const heads = [
    `${place}: Services ${mine.service} and ${other.service} both have it`,
    `${place}: two Services have it`,
  ] as const;
  return port === undefined
    ? message(heads, {
        detail: `Expected Services of one class to have it, found ${both}. Two processes each bind it`,
        todo: 'give one of them another address',
      })
    : message(heads, {
        detail: `Expected one Service to have it, found ${both}. Traffic reaches only one of them`,
        todo: 'give one of them another port or address',
      });
}

const runs = ({ owned }: Component): boolean => owned !== undefined && !isTerminating(owned);

/** One way for an address to have two owners. */
export interface Duplicate {
  readonly reason: Extract<
    Reason,
    | 'TwoNodesAnswer'
    | 'StrangerAnswers'
    | 'AnotherAnswers'
    | 'ServiceHasAddress'
    | 'ServicesShareAddress'
    | 'NotLetGo'
  >;
  /** A message for each address. */
  readonly find: (observed: Observed, components: readonly Component[]) => readonly Message[];
}

const onNetwork =
  (kind: WrongKind): Duplicate['find'] =>
  (_, components) =>
    components.flatMap(arp.network.sayWrong(kind));

/** Witnesses hear several nodes. */
export const nodesAnswer: Duplicate = { reason: 'TwoNodesAnswer', find: onNetwork('two') };
/** Witnesses hear a machine that is no node. */
export const outsiderAnswers: Duplicate = { reason: 'StrangerAnswers', find: onNetwork('stranger') };
/** Witnesses hear another node than the holder. */
export const wrongNodeAnswers: Duplicate = { reason: 'AnotherAnswers', find: onNetwork('another') };

/** A Service has a control-plane address that runs. */
export const serviceHasVip: Duplicate = {
  reason: 'ServiceHasAddress',
  find: (observed) =>
    runs(observed.components['control-plane'])
      ? observed.servicesWithVip.map((claim) => sayVip(observed, claim))
      : [],
};

/** Two Services have one address. */
export const servicesShare: Duplicate = {
  reason: 'ServicesShareAddress',
  find: ({ components, sharedAddresses }) =>
    runs(components.services) ? sharedAddresses.map(saySharing) : [],
};

/** Two nodes may have what a component claims. */
export const formerHolderShares: Duplicate = {
  reason: 'NotLetGo',
  // What witnesses hear is said already, and better.
  find: (_, components) =>
    components
      .filter(({ witnessed }) => !witnessed?.verdicts.some(hasWrongOwner))
      .flatMap((component) => arp.readiness.secondOwner(component) ?? []),
};

/** In the order in which they are said; the first gives the reason. */
export const duplicates: readonly Duplicate[] = [
  outsiderAnswers,
  nodesAnswer,
  wrongNodeAnswers,
  serviceHasVip,
  servicesShare,
  formerHolderShares,
];

/** The condition DuplicateOwner: present while an address that runs here has a second owner. */
export function duplicateOwner(
  observed: Observed,
  components: readonly Component[],
): NewCondition | undefined {
  const found = duplicates.flatMap(({ reason, find }) =>
    find(observed, components).map((said) => ({ reason, said })),
  );
  const [first, ...others] = found;
  const more = found.length > shown ? `And ${found.length - shown} more` : undefined;
  const also = sentences(...others.slice(0, shown - 1).map(({ said }) => toText(said)), more);
  return (
    first && {
      ...first.said,
      type: 'DuplicateOwner',
      status: 'True',
      reason: first.reason,
      ...(also !== '' && { also }),
    }
  );
}
