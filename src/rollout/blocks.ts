// Why a rollout does not begin, or go on, now: an ordered list, the first that applies is said.
import { annotations } from '../api/metadata.ts';
import type { KubeVipConfigStatus } from '../api/types.ts';
import { arp } from '../modes/arp/arp.ts';
import type { Component } from '../observed/component.ts';
import type { Observed } from '../observed/observed.ts';
import { isReady } from '../observed/pods.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import { networkOf } from './network.ts';

const underWay: readonly string[] = ['Canary', 'Batch', 'Holder', 'RollingBack'];

// One that goes back and waits for another node to take over may wait for ever.
const isAtWork = ({ phase, waitingFor }: NonNullable<KubeVipConfigStatus['rollout']>): boolean =>
  underWay.includes(phase) && !(phase === 'RollingBack' && waitingFor !== undefined);

/** Another KubeVipConfig that is changing a node now; undefined: none is. Who waits or is paused has given up its turn. */
export function whoseTurn({ config, configs }: Snapshot): string | undefined {
  const other = configs.find(
    ({ metadata, spec, status }) =>
      metadata.name !== config.metadata.name &&
      metadata.deletionTimestamp === undefined &&
      spec.suspend !== true &&
      status?.rollout !== undefined &&
      isAtWork(status.rollout),
  );
  return other?.metadata.name;
}

/** What a person asks of the rollout that is under way. */
export const wishOf = ({ snapshot: { config } }: Observed): string | undefined =>
  config.metadata.annotations?.[annotations.rollout];

/** Whether a person has stopped it for now. */
export const isPaused = (observed: Observed): boolean =>
  observed.spec.rollout.paused || wishOf(observed) === 'pause';

/** Whether no pod of a component works, so that there is nothing to lose. */
const isDown = ({ pods }: Component): boolean => !pods.some(isReady);

function isStale({ lease, now }: Component): boolean {
  return lease !== undefined && lease.holder !== '' && now - lease.renewedAt > lease.durationSeconds * 1000;
}

/** Why nothing may begin or go on because of what the network says, in half a sentence. */
export function networkBlock({ snapshot }: Observed, component: Component): string | undefined {
  const said = networkOf({ component, snapshot });
  return isDown(component) || said.kind === 'alone' || said.kind === 'untold' ? undefined : said.says;
}

/** Why nothing may begin or go on because of who holds, in half a sentence. */
export function ownershipBlock(component: Component): string | undefined {
  if (isDown(component)) {
    return undefined;
  }
  const second = arp.readiness.secondOwner(component) ?? arp.network.sayWrong('two')(component)[0];
  if (second) {
    return second.head;
  }
  const [former] = component.former;
  if (former) {
    return `${former.node} has not let the address go yet`;
  }
  return isStale(component) ? `${component.holder} does not renew Lease ${component.name}` : undefined;
}
