// Whether another host has an address, from what all nodes of a component saw.
import { familyOf, hostPrefix } from '../../api/addresses.ts';
import type { Place } from '../../api/node-report.ts';
import type { Finding } from '../checks/check.ts';
import { nodesHolding } from '../../observed/node-answers.ts';
import { addressesOf, list, nodes, reported, type NodeEvidence } from './evidence.ts';

/** The MAC addresses of the nodes: with several interfaces in a segment, Linux answers with that of any of them. */
function macsOfNodes(evidence: NodeEvidence): ReadonlySet<string> {
  return new Set(
    reported(evidence).flatMap(({ report: { macs = [], interface: nic } }) =>
      nic ? [...macs, nic.mac] : macs,
    ),
  );
}

interface Sighting {
  readonly mac: string | undefined;
  /** Nodes that got the answer. */
  readonly seenFrom: readonly string[];
}

function sightings(evidence: NodeEvidence, address: string): readonly Sighting[] {
  const seen = new Map<string | undefined, string[]>();
  for (const { node, report } of reported(evidence)) {
    const answer = report.answered.find((row) => row.address === address);
    if (answer) {
      seen.set(answer.mac, [...(seen.get(answer.mac) ?? []), node]);
    }
  }
  return [...seen].map(([mac, seenFrom]) => ({ mac, seenFrom }));
}

const expected = (address: string): string => `${address} on no host but the one on which kube-vip puts it`;

function outsider(address: string, { mac, seenFrom }: Sighting): Finding {
  return {
    object: `host ${mac ?? 'without a known MAC address'}`,
    found: `answers for ${address}, asked from ${list(seenFrom)}`,
    expected: expected(address),
  };
}

const isHostRoute = ({ address, cidr }: Place): boolean =>
  cidr.endsWith(`/${hostPrefix(familyOf(address) ?? 'IPv4')}`);

/** What to do about an address on nodes. */
function takeOff(place: Place, names: readonly string[]): string {
  const command = `ip address delete ${place.cidr} dev ${place.interface}`;
  return isHostRoute(place)
    ? `take it off on ${list(names)}: ${command}. A kube-vip that is gone left it there, as releases before v0.8.10 do, or another program put it there. Then wait a minute. Or choose another address`
    : `choose another address for kube-vip, because this one belongs to the node itself. Or give the node another one and then run on ${list(names)}: ${command}`;
}

/** The nodes that have an address, those that have it in the same place together. */
function holders({ answers }: NodeEvidence, address: string): readonly Finding[] {
  const groups = new Map<string, { readonly place: Place | undefined; readonly names: string[] }>();
  for (const { node, report } of answers.filter((row) => row.report?.bound.includes(address))) {
    const place = report?.places?.find((row) => row.address === address);
    const key = `${place?.interface} ${place?.cidr}`;
    const group = groups.get(key) ?? { place, names: [] };
    group.names.push(node);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ place, names }) => ({
    object: nodes(names),
    found: place ? `${place.cidr} is on ${place.interface}` : `${address} is on an interface`,
    expected: expected(address),
    ...(place && { todo: takeOff(place, names) }),
  }));
}

/** Who has an address that no kube-vip of ours holds yet. */
function takenBefore(evidence: NodeEvidence, address: string): readonly Finding[] {
  const holding = nodesHolding(evidence.answers, address);
  const macs = macsOfNodes(evidence);
  // A node knows best what it has: where another remembers one that says it has not, a neighbour cache is old, as
  // it is for up to a minute after a deletion.
  const isNode = ({ mac }: Sighting): boolean => (mac === undefined ? holding.length > 0 : macs.has(mac));
  return [
    ...holders(evidence, address),
    ...sightings(evidence, address)
      .filter((row) => !isNode(row))
      .map((row) => outsider(address, row)),
  ];
}

/** Who has an address as well as the kube-vip of ours that holds it. */
function takenAsWell(evidence: NodeEvidence, address: string): readonly Finding[] {
  const macs = macsOfNodes(evidence);
  // An address may move while nodes are asked, so any node of ours may rightly have answered. The MAC of a holder
  // that said nothing is not known.
  const knowsHolder = reported(evidence).some(({ node }) => node === evidence.holder);
  return sightings(evidence, address)
    .filter(({ mac }) => knowsHolder && mac !== undefined && !macs.has(mac))
    .map((row) => outsider(address, row));
}

/** Who else has an address of the component, or answers for it. */
export function takenByOthers(evidence: NodeEvidence): readonly Finding[] {
  const find = evidence.runs ? takenAsWell : takenBefore;
  return addressesOf(evidence).flatMap((address) => find(evidence, address));
}
