// Addresses of which no witness can tell, and why: a cluster of one node, a segment without a second one, no segment known.
import { poolsOf } from '../../api/defaults.ts';
import type { KubeVipConfig } from '../../api/types.ts';
import { contains } from '../../observed/addresses.ts';
import type { ComponentObjects } from '../../observed/component.ts';
import type { Snapshot } from '../../observed/snapshot.ts';
import type { Coverage, Uncovered } from './witnessed.ts';

// Of a pool the first address of each range stands for the rest.
const startsOf = (config: KubeVipConfig): readonly string[] =>
  poolsOf(config)
    .flatMap(({ addresses }) => addresses)
    .map((range) => range.replace(/[/-].*$/, '').trim());

function reasonOf({ because, segments }: Coverage, address: string): string {
  if (because !== '') {
    return because;
  }
  const segment = segments.find(({ subnets }) => subnets.some((cidr) => contains(cidr, address)));
  return segment === undefined ? 'expected a subnet of the nodes that has it, found none' : segment.because;
}

/** The addresses of a component that no witness can tell of, by the reason. None where spec.witness is Off. */
export function uncoveredOf(
  { witness, config }: Snapshot,
  { kind, claims, part }: Pick<ComponentObjects, 'kind' | 'claims' | 'part'>,
): readonly Uncovered[] {
  const coverage = witness?.coverage;
  if (coverage === undefined || coverage.isUnwanted === true || part === undefined) {
    return [];
  }
  const addresses = kind === 'control-plane' ? claims : startsOf(config);
  return [...Map.groupBy(addresses, (address) => reasonOf(coverage, address))]
    .filter(([because]) => because !== '')
    .map(([because, rows]) => ({ because, addresses: rows }));
}
