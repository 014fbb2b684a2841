// A world that remembers a status, with what gather reads of it.
import { componentKinds, statusFields } from '../../src/api/metadata.ts';
import type { KubeVipConfigStatus } from '../../src/api/types.ts';
import { rolloutOf } from '../../src/controller/gather.ts';
import type { Moment, Snapshot } from '../../src/observed/snapshot.ts';

const moment = (text: string): Moment => ({ at: Date.parse(text), text });

export function remembered(world: Snapshot, status: KubeVipConfigStatus): Snapshot {
  return {
    ...world,
    config: { ...world.config, status },
    rollout: rolloutOf({ ...world.config, status }),
    lastProgress: status.lastProgress === undefined ? undefined : moment(status.lastProgress),
    formerHolders: componentKinds.flatMap((component) =>
      (status[statusFields[component]]?.formerHolders ?? []).map(({ since, ...row }) => ({
        ...row,
        component,
        since: moment(since),
      })),
    ),
  };
}
