// The networks of pods and Services: what the API says, what kubeadm noted, and how k3s and RKE2 were started.
import type { V1Node } from '@kubernetes/client-node';
import { addressOrName, familyOf } from '../../api/addresses.ts';
import { itemsOf } from '../../api/words.ts';
import { contains, podRangeWith } from '../../observed/addresses.ts';
import { listOf, serversOf } from './k3s.ts';
import { oncePer } from '../../observed/once.ts';
import type { Snapshot } from '../../observed/snapshot.ts';
import type { Survey } from './survey.ts';

/** Where networks are noted. */
export interface Notes {
  readonly snapshot: Pick<Snapshot, 'nodes'>;
  readonly survey: Pick<Survey, 'kubeadm' | 'serviceRanges'>;
}

/** Whose addresses a network of the cluster has. */
export type Network = 'pods' | 'services';

// k3s and RKE2 take the family of the first address of the node (pkg/cli/server/server.go of k3s).
const ofK3s = {
  pods: { flag: '--cluster-cidr', IPv4: '10.42.0.0/16', IPv6: 'fd00:42::/56' },
  services: { flag: '--service-cidr', IPv4: '10.43.0.0/16', IPv6: 'fd00:43::/112' },
} as const;

function familyOfNode({ status }: V1Node): 'IPv4' | 'IPv6' {
  const first = status?.addresses?.find(({ type }) => type === 'InternalIP');
  return familyOf(addressOrName(first?.address ?? '')) ?? 'IPv4';
}

function rangesOfK3s({ snapshot }: Notes, of: Network): readonly string[] {
  const { flag, ...defaults } = ofK3s[of];
  return serversOf(snapshot.nodes).flatMap(({ node, flags }) => {
    const given = listOf(flags, flag);
    return given.length > 0 ? given : [defaults[familyOfNode(node)]];
  });
}

function notedRanges({ survey }: Notes, of: Network): readonly string[] {
  const { kubeadm, serviceRanges } = survey;
  return of === 'pods' ? itemsOf(kubeadm?.podSubnet) : [...serviceRanges, ...itemsOf(kubeadm?.serviceSubnet)];
}

/** Every range of a network that is noted, the ranges of single nodes left out. */
export function rangesOf(facts: Notes, of: Network): readonly string[] {
  return [...notedRanges(facts, of), ...rangesOfK3s(facts, of)];
}

/** The range of a network that has an address, or undefined. */
export function rangeWith(facts: Notes, of: Network, address: string): string | undefined {
  const ofNode = of === 'pods' ? podRangeWith(facts.snapshot.nodes, address) : undefined;
  return ofNode ?? rangesOf(facts, of).find((range) => contains(range, address));
}

const haveRanges = oncePer((nodes: readonly V1Node[]) =>
  nodes.every(({ spec }) => (spec?.podCIDRs ?? []).length > 0),
);

/** Whether it is known which addresses a network has: it is noted as a whole, or each node has a range of its own. */
export function isNetworkKnown(facts: Notes, of: Network): boolean {
  const ofNodes = of === 'pods' && haveRanges(facts.snapshot.nodes);
  return ofNodes || rangesOf(facts, of).length > 0;
}
