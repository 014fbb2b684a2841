// What status says of a spec against which something is known.
import type { KubeVipConfigSpec } from '../../src/api/types.ts';
import { verdicts } from '../../src/catalog/verdicts.ts';
import { freshSnapshot, kubeVipConfig } from '../builders.ts';
import type { Row } from './preflight-cases.ts';

const caveated =
  ['v0.6.4', 'v1.0.4'].find((version) =>
    verdicts.some((row) => row.version === version && row.verdict === 'caveat'),
  ) ?? '';
const asking = (spec: Partial<KubeVipConfigSpec>) => freshSnapshot({ config: kubeVipConfig({ spec }) });
const timing = (lease: number, renew: number, retry: number) => ({
  leaderElection: { leaseDurationSeconds: lease, renewDeadlineSeconds: renew, retryPeriodSeconds: retry },
});

export const hazardRows: readonly Row[] = [
  [
    'says what is known against a release',
    asking({ version: caveated }),
    'KnownHazard',
    `True OpenReport: ${caveated}`,
  ],
  [
    'says that timings from before the rule are not safe, with the line to write',
    asking(timing(30, 20, 4)),
    'KnownHazard',
    'True UnsafeTimings: spec.leaderElection 30/20/4 gives two owners while an API server hangs. The Lease runs out before its holder has let go, which takes up to 2 x 20 + 4 s. Set leaderElection: {leaseDurationSeconds: 46, renewDeadlineSeconds: 20, retryPeriodSeconds: 4} in the spec.',
  ],
  [
    'accepts such timings all the same',
    asking(timing(15, 10, 2)),
    'Accepted',
    'True Accepted: The spec is accepted.',
  ],
];
