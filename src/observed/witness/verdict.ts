// One address, all that was heard of it, and what that means: the first row of the table that holds.
//
//   who answers now            how long                      verdict
//   no witness can tell        -                             unknown
//   nothing                    the silence of a hand-over    moving
//   nothing                    longer                        nobody
//   the holder alone           -                             one
//   the holder and a node      a hand-over                   moving, then two
//   the holder and a MAC       until the nodes were asked    unrecognised, then stranger
//   a node, the holder not     a hand-over                   moving, then another
import { familyOf } from '../../api/addresses.ts';
import { isNode } from '../../observed/pods.ts';
import type { AddressState } from '../../observed/snapshot.ts';
import { answerersOf, isCurrent, lastMsOf, overlap, type Answerer, type Hearing } from './sights.ts';
import type { AddressVerdict, MacBook, VerdictKind } from './witnessed.ts';

/** What one address is judged by. */
export interface Evidence {
  readonly address: string;
  /** Identity in the Lease; empty while no node holds it. */
  readonly holder: string;
  /** For how many milliseconds it has held. */
  readonly heldMs: number;
  readonly leaseMs: number;
  /** Of the witnesses that ask for the address. */
  readonly hearings: readonly Hearing[];
  readonly macs: MacBook;
  /** MACs that answer for every address. */
  readonly proxies: ReadonlySet<string>;
  /** Whether the nodes were asked again for a MAC, and none has it. */
  readonly isDenied: (mac: string, sinceMs: number) => boolean;
  /** What the operator hears there itself; undefined: it does not ask. */
  readonly reach: AddressState['state'] | undefined;
  /** Whether somebody answered a witness for it before. */
  readonly wasHeard: boolean;
}

interface Facts extends Evidence {
  readonly answerers: readonly Answerer[];
  readonly now: readonly Answerer[];
  readonly ofHolder: Answerer | undefined;
  /** Nodes of the cluster that answer and do not hold. */
  readonly others: readonly Answerer[];
  readonly outsiders: readonly Answerer[];
  readonly silentMs: number | undefined;
}

/** The absence of a hand-over: two seconds at most were measured. */
const nobodyMs = ({ leaseMs }: Evidence): number => Math.min(7000, leaseMs * 0.6);
/** A holder has put the address on its interface by then. */
const anotherMs = 3000;

/** For how long nothing has answered any of the witnesses. */
function silenceOf(hearings: readonly Hearing[]): number | undefined {
  const each = hearings.map(({ sight }) => sight.silentMs);
  return each.some((ms) => ms === undefined) ? undefined : Math.min(...each.map((ms) => ms ?? 0));
}

function factsOf(evidence: Evidence): Facts {
  const { hearings, macs, proxies, holder } = evidence;
  const all = answerersOf(hearings, macs);
  const answerers = all.filter(({ owner }) => owner.node !== undefined || !proxies.has(owner.mac));
  const now = answerers.filter(isCurrent);
  const isHolder = ({ owner }: Answerer): boolean => holder !== '' && isNode(holder, owner.node ?? '');
  return {
    ...evidence,
    answerers,
    now,
    ofHolder: answerers.find(isHolder),
    others: now.filter((row) => row.owner.node !== undefined && !isHolder(row)),
    outsiders: now.filter(({ owner }) => owner.node === undefined),
    silentMs: all.length === 0 ? silenceOf(hearings) : undefined,
  };
}

/**
 * A network card that filters multicast hears no neighbour solicitation (cilium/cilium#41678): silence at an IPv6 address is none
 * where the operator hears it, or where nothing else says that it ever answered.
 */
const isDeaf = ({ address, reach, wasHeard }: Facts): boolean =>
  familyOf(address) === 'IPv6' && (reach === 'alive' || (reach !== 'silent' && !wasHeard));

const isPair = (rows: readonly Answerer[]): boolean =>
  rows.some((row, index) => rows.slice(index + 1).some((other) => overlap(row, other)));

/** It has answered for longer than a hand-over takes since the holder took the Lease, and the holder has not. */
const hasStayed = ({ heldMs }: Facts, row: Answerer): boolean =>
  heldMs - lastMsOf(row) >= anotherMs && row.owner.sinceMs - lastMsOf(row) >= anotherMs;

const isHeldByOther = (facts: Facts): boolean => facts.holder !== '' && facts.ofHolder === undefined;

/** Whether what answers answers beside the holder, or instead of it, for longer than a hand-over takes. */
const isLasting = (facts: Facts, row: Answerer): boolean =>
  facts.ofHolder === undefined ? facts.holder === '' || hasStayed(facts, row) : overlap(facts.ofHolder, row);

const isDenied = ({ isDenied: nodesDeny }: Facts, { owner }: Answerer): boolean =>
  nodesDeny(owner.mac, owner.sinceMs);

interface Row {
  readonly kind: VerdictKind;
  readonly holds: (facts: Facts) => boolean;
  readonly why?: string;
}

/** In this order. The last row holds of everything. */
const rows: readonly Row[] = [
  { kind: 'unknown', holds: ({ hearings }) => hearings.length === 0, why: 'no witness answers' },
  {
    kind: 'unknown',
    holds: (facts) => facts.silentMs !== undefined && isDeaf(facts),
    why: 'no witness hears an answer to a neighbour solicitation, which a network card that filters multicast does not hear either',
  },
  {
    kind: 'nobody',
    holds: (facts) => facts.silentMs !== undefined && facts.silentMs >= nobodyMs(facts),
  },
  { kind: 'two', holds: ({ now }) => isPair(now.filter(({ owner }) => owner.node !== undefined)) },
  {
    kind: 'stranger',
    holds: (facts) => facts.outsiders.some((row) => isDenied(facts, row) && isLasting(facts, row)),
  },
  {
    kind: 'unrecognised',
    holds: (facts) => facts.outsiders.some((row) => !isDenied(facts, row)),
  },
  {
    kind: 'another',
    holds: (facts) => isHeldByOther(facts) && facts.others.some((row) => hasStayed(facts, row)),
  },
  {
    kind: 'one',
    holds: ({ now, ofHolder, holder }) => now.length === 1 && (holder === '' || now[0] === ofHolder),
  },
  {
    kind: 'unknown',
    holds: ({ answerers, silentMs, hearings }) =>
      answerers.length === 0 &&
      silentMs === undefined &&
      hearings.some(({ sight }) => sight.owners.length > 0),
    why: 'a router or switch that answers for every address (proxy ARP) is all that a witness hears',
  },
  { kind: 'moving', holds: () => true },
];

/** Nodes of witnesses that hear nothing, for longer than a hand-over takes, while another hears somebody. */
const deafOf = (facts: Facts): readonly string[] =>
  facts.now.length === 0
    ? []
    : facts.hearings
        .filter(({ sight }) => (sight.silentMs ?? 0) >= nobodyMs(facts))
        .map(({ statement }) => statement.node);

/** What the witnesses make of one address. What a witness says that cannot ask, or is silent, is no evidence. */
export function verdictOf(evidence: Evidence): AddressVerdict {
  const heard = evidence.hearings.filter(({ statement }) => statement.trouble === '');
  const facts = factsOf({ ...evidence, hearings: heard });
  const row = rows.find(({ holds }) => holds(facts));
  return {
    address: evidence.address,
    kind: row?.kind ?? 'moving',
    owners: facts.now.map(({ owner }) => owner),
    witnesses: heard.map(({ statement }) => statement.node),
    deaf: deafOf(facts),
    why: row?.why ?? '',
  };
}
