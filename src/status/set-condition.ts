// The one way to write a condition.
import type { ConditionType, Reason } from '../api/conditions.ts';
import type { Condition } from '../api/types.ts';
import { toText, type Message } from '../api/words.ts';

/** A condition that is true now, without what the one before tells. */
export interface NewCondition extends Message {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: Reason;
}

/**
 * The condition as it is stored: the transition time moves only when the status does.
 * @param now RFC 3339.
 */
export function stamp(
  next: NewCondition,
  before: readonly Condition[],
  { generation, now }: { readonly generation: number; readonly now: string },
): Condition {
  const { type, status, reason } = next;
  const old = before.find((row) => row.type === type);
  const since = old?.status === status ? old.lastTransitionTime : now;
  return {
    type,
    status,
    reason,
    message: toText(next),
    observedGeneration: generation,
    lastTransitionTime: since,
  };
}
