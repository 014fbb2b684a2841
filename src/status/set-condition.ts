// The one way to write a condition.
import type { ConditionType, Reason } from '../api/conditions.ts';
import type { Condition } from '../api/types.ts';

export interface NewCondition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: Reason;
  readonly message: string;
}

/** With a full stop. */
export const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

/**
 * The condition as it is stored: the transition time moves only when the status does.
 * @param now RFC 3339.
 */
export function stamp(
  next: NewCondition,
  before: readonly Condition[],
  { generation, now }: { readonly generation: number; readonly now: string },
): Condition {
  const old = before.find(({ type }) => type === next.type);
  const since = old?.status === next.status ? old.lastTransitionTime : now;
  return { ...next, observedGeneration: generation, lastTransitionTime: since };
}
