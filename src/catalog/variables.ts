// Every environment variable that kube-vip reads, from v0.6.4 to v1.2.3, as its source reads it. Proof that what
// settings.ts renders is read by the release and parses there. An empty text means not set.
import { isInRange } from './releases.ts';
import { commonVariables } from './variables/common.ts';
import { controlPlaneVariables } from './variables/control-plane.ts';
import { modeVariables } from './variables/modes.ts';
import { servicesVariables } from './variables/services.ts';
import type { Variable } from './variables/types.ts';

/** Every variable; one that changed its type or its default has a row for each. */
export const variables: readonly Variable[] = [
  ...commonVariables,
  ...controlPlaneVariables,
  ...servicesVariables,
  ...modeVariables,
];

/** The variable as a release reads it, or undefined when it does not. */
export function variableOf(name: string, version: string): Variable | undefined {
  return variables.find((row) => row.name === name && isInRange(version, row.since, row.before));
}
