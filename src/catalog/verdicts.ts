// What a release may be used for under ARP, and why. Rows exist where the answer is not a plain yes.
import type { Version } from './releases.ts';

/** What a KubeVipConfig can ask of a release. */
export type Feature = 'control-plane' | 'control-plane-dual-stack' | 'services';

export interface Verdict {
  readonly version: Version;
  readonly feature: Feature;
  /** `avoid` is refused by the CRD; `caveat` can be chosen and is shown. */
  readonly verdict: 'caveat' | 'avoid';
  /** One sentence for the user. */
  readonly because: string;
  /** Threads, file@tag or lab run. */
  readonly evidence: readonly string[];
}

export const verdicts = [
  {
    version: 'v0.6.4',
    feature: 'control-plane-dual-stack',
    verdict: 'avoid',
    because: 'v0.6.4 knows one control-plane address and takes a list for a DNS name',
    evidence: ['pkg/cluster/cluster.go@v0.6.4', 'pkg/vip/address.go@v0.6.4'],
  },
  {
    version: 'v0.6.4',
    feature: 'services',
    verdict: 'caveat',
    because: 'the address of a deleted Service was still bound 4 s later',
    evidence: ['lab run, v0.6.4, split DaemonSets'],
  },
  {
    version: 'v1.0.4',
    feature: 'services',
    verdict: 'caveat',
    because: 'the same address on several nodes was reported',
    evidence: ['kube-vip/kube-vip#1418'],
  },
  {
    version: 'v1.2.3',
    feature: 'services',
    verdict: 'avoid',
    because: 'the services leader can stay silent after it lost its Lease, and addresses can have two owners',
    evidence: ['kube-vip/kube-vip#1747', 'kube-vip/kube-vip#1775'],
  },
] as const satisfies readonly Verdict[];

/** Versions that must not be used for a feature, in catalogue order. */
export function versionsToAvoid(feature: Feature): readonly Verdict[] {
  return verdicts.filter((row) => row.feature === feature && row.verdict === 'avoid');
}
