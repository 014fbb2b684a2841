// The largest KubeVipConfigs that there can be, for tests of what the policies cost.
import { specWith, written } from '../builders.ts';
import { paths } from '../cluster.ts';
import type { Fence } from './fence.ts';

/** The control-plane address of KubeVipConfig `edge`. */
export const vip = '203.0.113.100';

// 16 pools of 32 entries, each of them a range of IPv6, which is the longest to read. No two pools overlap.
const group = (n: number) => (n + 0x1000).toString(16);
const pools = (config: number) =>
  Array.from({ length: 16 }, (_, pool) => ({
    name: `pool-${pool}`,
    addresses: Array.from({ length: 32 }, (__, n) => {
      const network = `2001:db8:1234:5678:9abc:def${config}:${group(pool * 32 + n)}`;
      return `${network}:1111-${network}:ffff`;
    }),
  }));

/** Creates five of them, `edge` first. */
export async function createLargest(fence: Fence): Promise<void> {
  for (let n = 0; n < 5; n += 1) {
    const addresses = [n === 0 ? vip : `203.0.113.${100 + n}`, `2001:db8::${100 + n}`];
    const spec = specWith({ controlPlane: { addresses }, services: { pools: pools(n) } });
    const name = n === 0 ? 'edge' : `edge-${n}${'x'.repeat(34)}`;
    await fence.must({ method: 'POST', path: paths.configs, body: written(name, spec) });
  }
}
