// Which container of a holder's pod can have had the Lease.
import { describe, expect, it } from '@jest/globals';
import type { V1ContainerState, V1Pod } from '@kubernetes/client-node';
import type { LeaseView } from '../../../src/observed/snapshot.ts';
import { lease, now, pod, snapshot } from '../../builders.ts';
import { componentOf } from '../../pass.ts';

// As in JSON: client-node's type has Date where the wire has text.
const at = (secondsAgo: number) =>
  new Date(now - secondsAgo * 1000).toISOString().replace('.000Z', 'Z') as unknown as Date;
const running = (secondsAgo: number): V1ContainerState => ({ running: { startedAt: at(secondsAgo) } });
const terminated = (secondsAgo: number): V1ContainerState => ({
  terminated: { exitCode: 0, startedAt: at(secondsAgo) },
});

const podWith = (state: V1ContainerState, lastState: V1ContainerState = {}) => {
  const named = { name: 'kube-vip', image: '', imageID: '', containerID: 'a' };
  return pod({
    status: { containerStatuses: [{ ...named, ready: true, restartCount: 0, state, lastState }] },
  });
};

const holderContainer = (row: LeaseView, ...pods: readonly V1Pod[]): string | undefined =>
  componentOf(snapshot({ pods, leases: [row] }), 'control-plane').holderContainer;

describe('the container of the holder', () => {
  it.each<[string, V1ContainerState, V1ContainerState | undefined, string | undefined]>([
    ['was there when the Lease was renewed last', running(60), undefined, 'a'],
    ['was started after that', running(10), undefined, undefined],
    ['does not say when it was started', { running: {} }, undefined, 'a'],
    ['was there, and has ended', terminated(60), undefined, 'a'],
    ['was started after that, and has ended', terminated(10), undefined, undefined],
    ['ended and waits to be started', { waiting: {} }, terminated(10), undefined],
  ])('one that %s', (_, state, lastState, expected) => {
    expect(holderContainer(lease({ ageSeconds: 20 }), podWith(state, lastState))).toBe(expected);
  });

  it('none without a pod, and any while nobody renewed', () => {
    expect(holderContainer(lease())).toBeUndefined();
    expect(holderContainer(lease({ renewTime: '' }), podWith(running(1)))).toBe('a');
  });
});
