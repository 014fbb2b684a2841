import { describe, expect, it } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { podProblemsOf, sayPodProblems } from '../../src/observed/pod-problems.ts';
import { pod } from '../builders.ts';
import { ailing, ended } from './pod-problem-cases.ts';

const unscheduled = (message?: string): V1Pod => ({
  ...pod({
    status: {
      conditions: [{ type: 'PodScheduled', status: 'False', ...(message !== undefined && { message }) }],
    },
  }),
  spec: { containers: [{ name: 'kube-vip', ports: [{ containerPort: 29_105, hostPort: 29_105 }] }] },
});
const waiting = (reason?: string, message?: string) =>
  ailing({
    state: {
      waiting: { ...(reason !== undefined && { reason }), ...(message !== undefined && { message }) },
    },
  });
const terminated = (exitCode: number) => ailing({ state: { terminated: { exitCode } } });
const endingPod = pod({ metadata: { deletionTimestamp: new Date(0) } });
const say = (pods: readonly V1Pod[], words = {}): string => sayPodProblems(podProblemsOf(pods), words);

describe('podProblemsOf', () => {
  it.each<[string, V1Pod, string, string]>([
    ['is starting', pod({ isReady: false }), 'PodsNotReady', 'is starting'],
    ['is ending', endingPod, 'PodsNotReady', 'is ending'],
    [
      'fits no node',
      unscheduled('0/3 nodes are available: 1 Insufficient cpu.\n'),
      'Unschedulable',
      'is not scheduled: Insufficient cpu; make room on its node, or change resources, tolerations or nodeSelector in the spec',
    ],
    [
      'finds its port taken',
      unscheduled("0/3 nodes are available: 1 node(s) didn't have free ports for the requested pod ports."),
      'Unschedulable',
      "is not scheduled: node(s) didn't have free ports for the requested pod ports; end what has host port 29105 there",
    ],
    [
      'fits no node for no reason',
      unscheduled(),
      'Unschedulable',
      'is not scheduled: no reason given; make room on its node, or change resources, tolerations or nodeSelector in the spec',
    ],
    ['is being created', waiting('ContainerCreating'), 'PodsNotReady', 'is starting'],
    ['waits for no reason', waiting(), 'PodsNotReady', 'is starting'],
    [
      'cannot pull its image',
      waiting('ErrImagePull', 'failed to pull: not found'),
      'ImagePull',
      'cannot pull its image (failed to pull: not found); check spec.image and that its node reaches the registry',
    ],
    [
      'waits before it pulls again',
      waiting('ImagePullBackOff', 'Back-off pulling image "a/b": ErrImagePull: failed to pull: not found'),
      'ImagePull',
      'cannot pull its image (failed to pull: not found); check spec.image and that its node reaches the registry',
    ],
    [
      'cannot pull, and no cause is given',
      waiting('ImagePullBackOff', 'Back-off pulling image "a/b"'),
      'ImagePull',
      'cannot pull its image; check spec.image and that its node reaches the registry',
    ],
    ['crashes', ailing(ended(1)), 'CrashLoop', 'crashes with exit code 1'],
    ['has crashed', terminated(2), 'CrashLoop', 'crashes with exit code 2'],
    [
      'ends with code 0, which Kubernetes calls a success',
      ailing(ended(0, 'Completed')),
      'FailedStart',
      'ended with exit code 0, which is a failed start or a lost Lease and no success',
    ],
    [
      'is out of memory',
      ailing(ended(137, 'OOMKilled')),
      'Killed',
      'was killed for want of memory (exit code 137, OOMKilled); raise the memory limit in the spec',
    ],
    [
      'was killed by somebody',
      terminated(137),
      'Killed',
      'was killed from outside (exit code 137), not by its memory limit; the kernel log of its node (dmesg) may say by whom',
    ],
    [
      'is refused by the container runtime',
      waiting('CreateContainerError', 'x'),
      'CannotStart',
      'cannot start (CreateContainerError: x)',
    ],
    ['runs but is not ready', ailing({ state: { running: {} } }), 'PodsNotReady', 'is starting'],
  ])('knows a pod that %s', (_, object, reason, text) => {
    expect(podProblemsOf([object])).toMatchObject([{ reason, text, pods: [object] }]);
  });

  it('says the worst first, whatever the order of the pods', () => {
    const pods = [endingPod, pod({ node: 'n2', isReady: false }), ailing(ended(1), 'n3')];
    expect(podProblemsOf(pods).map(({ text }) => text)).toEqual([
      'crashes with exit code 1',
      'is starting',
      'is ending',
    ]);
    expect(podProblemsOf(pods.toReversed())).toEqual(podProblemsOf(pods));
  });
});

describe('a context', () => {
  const running = ailing({
    state: { running: {} },
    lastState: { terminated: { exitCode: 0, reason: 'Completed' } },
  });
  const calm = { looping: new Set<string>(), silentNodes: new Set<string>() };

  it.each([
    [
      'takes one that runs again for a moment for a crash',
      { looping: new Set(['edge-control-plane-n1']) },
      'FailedStart',
    ],
    ['takes it for one that starts otherwise', {}, 'PodsNotReady'],
    [
      'knows no state of a pod on a node that does not report',
      { silentNodes: new Set(['n1']) },
      'NodeUnheard',
    ],
  ])('%s', (_, context, reason) => {
    expect(podProblemsOf([running], { ...calm, ...context })[0]?.reason).toBe(reason);
  });

  it('knows that a pod cannot end on a node that does not report, and says so first', () => {
    const found = podProblemsOf([ailing(ended(1), 'n2'), endingPod], {
      ...calm,
      silentNodes: new Set(['n1']),
    });
    expect(found.map(({ reason }) => reason)).toEqual(['NodeUnheard', 'CrashLoop']);
  });
});

describe('sayPodProblems', () => {
  it('says nothing of no pods', () => {
    expect(say([])).toBe('');
  });

  it('counts pods that ail alike, and quotes the one whose log was read', () => {
    const pods = ['n1', 'n2', 'n3'].map((node) => ailing(ended(1), node));
    expect(say(pods, { 'edge-control-plane-n2': 'no such device' })).toBe(
      'pod edge-control-plane-n2 on n2 crashes with exit code 1, its log ends with “no such device” (3 pods affected); read on with kubectl -n kube-vip-system logs edge-control-plane-n2 --previous',
    );
  });

  it('quotes no log of a pod that runs', () => {
    expect(say([pod({ isReady: false })], { 'edge-control-plane-n1': 'old' })).toBe(
      'pod edge-control-plane-n1 on n1 is starting; when that lasts, see kubectl -n kube-vip-system describe pod edge-control-plane-n1',
    );
  });

  it('says where to read on once for each way, and not of a pod that starts beside one in trouble', () => {
    const refused = ailing({ state: { waiting: { reason: 'CreateContainerError', message: 'x' } } }, 'n2');
    const pods = [ailing(ended(1)), refused, pod({ node: 'n3', isReady: false })];
    expect(say(pods).split('; ')).toEqual([
      'pod edge-control-plane-n1 on n1 crashes with exit code 1',
      'read on with kubectl -n kube-vip-system logs edge-control-plane-n1 --previous',
      'pod edge-control-plane-n2 on n2 cannot start (CreateContainerError: x)',
      'see kubectl -n kube-vip-system describe pod edge-control-plane-n2',
      'pod edge-control-plane-n3 on n3 is starting',
    ]);
  });

  it('tells three kinds of trouble and counts the rest', () => {
    const pods = [1, 2, 3, 4, 4].map((code, index) => ailing(ended(code), `n${index}`));
    expect(say(pods).split('; ')).toEqual([
      'pod edge-control-plane-n0 on n0 crashes with exit code 1',
      'read on with kubectl -n kube-vip-system logs edge-control-plane-n0 --previous',
      'pod edge-control-plane-n1 on n1 crashes with exit code 2',
      'pod edge-control-plane-n2 on n2 crashes with exit code 3',
      '2 more pods with other trouble',
    ]);
  });
});
