// A request is not a grant. What a Service gets of what it asks for: one decision for one Service, from facts alone. Who
// carries decisions out takes one after the other, so that no two Services are promised one address.
import { canonicalAddress } from '../api/addresses.ts';
import { requestAnnotations, serviceAnnotations } from '../api/metadata.ts';
import { itemsOf } from '../api/words.ts';
import type { Candidate, Refusal } from './candidate.ts';
import { refusalOf, unevenShareOf } from './checks.ts';
import { valueOf, type GrantFacts, type Server } from './grounds.ts';
import type { GrantReason } from './reasons.ts';
import type { Hindrance } from './readiness.ts';
import { parseRequest, type Wanted } from './request.ts';
import { isOurByName, isUnderWay, type Standing } from './standing.ts';

/** What the Service is told by an event. */
export interface Told {
  readonly type: 'Normal' | 'Warning';
  readonly reason: GrantReason;
  readonly note: string;
}

/** What becomes of one Service. */
export interface Decision {
  /** What the annotation that kube-vip reads shall be: addresses, null for none; undefined: as it is. */
  readonly grant: string | null | undefined;
  readonly told: readonly Told[];
  /** Something else than its own change may decide it otherwise. */
  readonly isWaiting: boolean;
  /** When time alone may; undefined: never. */
  readonly afterSeconds?: number;
  /** Addresses of which it has to be asked on the network whether some node still has them. */
  readonly toBeAsked?: readonly string[];
  /** Nothing is in its way but its turn: it keeps its place among those that wait for theirs. */
  readonly isInLine?: boolean;
}

const nothing: Decision = { grant: undefined, told: [], isWaiting: false };
const field = requestAnnotations.addresses;

const warning = (reason: GrantReason, note: string): Told => ({ type: 'Warning', reason, note });

const refused = (reason: GrantReason, note: string): Decision => ({
  grant: undefined,
  told: [warning(reason, note)],
  isWaiting: true,
});

const waitNote = (addresses: string, { found, todo }: Pick<Refusal, 'found' | 'todo'>): string =>
  `${field}: ${addresses} waits for ${found}; ${todo}`;

const placeOf = ({ config }: Server): string => `KubeVipConfig ${config.metadata.name}`;

function refusalNote({ wanted, server }: Candidate, { found, todo }: Refusal): string {
  return `${field}: expected ${wanted.address} free in a pool of ${placeOf(server)}, found ${found}; ${todo}`;
}

function keptNote({ wanted, server }: Candidate, { found }: Refusal): string {
  return `${wanted.address} stays: expected it free in a pool of ${placeOf(server)}, found ${found}; change ${field} to have another`;
}

/** Addresses that it has and would not get: said, never taken. Without pools nothing could be granted, and nothing is said. */
function keptOf(asker: Standing, server: Server, facts: GrantFacts): readonly Told[] {
  if (server.offer === '' || server.hindrance !== undefined) {
    return [];
  }
  const all = asker.granted.size > 0 ? asker.granted : asker.held;
  return [...asker.held].flatMap((address) => {
    const candidate = { asker, server, all, wanted: { address, ...valueOf(address) } };
    const refusal = refusalOf(candidate, facts);
    // What rests for others is no matter to who has it.
    return refusal && refusal.afterSeconds === undefined
      ? [warning('AddressKept', keptNote(candidate, refusal))]
      : [];
  });
}

// Between the grant and what kube-vip publishes only the grant tells that a node may have the address. Without it the type of the
// Service could change, and the address would stay on the node of a Service that nobody knows (lab run, v1.1.2). However long that
// takes, and whether a kube-vip leads or not: one that hangs binds the address when it goes on, and a next one may have read it.
function withoutRequest(asker: Standing, server: Server, facts: GrantFacts): Decision {
  if (isUnderWay(asker)) {
    const note = `${asker.grant} is not asked for any more, and stays until kube-vip has published it: it may be binding it now. Delete the Service to give it up sooner.`;
    return { ...nothing, told: [{ type: 'Normal', reason: 'GrantWaits', note }] };
  }
  if (asker.grant !== undefined && asker.isGrantOurs) {
    const note = `${asker.grant} is not asked for any more. kube-vip may keep what it has published until the Service is deleted.`;
    return { grant: null, told: [{ type: 'Normal', reason: 'AddressWithdrawn', note }], isWaiting: false };
  }
  return { ...nothing, told: keptOf(asker, server, facts) };
}

function granted(asker: Standing, server: Server, wanted: readonly Wanted[]): Decision {
  const grant = wanted.map(({ address }) => address).join(',');
  const pools = wanted.map((row) => server.pools.find(row)).filter((name) => name !== undefined);
  const from = pools.length > 0 ? ` from pool ${[...new Set(pools)].join(' and ')}` : '';
  const before = asker.grant === undefined ? '' : `, before that it was ${asker.grant}`;
  const note = `${grant}${from} of ${placeOf(server)} is granted${before}.`;
  return { grant, told: [{ type: 'Normal', reason: 'AddressGranted', note }], isWaiting: false };
}

// As kube-vip reads it: a grant in another spelling is the same grant, and is not written anew.
const grantedBy = (grant: string): readonly string[] =>
  itemsOf(grant).map((text) => canonicalAddress(text) ?? text);

const isSame = (wanted: readonly Wanted[], { grant, granted: has }: Standing): boolean =>
  grant !== undefined &&
  grantedBy(grant).length === wanted.length &&
  wanted.every(({ address }) => grantedBy(grant).includes(address) && has.has(address));

/** Told, so that nobody looks for the fault in the request. */
function hindered(wanted: readonly Wanted[], hindrance: Hindrance): Decision {
  const { reason, found, todo, afterSeconds } = hindrance;
  const addresses = wanted.map(({ address }) => address).join(' and ');
  const told: Told =
    reason === 'GrantWaits'
      ? { type: 'Normal', reason, note: waitNote(addresses, hindrance) }
      : warning(
          reason,
          `${field}: expected ${addresses} of a KubeVipConfig that can grant, found ${found}; ${todo}`,
        );
  return {
    grant: undefined,
    told: [told],
    isWaiting: true,
    ...(afterSeconds !== undefined && { afterSeconds }),
  };
}

interface Refused {
  readonly candidate: Candidate;
  readonly refusal: Refusal;
}

/** What is granted stays so, and is judged as a part of a new whole only. What is only published was never judged. */
function refusalsOf(candidates: readonly Candidate[], facts: GrantFacts): readonly Refused[] {
  return candidates.flatMap((candidate) => {
    const isGranted = candidate.asker.granted.has(candidate.wanted.address);
    const refusal = isGranted ? unevenShareOf(candidate, facts) : refusalOf(candidate, facts);
    return refusal ? [{ candidate, refusal }] : [];
  });
}

function sayRefused({ candidate, refusal }: Refused): Told {
  const { asker, wanted } = candidate;
  if (refusal.reason === 'GrantWaits') {
    return { type: 'Normal', reason: refusal.reason, note: waitNote(wanted.address, refusal) };
  }
  const isKept = asker.held.has(wanted.address) && !asker.granted.has(wanted.address);
  return isKept
    ? warning('AddressKept', keptNote(candidate, refusal))
    : warning(refusal.reason, refusalNote(candidate, refusal));
}

/** Where something else is in the way, what was known before need not be known anew. */
function asksOf(rows: readonly Refused[]): readonly string[] {
  const isWorthIt = rows.every(({ refusal }) => refusal.isToBeAsked === true);
  return rows
    .filter(({ refusal }) => refusal.isToBeAsked === true && (isWorthIt || refusal.isStale !== true))
    .map(({ candidate }) => candidate.wanted.address);
}

function refusedAll(rows: readonly Refused[]): Decision {
  const seconds = rows.map(({ refusal }) => refusal.afterSeconds).filter((row) => row !== undefined);
  const toBeAsked = asksOf(rows);
  return {
    grant: undefined,
    told: rows.map(sayRefused),
    isWaiting: true,
    ...(seconds.length > 0 && { afterSeconds: Math.max(...seconds) }),
    ...(toBeAsked.length > 0 && { toBeAsked }),
  };
}

interface Fit {
  readonly wanted: readonly Wanted[];
  /** What no node had, too long ago. It is asked anew when it is needed, and not by each of hundreds that wait. */
  readonly stale: readonly Refused[];
}

/** What becomes of a request that nothing is in the way of but what all of its namespace wait for. */
function inTurn(asker: Standing, server: Server, facts: GrantFacts, { wanted, stale }: Fit): Decision {
  const more = wanted.filter(({ address }) => !asker.granted.has(address));
  if (more.length > 0 && server.hindrance !== undefined) {
    return hindered(more, server.hindrance);
  }
  const turn = more.length > 0 ? facts.turnOf(asker) : undefined;
  if (turn !== undefined) {
    const toBeAsked = turn.isSoon ? asksOf(stale) : [];
    return { ...hindered(more, turn), isInLine: true, ...(toBeAsked.length > 0 && { toBeAsked }) };
  }
  return stale.length > 0 ? { ...refusedAll(stale), isInLine: true } : granted(asker, server, wanted);
}

function onRequest(asker: Standing, server: Server, facts: GrantFacts): Decision {
  const request = parseRequest(asker.request ?? '');
  if (request.kind === 'invalid') {
    return { ...refused('AddressInvalid', `${field}: ${request.because}; correct it`), isWaiting: false };
  }
  const { wanted } = request;
  if (isSame(wanted, asker)) {
    return { ...nothing, told: keptOf(asker, server, facts) };
  }
  const all = new Set(wanted.map(({ address }) => address));
  const rows = refusalsOf(
    wanted.map((row) => ({ asker, server, all, wanted: row })),
    facts,
  );
  return rows.every(({ refusal }) => refusal.isStale === true)
    ? inTurn(asker, server, facts, { wanted, stale: rows })
    : refusedAll(rows);
}

function unserved({ request, loadBalancerClass = '' }: Standing): Decision {
  const isMeant = request !== undefined && isOurByName(loadBalancerClass);
  return isMeant
    ? refused(
        'NoKubeVipConfig',
        `spec.loadBalancerClass: expected the class of a KubeVipConfig, found ${loadBalancerClass}; create the KubeVipConfig, or make the Service anew with another class`,
      )
    : nothing;
}

/** What becomes of a Service that is in the book. */
export function decideGrant(asker: Standing, facts: GrantFacts): Decision {
  const { loadBalancerClass } = asker;
  const server = loadBalancerClass === undefined ? undefined : facts.grounds.serverOf(loadBalancerClass);
  if (server === undefined) {
    return unserved(asker);
  }
  if (server.namespace !== undefined && server.namespace !== asker.namespace) {
    return asker.request === undefined
      ? nothing
      : refused(
          'NamespaceNotServed',
          `metadata.namespace: expected ${server.namespace}, which ${placeOf(server)} serves, found ${asker.namespace}; make the Service there, or choose another class`,
        );
  }
  return asker.request === undefined ? withoutRequest(asker, server, facts) : onRequest(asker, server, facts);
}

/** The annotation that a grant is written into. */
export const grantAnnotation = serviceAnnotations.addresses;
