// What nodes say of the networks that they are in: no Service gets the address of their router, or of a subnet itself.
import { cidrRange, overlap } from '../../api/address-range.ts';
import { canonicalAddress } from '../../api/addresses.ts';
import type { ProbeRun } from '../../observed/snapshot.ts';
import { reported, type NodeEvidence } from './evidence.ts';

// Nodes have few networks; what a status can hold is bounded all the same.
const most = 32;

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort().slice(0, most);

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

/** Default gateways and subnets of the nodes that answered; fields that would be empty are left out. */
export function nodeNetworks(evidence: NodeEvidence): Pick<ProbeRun, 'gateways' | 'subnets'> {
  const reports = reported(evidence).map(({ report }) => report);
  const gateways = distinct(reports.flatMap(({ gateways = [] }) => gateways));
  const subnets = distinct(
    onePerSubnet(
      reports
        .flatMap((report) => report.interface?.subnets ?? [])
        .map(subnetOf)
        .filter((subnet) => subnet !== undefined)
        .sort(),
    ),
  );
  return { ...(gateways.length > 0 && { gateways }), ...(subnets.length > 0 && { subnets }) };
}
