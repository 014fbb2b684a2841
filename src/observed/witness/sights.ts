// Who answers for one address, by all witnesses that can tell: MACs become nodes, and times become times before now.
import type { AddressSight, MacBook, Owner, OwnerSight, WitnessStatement } from './witnessed.ts';

/** What one witness heard of an address. */
export interface Hearing {
  readonly statement: WitnessStatement;
  readonly sight: AddressSight;
}

/** For how long somebody is known to have answered one witness, in milliseconds before now. */
interface Span {
  readonly witness: string;
  readonly sinceMs: number;
  readonly lastMs: number;
  /** It answered in the last round, as far as that was written. */
  readonly isCurrent: boolean;
  readonly roundMs: number;
}

/** A node, or a MAC that no node has told, that answers for an address. */
export interface Answerer {
  /** Name of the node, else the MAC. */
  readonly id: string;
  readonly owner: Owner;
  readonly spans: readonly Span[];
}

// Three questions in a row were answered by both, which takes a witness 800 ms once the second has announced itself. In a hand-over in
// order not one is (lab runs of every release): kube-vip takes the address off before it lets the Lease go.
const togetherMs = 700;
/** The same by two witnesses that each hear one of them: what one writes may be on its way for that long. */
const apartMs = 5000;
const slackMs = 700;

function spanOf({ statement, sight }: Hearing, { sinceMs, lastMs }: OwnerSight): Span {
  const { node, ageMs } = statement;
  const isCurrent = lastMs <= sight.roundMs + slackMs;
  const { roundMs } = sight;
  return { witness: node, sinceMs: ageMs + sinceMs, lastMs: ageMs + lastMs, isCurrent, roundMs };
}

function ownerOf(
  { statement }: Hearing,
  { mac, isSelf }: OwnerSight,
  { nodes }: MacBook,
): Omit<Owner, 'sinceMs'> {
  const known = nodes[mac];
  return { node: isSelf ? statement.node : known?.node, mac, interface: known?.interface };
}

/** Everything that answered lately, the first one first. A node that answers with several MACs is one. */
export function answerersOf(hearings: readonly Hearing[], macs: MacBook): readonly Answerer[] {
  const byId = new Map<string, Answerer>();
  for (const hearing of hearings) {
    for (const seen of hearing.sight.owners) {
      const owner = ownerOf(hearing, seen, macs);
      const id = owner.node ?? owner.mac;
      const span = spanOf(hearing, seen);
      const before = byId.get(id);
      const spans = [...(before?.spans ?? []), span];
      const sinceMs = Math.max(...spans.map((row) => row.sinceMs));
      byId.set(id, { id, owner: { ...(before?.owner ?? owner), sinceMs }, spans });
    }
  }
  return [...byId.values()].sort((a, b) => b.owner.sinceMs - a.owner.sinceMs || (a.id < b.id ? -1 : 1));
}

/** Whether it answered some witness in the last round. */
export const isCurrent = ({ spans }: Answerer): boolean => spans.some((span) => span.isCurrent);

/** When it answered last, in milliseconds before now. */
export const lastMsOf = ({ spans }: Answerer): number => Math.min(...spans.map(({ lastMs }) => lastMs));

function areTogether(a: Span, b: Span): boolean {
  const forMs = Math.min(a.sinceMs, b.sinceMs) - Math.max(a.lastMs, b.lastMs);
  const enough = a.witness === b.witness ? togetherMs : apartMs;
  return a.isCurrent && b.isCurrent && forMs >= enough;
}

/** Whether two have answered side by side for longer than a hand-over takes. */
export const overlap = (a: Answerer, b: Answerer): boolean =>
  a.spans.some((one) => b.spans.some((other) => areTogether(one, other)));

// Fewer addresses of ours are no pattern: an outsider may have taken both. Of a node it takes none.
const fewestForProxy = 3;

interface Tally {
  /** How many addresses a witness asks for. */
  readonly all: number;
  /** For how many of them each MAC answers. */
  readonly byMac: ReadonlyMap<string, number>;
}

/** A witness does not ask for the address of its own node: nobody answers ARP to oneself. */
const ownOf = ({ node, nodes }: WitnessStatement, macs: MacBook): number =>
  (nodes?.owners ?? [])
    .filter(({ mac }) => macs.nodes[mac]?.node === node)
    .reduce((sum, { count }) => sum + count, 0);

function tally(statement: WitnessStatement, macs: MacBook): Tally {
  const { control, groups, nodes } = statement;
  const byMac = new Map<string, number>();
  const add = (mac: string, count: number): unknown => byMac.set(mac, (byMac.get(mac) ?? 0) + count);
  const asked = nodes === undefined ? groups : [...groups, nodes];
  control.forEach(({ owners }) => owners.forEach(({ mac }) => add(mac, 1)));
  asked.forEach(({ owners }) => owners.forEach(({ mac, count }) => add(mac, count)));
  const all = control.length + asked.reduce((sum, { count }) => sum + count, 0);
  return { all: all - ownOf(statement, macs), byMac };
}

const answersForNodes = ({ nodes }: WitnessStatement, mac: string): boolean =>
  nodes?.owners.some((row) => row.mac === mac) ?? false;

/**
 * MACs of no node that answer for every address that is asked for: a router or a switch that answers ARP for all hosts
 * (proxy ARP). Traffic still reaches the node that has the address.
 */
export function proxiesIn(statements: readonly WitnessStatement[], macs: MacBook): ReadonlySet<string> {
  return new Set(
    statements.flatMap((statement) => {
      const { all, byMac } = tally(statement, macs);
      return [...byMac]
        .filter(([mac, count]) => count >= all && macs.nodes[mac] === undefined)
        .filter(([mac]) => all >= fewestForProxy || answersForNodes(statement, mac))
        .map(([mac]) => mac);
    }),
  );
}
