// Reference hosts: who has to answer while an address does not, so that its silence says something. They are other machines of its
// network. Without one that answers, the kernel of the operator's node may not have been able to ask: its link is down, it has no
// route, or it remembers no more neighbours. A kernel without a link even calls the address unreachable after 3 s.
import type { V1Node } from '@kubernetes/client-node';
import { addressValue, cidrRange, type AddressRange, type AddressValue } from '../api/address-range.ts';
import { canonicalAddress } from '../api/addresses.ts';
import type { KubeVipConfig } from '../api/types.ts';
import { oncePer } from '../observed/once.ts';
import type { Target } from '../observed/snapshot.ts';
import { portOfMachine, type Captured } from './captured.ts';
import type { ClusterFacts } from './grounds.ts';

/**
 * `alone`: there is no other node that could have an address. `near`: machines of the network of the address. `far`: machines of other
 * networks, which tell that the operator's node has a link, and no more.
 */
export type ReferenceHosts =
  { readonly kind: 'alone' } | { readonly kind: 'near' | 'far'; readonly hosts: readonly Target[] };

type Machine = readonly [address: string, value: AddressValue];

const machine = (text: string): readonly Machine[] => {
  const [address, value] = [canonicalAddress(text), addressValue(text)];
  return address === undefined || value === undefined ? [] : [[address, value]];
};

const isReady = ({ status }: V1Node): boolean =>
  status?.conditions?.some((row) => row.type === 'Ready' && row.status === 'True') ?? false;

/** Internal addresses of a node. */
const machinesOf = oncePer(({ status }: V1Node): readonly Machine[] =>
  (status?.addresses ?? [])
    .filter(({ type }) => type === 'InternalIP')
    .flatMap((row) => machine(row.address)),
);

const noted = (configs: readonly KubeVipConfig[], field: 'gateways' | 'subnets'): readonly string[] => [
  ...new Set(configs.flatMap(({ status }) => (status?.nodeProbe ?? []).flatMap((run) => run[field] ?? []))),
];

const has = ({ family, first, last }: AddressRange, value: AddressValue): boolean =>
  family === value.family && first <= value.value && value.value <= last;

/** Subnets of the nodes that have an address; the networks of the family where no subnet is known. */
function segmentsOf(configs: readonly KubeVipConfig[], value: AddressValue): readonly AddressRange[] {
  const known = noted(configs, 'subnets')
    .map(cidrRange)
    .filter((range) => range !== undefined);
  const whole = cidrRange(value.family === 'IPv4' ? '0.0.0.0/0' : '::/0');
  const all = known.length > 0 || whole === undefined ? known : [whole];
  return all.filter((range) => has(range, value));
}

/** What is known of the machines around. */
export interface Surroundings extends Pick<ClusterFacts, 'configs' | 'nodes'> {
  /** Node of the operator, whose own addresses answer without a link; undefined: not known. */
  readonly ownNode: string | undefined;
  /** What of an address Services have: there kube-proxy may answer for it on the node of the operator. */
  readonly capturedOf: (address: string) => Captured;
}

/** Who can tell that an address can be asked about: nodes that are ready, or the others where none is, and gateways. */
export function referenceHostsOf(
  address: string,
  { configs, nodes, ownNode, capturedOf }: Surroundings,
): ReferenceHosts {
  const value = addressValue(address);
  const [own, others] = [true, false].map((is) =>
    nodes.filter((row) => (row.metadata?.name === ownNode) === is),
  );
  if (value === undefined || own === undefined || others === undefined || others.length === 0) {
    return { kind: 'alone' };
  }
  const ownAddresses = new Set(own.flatMap(machinesOf).map(([text]) => text));
  const targetOf = (text: string): readonly Target[] => {
    const port = portOfMachine(capturedOf(text));
    return port === undefined ? [] : [{ address: text, port }];
  };
  const fit = (rows: readonly Machine[]): readonly Machine[] =>
    rows.filter(([text]) => text !== address && !ownAddresses.has(text) && targetOf(text).length > 0);
  const gateways = fit(noted(configs, 'gateways').flatMap(machine));
  const ready = fit(others.filter(isReady).flatMap(machinesOf));
  const all = fit(others.flatMap(machinesOf));
  const segments = segmentsOf(configs, value);
  const isNear = ([, row]: Machine): boolean => segments.some((range) => has(range, row));
  const [readyNear, allNear] = [ready.filter(isNear), [...all, ...gateways].filter(isNear)];
  const kind = allNear.length > 0 ? 'near' : 'far';
  const first = [readyNear, allNear, ready, all].find((rows) => rows.length > 0) ?? [];
  const more = kind === 'near' ? gateways.filter(isNear) : gateways;
  return { kind, hosts: [...new Set([...first, ...more].map(([text]) => text))].flatMap(targetOf) };
}
