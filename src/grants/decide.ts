// A request is not a grant. What a Service gets of what it asks for: one decision for one Service, from facts alone. Who
// carries decisions out takes one after the other, so that no two Services are promised one address.
import { canonicalAddress } from '../api/addresses.ts';
import { assignedAnnotation, serviceAnnotations } from '../api/metadata.ts';
import { itemsOf } from '../api/words.ts';
import type { Candidate, Refusal } from './candidate.ts';
import { refusalOf, unevenShareOf } from './checks.ts';
import { field, hindered, nothing, placeOf, refused, warning, type Decision, type Told } from './decision.ts';
import type { GrantFacts, Server } from './grounds.ts';
import { keptNote, stays } from './kept.ts';
import type { Hindrance } from './readiness.ts';
import { parseRequest, type Wanted } from './request.ts';
import { isOurByName, type Standing } from './standing.ts';
import { withoutRequest } from './without-request.ts';

const waitNote = (addresses: string, { found, todo }: Pick<Refusal, 'found' | 'todo'>): string =>
  `${field}: ${addresses} waits for ${found}; ${todo}`;

function refusalNote({ wanted, server }: Candidate, { found, todo }: Refusal): string {
  return `${field}: expected ${wanted.address} free in a pool of ${placeOf(server)}, found ${found}; ${todo}`;
}

function granted(asker: Standing, server: Server, wanted: readonly Wanted[]): Decision {
  const grant = wanted.map(({ address }) => address).join(',');
  const pools = wanted.map((row) => server.pools.find(row)).filter((name) => name !== undefined);
  const from = pools.length > 0 ? ` from pool ${[...new Set(pools)].join(' and ')}` : '';
  const before = asker.grant === undefined ? '' : `, before that it was ${asker.grant}`;
  const note = `${grant}${from} of ${placeOf(server)} is granted${before}.`;
  return {
    grant,
    ...(asker.isAssigned && { assigned: null }),
    told: [{ type: 'Normal', reason: 'AddressGranted', note }],
    isWaiting: false,
  };
}

// As kube-vip reads it: a grant in another spelling is the same grant, and is not written anew.
const grantedBy = (grant: string): readonly string[] =>
  itemsOf(grant).map((text) => canonicalAddress(text) ?? text);

const isSame = (wanted: readonly Wanted[], { grant, granted: has }: Standing): boolean =>
  grant !== undefined &&
  grantedBy(grant).length === wanted.length &&
  wanted.every(({ address }) => grantedBy(grant).includes(address) && has.has(address));

function hinderedNote(wanted: readonly Wanted[], hindrance: Hindrance): string {
  const addresses = wanted.map(({ address }) => address).join(' and ');
  return hindrance.reason === 'GrantWaits'
    ? waitNote(addresses, hindrance)
    : `${field}: expected ${addresses} of a KubeVipConfig that can grant, found ${hindrance.found}; ${hindrance.todo}`;
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
    return hindered(server.hindrance, hinderedNote(more, server.hindrance));
  }
  const turn = more.length > 0 ? facts.turnOf(asker) : undefined;
  if (turn !== undefined) {
    const toBeAsked = turn.isSoon ? asksOf(stale) : [];
    const decision = hindered(turn, hinderedNote(more, turn));
    return { ...decision, isInLine: true, ...(toBeAsked.length > 0 && { toBeAsked }) };
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
    return stays(asker, server, facts);
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

/** Whether it waits for something: it asks, or has nothing. What has an address and asks for no other is content. */
const isWanting = ({ request, held }: Standing): boolean => request !== undefined || held.size === 0;

function unserved(asker: Standing): Decision {
  const { loadBalancerClass = '' } = asker;
  return isWanting(asker) && isOurByName(loadBalancerClass)
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
    return isWanting(asker)
      ? refused(
          'NamespaceNotServed',
          `metadata.namespace: expected ${server.namespace}, which ${placeOf(server)} serves, found ${asker.namespace}; make the Service there, or choose another class`,
        )
      : nothing;
  }
  return asker.request === undefined ? withoutRequest(asker, server, facts) : onRequest(asker, server, facts);
}

/** What is written beside each other: the annotation that kube-vip reads, and whether the operator chose. */
export const grantNotes = ({
  grant,
  assigned,
}: Decision & { readonly grant: string | null }): Readonly<Record<string, string | null>> => ({
  [serviceAnnotations.addresses]: grant,
  ...(assigned !== undefined && { [assignedAnnotation]: assigned }),
});
