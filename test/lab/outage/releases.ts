// Which releases the second half of the outage is run with: every one that may serve Services, as a real program only. The
// stand-in reads no status of a Service, so it could not take an address from one and would pass whatever the operator did.
import { choosable, mayBeUsed } from '../../../src/catalog/verdicts.ts';

export interface Row {
  readonly version: string;
  readonly name: string;
  readonly loadBalancerClass: string;
  readonly serviceAddress: string;
}

export interface Releases {
  /** A KubeVipConfig each, side by side. */
  readonly rows: readonly Row[];
  /** What may serve Services and is not there to be run. */
  readonly missing: readonly string[];
}

/** Divides what may serve Services by what there is a real program of. */
export function releasesOf(isReal: (version: string) => boolean): Releases {
  const serving: readonly string[] = choosable
    .map(({ version }) => version)
    .filter((version) => mayBeUsed(version, 'services'));
  return {
    rows: serving
      .filter((version) => isReal(version))
      .map((version, index) => ({
        version,
        name: `r${index}`,
        loadBalancerClass: `kubevip.dev/r${index}`,
        serviceAddress: `203.0.113.${150 + index}`,
      })),
    missing: serving.filter((version) => !isReal(version)),
  };
}
