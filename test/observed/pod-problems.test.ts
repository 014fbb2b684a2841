import { describe, expect, it } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { clauseOf, podProblemsOf } from '../../src/observed/pod-problems.ts';
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

describe('podProblemsOf', () => {
  it.each<[string, V1Pod, string, string]>([
    ['is starting', pod({ isReady: false }), 'PodsNotReady', 'is starting'],
    ['is ending', endingPod, 'PodsNotReady', 'is ending'],
    [
      'fits no node',
      unscheduled('0/3 nodes are available: 1 Insufficient cpu.\n'),
      'Unschedulable',
      'is not scheduled (Insufficient cpu); make room on its node, or change resources, tolerations or nodeSelector in the spec',
    ],
    [
      'finds its port taken',
      unscheduled("0/3 nodes are available: 1 node(s) didn't have free ports for the requested pod ports."),
      'Unschedulable',
      "is not scheduled (node(s) didn't have free ports for the requested pod ports); end what has host port 29105 there",
    ],
    [
      'fits no node for no reason',
      unscheduled(),
      'Unschedulable',
      'is not scheduled (no reason given); make room on its node, or change resources, tolerations or nodeSelector in the spec',
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
      'ended with exit code 0 (a failed start or a lost Lease, no success)',
    ],
    [
      'is out of memory',
      ailing(ended(137, 'OOMKilled')),
      'Killed',
      'ran out of memory (exit code 137, OOMKilled); raise the memory limit in the spec',
    ],
    [
      'was killed by somebody',
      terminated(137),
      'Killed',
      'was killed from outside (exit code 137, not by its memory limit); look in the kernel log of its node (dmesg), which may say by whom',
    ],
    [
      'is refused by the container runtime',
      waiting('CreateContainerError', 'x'),
      'CannotStart',
      'cannot start (CreateContainerError: x)',
    ],
    ['runs but is not ready', ailing({ state: { running: {} } }), 'PodsNotReady', 'is starting'],
  ])('knows a pod that %s', (_, object, reason, text) => {
    const found = podProblemsOf([object]);
    expect(found).toMatchObject([{ reason, pods: [object] }]);
    expect(found.map((row) => [clauseOf(row), row.todo].filter(Boolean).join('; '))).toEqual([text]);
  });

  it('says the worst first, whatever the order of the pods', () => {
    const pods = [endingPod, pod({ node: 'n2', isReady: false }), ailing(ended(1), 'n3')];
    expect(podProblemsOf(pods).map(clauseOf)).toEqual([
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
  const noTrouble = { looping: new Set<string>(), silentNodes: new Set<string>() };

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
    expect(podProblemsOf([running], { ...noTrouble, ...context })[0]?.reason).toBe(reason);
  });

  it('knows that a pod cannot end on a node that does not report, and says so first', () => {
    const found = podProblemsOf([ailing(ended(1), 'n2'), endingPod], {
      ...noTrouble,
      silentNodes: new Set(['n1']),
    });
    expect(found.map(({ reason }) => reason)).toEqual(['NodeUnheard', 'CrashLoop']);
  });
});
