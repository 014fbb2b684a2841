// What witnesses hear, as values of gauges.
import { statusFields, type ComponentKind } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';
import type { WitnessStatement } from '../observed/witness/witnessed.ts';
import type { Make, Sample } from './rows.ts';

/** Who answers for the addresses of a function, and for how many nobody does. */
export function ownerSamples(
  { status }: KubeVipConfig,
  component: ComponentKind,
  make: Make,
): readonly Sample[] {
  const owners = status?.[statusFields[component]]?.owners;
  if (owners === undefined) {
    return [];
  }
  const unanswered = owners.filter(({ node, mac }) => node === undefined && mac === undefined);
  return [
    ...owners.flatMap(({ address, node, mac }) => {
      const owner = node ?? mac;
      return owner === undefined ? [] : [make('kube_vip_operator_address_owner', 1, { address, owner })];
    }),
    make('kube_vip_operator_unanswered_addresses', unanswered.length),
  ];
}

/** Whether each witness answers. Only the replica that leads has them: it keeps them. */
export function witnessSamples({
  witnesses,
  isLeading,
}: {
  readonly witnesses: readonly WitnessStatement[];
  readonly isLeading: boolean;
}): readonly Sample[] {
  return (isLeading ? witnesses : []).flatMap(({ segment, node, ageMs, trouble }) => [
    {
      name: 'kube_vip_operator_witness_age_seconds',
      labels: { segment, node },
      value: ageMs / 1000,
    } as const,
    {
      name: 'kube_vip_operator_witness_hears',
      labels: { segment, node },
      value: Number(trouble === ''),
    } as const,
  ]);
}
