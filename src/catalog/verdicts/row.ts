// What one verdict is, and how an opinion that many releases share becomes one row for each.
import type { Version } from '../../catalog/releases.ts';

/** What a KubeVipConfig can ask of a release. */
export type Feature = 'control-plane' | 'control-plane-dual-stack' | 'services';

/** One Lease for all Services, or one per Service. Only the first is ever rendered. */
export type Election = 'global' | 'per-service';

/** What is known against one use of one release, with its evidence. */
export interface Verdict {
  readonly version: Version;
  readonly mode: 'ARP';
  readonly feature: Feature;
  readonly election: Election;
  /**
   * `good`: no serious report was found, which never means tested. `caveat`: can be chosen, and the condition
   * KnownHazard says what is known against it. `avoid`: refused by the CRD.
   */
  readonly verdict: 'good' | 'caveat' | 'avoid';
  /** One sentence for the user, without full stop. It stands in a CEL literal: no quotes, no backslashes. */
  readonly because: string;
  /** Threads, file@tag or lab run. */
  readonly evidence: readonly string[];
}

/** A verdict that some releases share. */
export interface Opinion {
  readonly versions: readonly Version[];
  readonly verdict: Verdict['verdict'];
  readonly because: string;
  readonly evidence: readonly string[];
}

/** A row per release of each opinion. */
export function rowsOf(
  feature: Feature,
  election: Election,
  opinions: readonly Opinion[],
): readonly Verdict[] {
  return opinions.flatMap(({ versions, ...opinion }) =>
    versions.map((version) => ({ version, mode: 'ARP' as const, feature, election, ...opinion })),
  );
}

const thread = (number: number): string => `kube-vip/kube-vip#${number}`;

/** Threads of the upstream repository, by number. */
export const threads = (...numbers: readonly number[]): readonly string[] => numbers.map(thread);

/** The opinion on a release that is newer than what was tried: it is said to end its process when it loses the Lease. */
export const notSeenYet: Omit<Opinion, 'versions'> = {
  verdict: 'avoid',
  because:
    'its source could not be read and it was not seen at work yet, so wait for a release of this operator that judges it',
  evidence: threads(1747, 1748),
};
