// A world that remembers a status, with what gather reads of it.
import { operandFunctions, statusFields } from '../../src/api/metadata.ts';
import type { KubeVipConfigStatus } from '../../src/api/types.ts';
import type { Moment, Snapshot } from '../../src/plan/snapshot.ts';

const moment = (text: string): Moment => ({ at: Date.parse(text), text });

export function remembered(world: Snapshot, status: KubeVipConfigStatus): Snapshot {
  return {
    ...world,
    config: { ...world.config, status },
    lastProgress: status.lastProgress === undefined ? undefined : moment(status.lastProgress),
    formerHolders: operandFunctions.flatMap((operand) =>
      (status[statusFields[operand]]?.formerHolders ?? []).map(({ since, ...row }) => ({
        ...row,
        operand,
        since: moment(since),
      })),
    ),
  };
}
