// What is known of a rollout that is under way: what status remembers of it, and what the logs of new pods say.
import type { ComponentKind } from '../api/metadata.ts';
import type { KubeVipConfigStatus } from '../api/types.ts';
import type { Moment } from './moment.ts';

/** What the log of a pod says of its part in the election. */
export interface Campaign {
  /** Which container: a pod may have several, one after the other. */
  readonly container: string;
  /** `unreadable`: its log could not be read. */
  readonly state: 'seen' | 'unseen' | 'unreadable';
}

/** A rollout as status remembers it: the step that it is at, and the gate that failed. */
export interface RolloutMemory extends Pick<
  NonNullable<KubeVipConfigStatus['rollout']>,
  'revision' | 'attempt' | 'phase' | 'nodes' | 'pods' | 'failure' | 'lastGood'
> {
  readonly component: ComponentKind;
  /** When the present step began. */
  readonly since: Moment;
  /** Since when every gate of the present nodes passes; undefined: one does not. */
  readonly passingSince?: Moment | undefined;
}
