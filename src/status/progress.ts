// How long a change has got no further: what is under way for too long needs a person.
import type { KubeVipConfigStatus } from '../api/types.ts';
import type { Moment, Snapshot } from '../observed/snapshot.ts';
import type { Component } from '../observed/component.ts';
import { nodeCounts } from '../observed/component-nodes.ts';

/** As Deployments have it. */
export const progressDeadlineSeconds = 600;

const updatedBefore = ({ controlPlane, services }: KubeVipConfigStatus): number =>
  (controlPlane?.nodes?.updated ?? 0) + (services?.nodes?.updated ?? 0);

const updatedNow = (states: readonly Component[]): number =>
  states.reduce((sum, state) => sum + nodeCounts(state).updated, 0);

/** When what is under way got further last: another spec, or a node more or less that runs it, starts the count anew. */
export function lastProgress({ config, lastProgress, now }: Snapshot, states: readonly Component[]): Moment {
  const { status = {}, metadata } = config;
  const isSame =
    status.observedGeneration === metadata.generation && updatedBefore(status) === updatedNow(states);
  return lastProgress !== undefined && isSame ? lastProgress : { at: now };
}

/** Whether that was too long ago. */
export const isOverdue = ({ at }: Moment, now: number): boolean => now - at > progressDeadlineSeconds * 1000;
