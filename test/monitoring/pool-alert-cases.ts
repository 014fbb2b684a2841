// The alert about pools.

const pool = (state: string): string =>
  `kube_vip_operator_pool_addresses{pod="a",kubevipconfig="edge",pool="main",family="IPv4",state="${state}"}`;

/** In the shape of alert-cases.ts. */
export const poolAlertCases = {
  KubeVipPoolNearlyUsed: {
    at: '20m',
    fires: { [pool('used')]: '9x30', [pool('free')]: '1x30' },
    labels: { kubevipconfig: 'edge', pool: 'main', family: 'IPv4' },
    quiet: { [pool('used')]: '8x30', [pool('free')]: '1x30' },
  },
};
