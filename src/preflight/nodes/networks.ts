// What nodes say of the networks that they are in: no Service gets the address of their router, or of a subnet itself.
import { cidrRange, overlap } from '../../api/address-range.ts';
import { canonicalAddress } from '../../api/addresses.ts';
import type { ProbeRun } from '../../observed/snapshot.ts';
import { reported, type NodeEvidence } from './evidence.ts';

// A rack may have a router of its own, and 5,000 nodes some hundred of them; what a status can hold is bounded all the same.
const most = 1000;

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

const linkLocal = cidrRange('fe80::/10');

/** `203.0.113.11/24` and `203.0.113.12/24` are in one subnet; a host route or a point-to-point link is none. */
function subnetOf(cidr: string): string | undefined {
  const [address = '', length = ''] = cidr.split('/');
  const range = cidrRange(cidr);
  const isNone = range === undefined || range.last - range.first < 3n;
  if (isNone || (linkLocal && overlap(range, linkLocal))) {
    return undefined;
  }
  return `${canonicalAddress(address)}/${length}`;
}

/** The first text of each subnet stands for it. */
function onePerSubnet(cidrs: readonly string[]): readonly string[] {
  const bySubnet = new Map<string, string>();
  for (const cidr of cidrs) {
    const { family, first, last } = cidrRange(cidr) ?? { family: '', first: 0n, last: 0n };
    const key = `${family} ${first} ${last}`;
    bySubnet.set(key, bySubnet.get(key) ?? cidr);
  }
  return [...bySubnet.values()];
}

type Networks = Pick<ProbeRun, 'gateways' | 'subnets' | 'areNetworksOmitted'>;

const nothingKnown: Required<Networks> = { gateways: [], subnets: [], areNetworksOmitted: false };

/** What the nodes that answered say. */
function saidBy(evidence: NodeEvidence): Required<Omit<Networks, 'areNetworksOmitted'>> {
  const reports = reported(evidence).map(({ report }) => report);
  return {
    gateways: reports.flatMap(({ gateways = [] }) => gateways),
    subnets: reports
      .flatMap((report) => report.interface?.subnets ?? [])
      .map(subnetOf)
      .filter((subnet) => subnet !== undefined),
  };
}

/**
 * Default gateways and subnets of the nodes that answered; fields that would be empty are left out. All of them or none: a part
 * would let the rest pass for free. So what is known of before stays where a node did not answer.
 */
export function nodeNetworks(evidence: NodeEvidence, before: Networks = {}): Networks {
  const isWhole = reported(evidence).length >= (evidence.asked ?? Infinity);
  const known = { ...nothingKnown, ...(isWhole ? {} : before) };
  const said = saidBy(evidence);
  const gateways = distinct([...known.gateways, ...said.gateways]);
  const subnets = distinct(onePerSubnet([...known.subnets, ...said.subnets].sort()));
  if (known.areNetworksOmitted || gateways.length > most || subnets.length > most) {
    return { areNetworksOmitted: true };
  }
  return { ...(gateways.length > 0 && { gateways }), ...(subnets.length > 0 && { subnets }) };
}
