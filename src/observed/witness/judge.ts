// What the witnesses say of one component: of each control-plane address, and of the Service addresses that are not as they
// should be.
import type { V1Pod } from '@kubernetes/client-node';
import { statusFields, type ComponentKind } from '../../api/metadata.ts';
import type { OwnedComponent } from '../../observed/component.ts';
import { isNode, nodeOf } from '../../observed/pods.ts';
import type { Snapshot } from '../../observed/snapshot.ts';
import { isOver, shouldAsk } from './mac-book.ts';
import { orphansOf, unknownAtFormer } from './orphans.ts';
import { proxiesIn, type Hearing } from './sights.ts';
import { verdictOf, type Evidence } from './verdict.ts';
import {
  hasWrongOwner,
  silentAfterMs,
  type AddressVerdict,
  type GroupSight,
  type Witnessed,
  type WitnessStatement,
  type WitnessView,
} from './witnessed.ts';

interface Court {
  readonly snapshot: Snapshot;
  readonly component: OwnedComponent;
  readonly view: WitnessView;
  readonly statements: readonly WitnessStatement[];
  readonly proxies: ReadonlySet<string>;
}

const nodesOf = (pods: readonly V1Pod[]): readonly string[] => [...new Set(pods.map(nodeOf))];

/** Whether no node has a MAC: those of the component were asked again and said so, or they had their time. */
function isDenied({ snapshot, component, view }: Court, mac: string, sinceMs: number): boolean {
  const run = snapshot.probeRuns.find((row) => row.component === component.kind);
  return isOver(view.macs, {
    component: component.name,
    mac,
    seenAt: snapshot.now - sinceMs,
    nodes: nodesOf(component.pods),
    silentNodes: component.silentNodes,
    finishedAt: run?.finished?.at,
  });
}

function wasHeard({ snapshot: { config }, component }: Court, address: string): boolean {
  const { owners = [] } = config.status?.[statusFields[component.kind]] ?? {};
  return owners.some((row) => row.address === address);
}

function evidenceOf(court: Court, address: string, hearings: readonly Hearing[]): Evidence {
  const { component, view, proxies, snapshot } = court;
  const { holder, lease, timing, reach } = component;
  return {
    address,
    // A Lease that the operator took has nobody who should answer.
    holder: lease?.parkedFrom === undefined ? holder : '',
    heldMs: lease === undefined || lease.acquiredAt === 0 ? 0 : snapshot.now - lease.acquiredAt,
    leaseMs: timing.leaseDurationSeconds * 1000,
    hearings,
    macs: view.macs,
    proxies,
    isDenied: (mac, sinceMs) => isDenied(court, mac, sinceMs),
    reach: reach?.find((row) => row.address === address)?.state,
    wasHeard: wasHeard(court, address),
  };
}

function controlVerdicts(court: Court): readonly AddressVerdict[] {
  return court.component.claims.map((address) => {
    const hearings = court.statements.flatMap((statement) => {
      const sight = statement.control.find((row) => row.address === address);
      return sight ? [{ statement, sight }] : [];
    });
    return verdictOf(evidenceOf(court, address, hearings));
  });
}

const groupOf = ({ groups }: WitnessStatement, name: string): GroupSight | undefined =>
  groups.find((row) => row.name === name);

const groupsOf = ({ statements, component }: Court): readonly (readonly [WitnessStatement, GroupSight])[] =>
  component.claims.flatMap((name) =>
    statements.flatMap((statement) => {
      const group = groupOf(statement, name);
      return group ? [[statement, group] as const] : [];
    }),
  );

// All but the odd ones of a group have one owner: the MAC that the most have.
const commonMac = ({ owners }: GroupSight): string | undefined =>
  owners.toSorted((a, b) => b.count - a.count)[0]?.mac;

/** Of an address that is not odd: it has the owner that the most have, since before the last round. */
function commonSight(group: GroupSight, address: string): Hearing['sight'] | undefined {
  const mac = group.more > 0 ? undefined : commonMac(group);
  const roundMs = group.odd[0]?.roundMs ?? 0;
  const owners = [{ mac: mac ?? '', sinceMs: roundMs, lastMs: 0, isSelf: false }];
  return mac === undefined ? undefined : { address, silentMs: undefined, roundMs, owners };
}

/** Of each address that a witness calls odd. */
function oddVerdicts(court: Court): readonly AddressVerdict[] {
  const groups = groupsOf(court);
  const odd = new Set(groups.flatMap(([, group]) => group.odd.map(({ address }) => address)));
  return [...odd].map((address) => {
    const hearings = groups.flatMap(([statement, group]) => {
      const sight = group.odd.find((row) => row.address === address) ?? commonSight(group, address);
      return sight ? [{ statement, sight }] : [];
    });
    return verdictOf(evidenceOf(court, address, hearings));
  });
}

/** Whether the holder answers for all Service addresses of every witness. */
function holdsAll(court: Court): boolean {
  const { holder } = court.component;
  const groups = groupsOf(court);
  const isHolders = (mac: string | undefined): boolean =>
    holder !== '' && isNode(holder, court.view.macs.nodes[mac ?? '']?.node ?? '');
  return (
    groups.length > 0 &&
    groups.every(([, group]) => group.odd.length + group.more === 0 && isHolders(commonMac(group)))
  );
}

const say = ({ node, trouble }: WitnessStatement): string => `${node} (${trouble})`;

/** Of a control plane every verdict; of Services those of addresses that are not as they should be. */
function verdictsOf(court: Court): readonly AddressVerdict[] {
  return court.component.kind === 'control-plane'
    ? controlVerdicts(court)
    : oddVerdicts(court).filter(({ kind }) => kind !== 'one');
}

interface Unknown {
  readonly mac: string;
  readonly sinceMs: number;
}

// Since when they answer is not told. While they do, the nodes are asked again after each pause.
const justNow = (mac: string): Unknown => ({ mac, sinceMs: 0 });

/** What an earlier leader was told is enough to say who has an address. Where a node should not have it, it is asked again. */
function isInDoubt({ view }: Court, { kind }: AddressVerdict, { mac }: Unknown): boolean {
  const row = view.macs.nodes[mac];
  return row === undefined || (row.isKept === true && hasWrongOwner({ kind }));
}

/** MACs whose node is to be found: of owners, of what answers for the most addresses of a class, and of what was left. */
function unrecognisedIn(
  court: Court,
  verdicts: readonly AddressVerdict[],
  left: readonly string[],
): readonly string[] {
  const { component, view, snapshot, proxies } = court;
  const common = groupsOf(court).flatMap(([, group]) => commonMac(group) ?? []);
  const doubtful = verdicts.flatMap((row) => row.owners.filter((owner) => isInDoubt(court, row, owner)));
  const unknown = [...common, ...left].filter((mac) => view.macs.nodes[mac] === undefined).map(justNow);
  const macs = [...doubtful, ...unknown]
    .filter(({ mac }) => !proxies.has(mac))
    .filter(({ mac, sinceMs }) => {
      const seenAt = snapshot.now - sinceMs;
      return shouldAsk(view.macs, { component: component.name, mac, seenAt, now: snapshot.now });
    })
    .map(({ mac }) => mac);
  return [...new Set(macs)];
}

const silentIn = ({ ageMs }: WitnessStatement): number => Math.max(0, silentAfterMs - ageMs);

const isProven = (court: Court, verdicts: readonly AddressVerdict[]): boolean =>
  court.component.kind === 'control-plane'
    ? court.component.holder !== '' && verdicts.length > 0 && verdicts.every(({ kind }) => kind === 'one')
    : holdsAll(court);

/** Each is told once: with the Services where there are any. */
const tellsOrphans = ({ config: { spec } }: Snapshot): ComponentKind =>
  spec.services === undefined ? 'control-plane' : 'services';

/** What the witnesses say of a component; undefined: none runs for it. */
export function judge(snapshot: Snapshot, component: OwnedComponent): Witnessed | undefined {
  const { witness: view } = snapshot;
  const isAsked = ({ asks }: WitnessStatement): boolean =>
    component.claims.some((claim) => asks.includes(claim));
  const asked = view?.statements.filter(isAsked) ?? [];
  const orphans = view && component.kind === tellsOrphans(snapshot) ? orphansOf(view, snapshot) : [];
  const left = view ? unknownAtFormer(view, snapshot) : [];
  if (view === undefined || asked.length + orphans.length + left.length === 0) {
    return undefined;
  }
  const statements = asked.filter(({ trouble }) => trouble === '');
  const court = { snapshot, component, view, statements, proxies: proxiesIn(statements, view.macs) };
  const verdicts = verdictsOf(court);
  const groups = groupsOf(court);
  return {
    verdicts,
    asked: Math.max(0, ...groups.map(([, { count }]) => count)),
    unlisted: Math.max(0, ...groups.map(([, { more }]) => more)),
    silentInMs: statements.length === 0 ? undefined : Math.min(...statements.map(silentIn)),
    heard: statements.map(({ node }) => node),
    silent: asked.filter(({ trouble }) => trouble !== '').map(say),
    isProven: isProven(court, verdicts),
    unrecognised: unrecognisedIn(court, verdicts, left),
    orphans,
  };
}
