// A situation that is told, and the row without which nobody would tell it.
import type { ConditionType } from '../../src/api/conditions.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { makePlan } from '../pass.ts';
import { mustExist } from './drop-rows.ts';

/** What a status is made with. */
export interface Means {
  /** Rows that the tables do not have. */
  readonly dropped: readonly unknown[];
  readonly plan: typeof makePlan;
}

export const everything: Means = { dropped: [], plan: (world) => makePlan(world) };

/** Everything but some rows, which must have been there. */
export function withoutRow(...dropped: readonly unknown[]): Means {
  mustExist(dropped);
  return { ...everything, dropped };
}

export interface Proof {
  /** Id of the hazard and the reason, as the fence has them. */
  readonly fence: string;
  readonly world: Snapshot;
  /** The condition that tells it. */
  readonly told: ConditionType;
  readonly without: Means;
}
