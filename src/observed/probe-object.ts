// The DaemonSet of a probe as it stands in the cluster.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { annotations, componentKinds } from '../api/metadata.ts';
import type { Observed } from './observed.ts';

/** Every probe of a config, also one that terminates. */
export function probesOf({ components }: Pick<Observed, 'components'>): readonly V1DaemonSet[] {
  return componentKinds.flatMap((kind) => components[kind].probe ?? []);
}

/** The run that a probe was made for. */
export const runOfProbe = ({ metadata }: V1DaemonSet): string | undefined =>
  metadata?.annotations?.[annotations.probeRun];

/** Whether the DaemonSet controller has counted the nodes of a probe. */
export const isCounted = ({ metadata, status }: V1DaemonSet): boolean =>
  status?.observedGeneration !== undefined && status.observedGeneration === metadata?.generation;
