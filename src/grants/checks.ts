// May this Service have this address? An ordered list: the first check that objects is the one that is told.
import { oncePer } from '../observed/once.ts';
import type { Holding } from './book.ts';
import { choose, isReal, type Candidate, type Check, type Refusal } from './candidate.ts';
import type { GrantFacts, Grounds } from './grounds.ts';
import { isOfNoOther } from './other-balancers.ts';
import { closedTo, leftOut, poolWith } from './pools.ts';
import type { GrantReason } from './reasons.ts';
import type { Standing } from './standing.ts';
import { hasRested, isOnNoNode } from './vacancy.ts';

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

/** It may have something of the pool, and the pool does not leave the address out. */
const isOpen: Check = ({ wanted, asker, server }) => {
  const pool = poolWith(server.offers, wanted);
  const closed = pool && closedTo(pool, asker);
  if (closed !== undefined) {
    const others = server.offers.filter((row) => closedTo(row, asker) === undefined);
    const names = others.map(({ name }) => name).join(', ');
    const todo = names === '' ? 'ask an administrator for a pool' : `choose an address of pool ${names}`;
    return { reason: 'PoolNotForService', found: `an address of ${closed}`, todo };
  }
  const reserved = pool && leftOut(pool, wanted);
  if (reserved !== undefined) {
    return { reason: 'AddressReserved', found: reserved, todo: choose(server) };
  }
  return pool === undefined || asker.pool === undefined || asker.pool === pool.name
    ? undefined
    : {
        reason: 'AddressNotInPool',
        found: `an address of pool ${pool.name}, and kubevip.dev/pool: ${asker.pool}`,
        todo: 'take one of the two annotations away, or choose an address of that pool',
      };
};

const isOwnPool: Check = ({ wanted, server }, { grounds }) => {
  const owner = grounds.pool(wanted);
  return owner === undefined || owner.metadata.name === server.config.metadata.name
    ? undefined
    : {
        reason: 'AddressOfOtherPool',
        found: `an address of a pool of KubeVipConfig ${owner.metadata.name}, which is older`,
        todo: `${choose(server)}, and ask an administrator to take it out of one of the two`,
      };
};

const isNothingElse =
  (
    reason: GrantReason,
    of: Exclude<keyof Grounds, 'serverOf' | 'pool' | 'leaderOf' | 'endOfNetwork' | 'ofOthers'>,
  ): Check =>
  ({ wanted, server }, { grounds }) => {
    const found = grounds[of](wanted.address, wanted);
    return found === undefined ? undefined : { reason, found, todo: choose(server) };
  };

// The asker is held against every Service that shares the address, and each may have hundreds of ports.
const portSet = oncePer((ports: readonly string[]) => new Set(ports));
const haveCommon = (a: readonly string[], b: readonly string[]): boolean => {
  const all = portSet(a);
  return b.some((row) => all.has(row));
};

/** Services that share an address, at most: each one more is held against all of them, whenever one of them changes. */
const mostSharing = 128;

/** Whether they could share an address if both asked to: one process announces a class, and different ports are different to it. */
const canShare = (a: Standing, b: Standing): boolean =>
  a.namespace === b.namespace &&
  a.loadBalancerClass !== undefined &&
  a.loadBalancerClass === b.loadBalancerClass &&
  !haveCommon(a.ports, b.ports);

/** Both have to ask for it, in one namespace: a key is no secret, and another tenant must not get traffic of this address. */
export const mayShare = (a: Standing, b: Standing): boolean =>
  a.share !== '' && a.share === b.share && canShare(a, b);

const isSameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((address) => b.has(address));

const textOf = (addresses: ReadonlySet<string>): string => [...addresses].join(' and ');

/**
 * Services share all of their addresses or none: where one of two has more, kube-vip leaves that one on the node when the
 * Service is deleted.
 */
function unevenness({ asker, all, server }: Candidate, holding: Holding): Refusal | undefined {
  const { holder, together, isBound } = holding;
  return isBound && mayShare(asker, holder) && !isSameSet(all, together)
    ? {
        reason: 'AddressTaken',
        found: `Service ${holder.key}, which shares ${textOf(together)} together`,
        todo: `ask for ${textOf(together)}, or ${choose(server)}`,
      }
    : undefined;
}

function inTheWay(candidate: Candidate, holding: Holding): Refusal {
  const { holder, field, isBound } = holding;
  const isPossible = isBound && canShare(candidate.asker, holder);
  return {
    reason: 'AddressTaken',
    found: `Service ${holder.key} with it in ${field}`,
    todo: `${choose(candidate.server)}${isPossible ? ', or share it (kubevip.dev/share)' : ''}`,
  };
}

const isFree: Check = (candidate, facts) => {
  const { asker, wanted, server } = candidate;
  let sharing = 0;
  for (const holding of facts.book.holdersOf(wanted.address)) {
    const { holder, isBound } = holding;
    if (holder.key !== asker.key && isReal(holding, holder.loadBalancerClass, facts)) {
      const uneven = unevenness(candidate, holding);
      if (uneven !== undefined || !(isBound && mayShare(asker, holder))) {
        return uneven ?? inTheWay(candidate, holding);
      }
      sharing += 1;
      if (sharing >= mostSharing) {
        const found = `${mostSharing} Services with it already`;
        return { reason: 'AddressTaken', found, todo: choose(server) };
      }
    }
  }
  return undefined;
};

/** Every check, in order. */
export const checks: readonly Check[] = [
  hasPools,
  isInPool,
  isOpen,
  isOwnPool,
  isNothingElse('AddressOfControlPlane', 'controlPlane'),
  isNothingElse('AddressOfNode', 'node'),
  isNothingElse('AddressOfGateway', 'gateway'),
  isNothingElse('AddressOfSubnet', 'subnet'),
  isNothingElse('AddressOfNetwork', 'network'),
  isOfNoOther,
  isFree,
  hasRested,
  isOnNoNode,
];

/** Why a Service that has an address may not have it beside what it would have else, or undefined. */
export function unevenShareOf(candidate: Candidate, { book }: GrantFacts): Refusal | undefined {
  for (const holding of book.holdersOf(candidate.wanted.address)) {
    const uneven = holding.holder.key === candidate.asker.key ? undefined : unevenness(candidate, holding);
    if (uneven !== undefined) {
      return uneven;
    }
  }
  return undefined;
}

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
