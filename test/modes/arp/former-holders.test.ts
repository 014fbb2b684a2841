// Which container of a holder's pod can have had the Lease.
import { describe, expect, it } from '@jest/globals';
import type { V1ContainerState, V1Pod } from '@kubernetes/client-node';
import type { LeaseView } from '../../../src/observed/snapshot.ts';
import { releaseOf } from '../../../src/catalog/releases.ts';
import { kubeVipConfig, lease, now, pod, snapshot } from '../../builders.ts';
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

describe('the release of the holder', () => {
  const image = `example.org/kube-vip@${releaseOf('v0.6.4').digest}`;
  const old = {
    ...podWith(running(60)),
    spec: { nodeName: 'n1', containers: [{ name: 'kube-vip', image }] },
  };
  const remembered = kubeVipConfig({
    status: { controlPlane: { holder: 'n1', holderContainer: 'a', holderVersion: 'v0.6.4' } },
  });
  const of = (...pods: readonly V1Pod[]) =>
    componentOf(snapshot({ config: remembered, pods, leases: [lease({ ageSeconds: 20 })] }), 'control-plane');

  it('is that of its image', () => {
    expect(of(old).holderVersion).toBe('v0.6.4');
  });

  it.each([
    ['while no container of its next pod was started', [pod({ isReady: false })]],
    ['while it has no pod', []],
  ])('is remembered with its container %s', (_, pods) => {
    expect(of(...pods)).toMatchObject({ holderContainer: 'a', holderVersion: 'v0.6.4' });
  });

  it('goes with it when the next one was started', () => {
    const { holderContainer, holderVersion } = of(podWith(running(10)));
    expect([holderContainer, holderVersion]).toEqual([undefined, undefined]);
  });

  it('is remembered of a former holder', () => {
    const leases = [lease({ holder: 'n2' })];
    const { former } = componentOf(snapshot({ config: remembered, pods: [old], leases }), 'control-plane');
    expect(former).toMatchObject([{ node: 'n1', container: 'a', version: 'v0.6.4', leavesAddress: true }]);
  });
});

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
