// A world that remembers a status, with what gather reads of it.
import { componentKinds, statusFields } from '../../src/api/metadata.ts';
import type { KubeVipConfigStatus } from '../../src/api/types.ts';
import { rolloutOf } from '../../src/controller/gather.ts';
import type { Moment } from '../../src/observed/moment.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';

const moment = (text: string): Moment => ({ at: Date.parse(text), text });

export function remembered(world: Snapshot, status: KubeVipConfigStatus): Snapshot {
  return {
    ...world,
    config: { ...world.config, status },
    rollout: rolloutOf({ ...world.config, status }),
    ownerHistory: (status.history ?? []).map(({ at, ...row }) => ({ ...row, at: moment(at) })),
    remedies: (status.remedies ?? []).map(({ at, function: component, ...row }) => ({
      ...row,
      component,
      at: moment(at),
    })),
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
