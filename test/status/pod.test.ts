import { describe, expect, it } from '@jest/globals';
import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { describePod } from '../../src/status/pod.ts';
import { pod } from '../builders.ts';

const withContainer = (overrides: Partial<V1ContainerStatus>): V1Pod =>
  pod({
    status: {
      containerStatuses: [
        { name: 'kube-vip', image: '', imageID: '', ready: false, restartCount: 4, ...overrides },
      ],
    },
  });
const unscheduled = (message?: string): V1Pod => ({
  ...pod({
    status: {
      conditions: [{ type: 'PodScheduled', status: 'False', ...(message !== undefined && { message }) }],
    },
  }),
  spec: { containers: [] },
});
const waiting = (reason?: string, message?: string) => ({
  state: { waiting: { ...(reason !== undefined && { reason }), ...(message !== undefined && { message }) } },
});
const terminated = (exitCode: number) => ({ terminated: { exitCode } });

describe('describePod', () => {
  it.each([
    ['starts', pod({ isReady: false }), 'pod edge-control-plane-n1 on n1 is starting'],
    [
      'ends',
      pod({ metadata: { deletionTimestamp: new Date(0) } }),
      'pod edge-control-plane-n1 on n1 is ending',
    ],
    [
      'cannot be scheduled',
      unscheduled('0/3 nodes are available'),
      'pod edge-control-plane-n1 is in trouble (not scheduled: 0/3 nodes are available)',
    ],
    [
      'cannot be scheduled for no reason that is given',
      unscheduled(),
      'pod edge-control-plane-n1 is in trouble (not scheduled: no reason given)',
    ],
    [
      'is being created',
      withContainer(waiting('ContainerCreating')),
      'pod edge-control-plane-n1 on n1 is starting',
    ],
    ['waits for no reason', withContainer(waiting()), 'pod edge-control-plane-n1 on n1 is starting'],
    [
      'cannot pull its image',
      withContainer(waiting('ErrImagePull', 'not found')),
      'pod edge-control-plane-n1 on n1 is in trouble (ErrImagePull: not found)',
    ],
    [
      'crashes',
      withContainer({ ...waiting('CrashLoopBackOff', 'back-off'), lastState: terminated(1) }),
      'pod edge-control-plane-n1 on n1 is in trouble (CrashLoopBackOff: back-off: last exit code 1)',
    ],
    [
      'ends at once and calls that a success',
      withContainer({ ...waiting('CrashLoopBackOff', 'back-off'), lastState: terminated(0) }),
      'pod edge-control-plane-n1 on n1 is in trouble (kube-vip ended with exit code 0, 4 restarts: it refused its configuration or lost its Lease; read its log)',
    ],
    [
      'has ended',
      withContainer({ state: terminated(137) }),
      'pod edge-control-plane-n1 on n1 is in trouble (ended with exit code 137)',
    ],
    [
      'runs but is not ready',
      withContainer({ state: { running: {} } }),
      'pod edge-control-plane-n1 on n1 is starting',
    ],
  ])('%s', (_, object, expected) => {
    expect(describePod(object)).toBe(expected);
  });
});
