// Which container of a holder's pod can have had the Lease.
import { describe, expect, it } from '@jest/globals';
import type { V1ContainerState } from '@kubernetes/client-node';
import { leadingContainer } from '../../src/status/former-holders.ts';
import { lease, now, pod } from '../builders.ts';

// As in JSON: client-node's type has Date where the wire has text.
const at = (secondsAgo: number) =>
  new Date(now - secondsAgo * 1000).toISOString().replace('.000Z', 'Z') as unknown as Date;
const running = (secondsAgo: number): V1ContainerState => ({ running: { startedAt: at(secondsAgo) } });
const terminated = (secondsAgo: number): V1ContainerState => ({
  terminated: { exitCode: 0, startedAt: at(secondsAgo) },
});

describe('leadingContainer', () => {
  const of = (state: V1ContainerState, lastState: V1ContainerState = {}) => {
    const containerStatuses = [
      {
        name: 'kube-vip',
        image: '',
        imageID: '',
        ready: true,
        restartCount: 0,
        containerID: 'a',
        state,
        lastState,
      },
    ];
    return leadingContainer(pod({ status: { containerStatuses } }), lease({ ageSeconds: 20 }));
  };

  it.each<[string, V1ContainerState, V1ContainerState | undefined, string | undefined]>([
    ['was there when the Lease was renewed last', running(60), undefined, 'a'],
    ['was started after that', running(10), undefined, undefined],
    ['does not say when it was started', { running: {} }, undefined, 'a'],
    ['was there, and has ended', terminated(60), undefined, 'a'],
    ['was started after that, and has ended', terminated(10), undefined, undefined],
    ['ended and waits to be started', { waiting: {} }, terminated(10), undefined],
  ])('one that %s', (_, state, lastState, expected) => {
    expect(of(state, lastState)).toBe(expected);
  });

  it('none without a pod, and any while nobody renewed', () => {
    expect(leadingContainer(undefined, lease())).toBeUndefined();
    const containerStatuses = [
      {
        name: 'kube-vip',
        image: '',
        imageID: '',
        ready: true,
        restartCount: 0,
        containerID: 'a',
        state: running(1),
      },
    ];
    expect(leadingContainer(pod({ status: { containerStatuses } }), lease({ renewTime: '' }))).toBe('a');
  });
});
