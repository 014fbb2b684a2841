// What status says of grants. The counts come a few times a minute at most, however many Services come and go.
import type { KubeVipConfigStatus } from '../api/types.ts';
import type { GrantTally } from '../observed/grant-tally.ts';

type Services = NonNullable<KubeVipConfigStatus['services']>;
type GrantStatus = Pick<Services, 'waiting' | 'waitingServices' | 'pools'>;

/** Services that wait, and pools. While nothing was counted, what was said before stays. */
export function grantStatus(
  tally: GrantTally | undefined,
  last: KubeVipConfigStatus | undefined,
): GrantStatus {
  if (tally === undefined) {
    const { waiting, waitingServices, pools } = last?.services ?? {};
    return {
      ...(waiting !== undefined && { waiting }),
      ...(waitingServices !== undefined && { waitingServices }),
      ...(pools !== undefined && { pools }),
    };
  }
  const pools = tally.pools.map(({ size, free, ...row }) => ({ ...row, size: `${size}`, free: `${free}` }));
  return {
    waiting: tally.waiting,
    ...(tally.first.length > 0 && { waitingServices: tally.first.map((row) => ({ ...row })) }),
    ...(pools.length > 0 && { pools }),
  };
}
