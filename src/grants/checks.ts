// May this Service have this address? An ordered list: the first check that objects is the one that is told.
import type { Server, GrantFacts, Grounds } from './grounds.ts';
import { restMs, type Holding } from './book.ts';
import type { GrantReason } from './reasons.ts';
import type { Wanted } from './request.ts';
import type { Standing } from './standing.ts';

/** An address, who wants it, and who would give it. */
export interface Candidate {
  readonly wanted: Wanted;
  readonly asker: Standing;
  readonly server: Server;
}

/** Why an address is not granted: found instead of what was expected, and what a person can do. */
export interface Refusal {
  readonly reason: GrantReason;
  readonly found: string;
  readonly todo: string;
  /** When time alone may change it; undefined: something has to happen. */
  readonly afterSeconds?: number;
}

type Check = (candidate: Candidate, facts: GrantFacts) => Refusal | undefined;

const choose = ({ offer }: Server): string => `choose another address of ${offer}`;

const hasPools: Check = ({ server: { offer, config } }) =>
  offer === ''
    ? {
        reason: 'NoPool',
        found: 'none',
        todo: `ask an administrator to list addresses in spec.services.pools of KubeVipConfig ${config.metadata.name}`,
      }
    : undefined;

const isInPool: Check = ({ wanted, server }) =>
  server.pools.find(wanted) === undefined
    ? {
        reason: 'AddressNotInPool',
        found: 'an address outside',
        todo: `choose an address of ${server.offer}`,
      }
    : undefined;

const isNothingElse =
  (reason: GrantReason, of: Exclude<keyof Grounds, 'serverOf'>): Check =>
  ({ wanted, server }, { grounds }) => {
    const found = grounds[of](wanted.address, wanted);
    return found === undefined ? undefined : { reason, found, todo: choose(server) };
  };

/**
 * As kube-vip can: one process announces a class, and different ports of one address are different Services to it. Both
 * have to ask for it, in one namespace: a key is no secret, and another tenant must not get traffic of this address.
 */
export function mayShare(a: Standing, b: Standing): boolean {
  return (
    a.share !== '' &&
    a.share === b.share &&
    a.namespace === b.namespace &&
    a.loadBalancerClass !== undefined &&
    a.loadBalancerClass === b.loadBalancerClass &&
    !a.ports.some((port) => b.ports.includes(port))
  );
}

const boundFields = ['annotation kube-vip.io/loadbalancerIPs', 'status.loadBalancer', 'a grant under way'];

const isInTheWay = (asker: Standing, { holder, field }: Holding): boolean =>
  holder.key !== asker.key && !(boundFields.includes(field) && mayShare(asker, holder));

const isFree: Check = ({ wanted, asker, server }, { book }) => {
  const other = book.holdersOf(wanted.address).find((holding) => isInTheWay(asker, holding));
  return (
    other && {
      reason: 'AddressTaken',
      found: `Service ${other.holder.key} with it in ${other.field}`,
      todo: `${choose(server)}, or share it (kubevip.dev/share)`,
    }
  );
};

const hasRested: Check = ({ wanted, asker }, { book, now }) => {
  const last = book.departureOf(wanted.address);
  const leftMs = last === undefined ? 0 : restMs - (now - last.at);
  if (last === undefined || leftMs <= 0 || last.loadBalancerClass === asker.loadBalancerClass) {
    return undefined;
  }
  return {
    reason: 'AddressResting',
    found: `Service ${last.key} of class ${last.loadBalancerClass ?? 'none'} with it a moment ago`,
    todo: `wait ${restMs / 1000} s: its kube-vip may still have the address`,
    afterSeconds: Math.ceil(leftMs / 1000),
  };
};

/** Every check, in order. */
export const checks: readonly Check[] = [
  hasPools,
  isInPool,
  isNothingElse('AddressOfControlPlane', 'controlPlane'),
  isNothingElse('AddressOfNode', 'node'),
  isNothingElse('AddressOfGateway', 'gateway'),
  isNothingElse('AddressOfSubnet', 'subnet'),
  isNothingElse('AddressOfNetwork', 'network'),
  isFree,
  hasRested,
];

/** Why a Service may not have an address, or undefined. */
export function refusalOf(candidate: Candidate, facts: GrantFacts): Refusal | undefined {
  for (const check of checks) {
    const refusal = check(candidate, facts);
    if (refusal !== undefined) {
      return refusal;
    }
  }
  return undefined;
}
