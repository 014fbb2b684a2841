// What Services get, as values of gauges.
import type { KubeVipConfig } from '../api/types.ts';
import type { Make, Sample } from './rows.ts';

const states = ['size', 'used', 'free'] as const;

/** How full the pools of a config are, and how many Services wait. */
export function grantSamples({ status }: KubeVipConfig, make: Make): readonly Sample[] {
  const { waiting, pools = [] } = status?.services ?? {};
  return [
    ...(waiting === undefined ? [] : [make('kube_vip_operator_waiting_services', waiting)]),
    ...pools.flatMap((row) =>
      states.map((state) => {
        const { name: pool, family } = row;
        return make('kube_vip_operator_pool_addresses', Number(row[state]), { pool, family, state });
      }),
    ),
  ];
}
