import { describe, expect, it } from '@jest/globals';
import type { V1ContainerStatus } from '@kubernetes/client-node';
import { gather, restartsOf } from '../../src/controller/gather.ts';
import { StatusMemory } from '../../src/controller/status-memory.ts';
import { emptySurvey } from '../../src/observed/neighbours/survey.ts';
import { FakeCluster } from '../fake-cluster.ts';
import { kubeVipConfig, now, pod, snapshot } from '../builders.ts';
import { rolloutStatus } from '../rollout/rollout-status.ts';

const context = {
  namespace: 'kube-vip-system',
  now,
  operatorNode: undefined,
  probeImage: undefined,
  memory: new StatusMemory(() => 0),
};

describe('gather', () => {
  it('reads all that a decision may look at', () => {
    const world = snapshot({ survey: emptySurvey });
    expect(gather(new FakeCluster(world), 'edge', context)).toEqual({
      ...world,
      campaigns: {},
      seenForMs: 3_600_000,
    });
  });

  it('reads the pods of no other config', () => {
    const cluster = new FakeCluster({ configs: [kubeVipConfig()], pods: [pod({ config: 'other' })] });
    expect(gather(cluster, 'edge', context)?.pods).toEqual([]);
  });

  it('reads what the status remembers', () => {
    const rollout = rolloutStatus({ since: '2026-11-24T11:00:00Z' });
    const status = {
      rollout,
      lastProgress: '2026-11-24T11:00:00Z',
      services: { formerHolders: [{ node: 'n1', container: 'a', since: '2026-11-24T11:30:00Z' }] },
    };
    const cluster = new FakeCluster({ configs: [kubeVipConfig({ status })] });
    expect(gather(cluster, 'edge', context)).toMatchObject({
      lastProgress: { at: now - 3_600_000, text: '2026-11-24T11:00:00Z' },
      rollout: {
        component: 'control-plane',
        phase: 'Canary',
        nodes: ['n1'],
        since: { at: now - 3_600_000, text: '2026-11-24T11:00:00Z' },
      },
      formerHolders: [{ component: 'services', node: 'n1', container: 'a', since: { at: now - 1_800_000 } }],
    });
  });

  it('finds nothing of a config that is gone', () => {
    expect(gather(new FakeCluster(snapshot()), 'gone', context)).toBeUndefined();
  });
});

// As it comes over the wire: times are text.
const withStatus = (status: object) =>
  pod({ status: { containerStatuses: [status as unknown as V1ContainerStatus] } });
const running = { running: { startedAt: '2026-11-24T13:17:16Z' } };
const before = {
  terminated: { startedAt: '2026-11-24T13:16:55Z', finishedAt: '2026-11-24T13:16:57Z', exitCode: 0 },
};

describe('restartsOf', () => {
  it.each([
    [
      'says when a container was started again, and how long the one before ran',
      { state: running, lastState: before },
      { 'edge-control-plane-n1': { at: Date.parse('2026-11-24T13:17:16Z'), ranMs: 2000 } },
    ],
    ['says nothing of one that runs for the first time', { state: running, lastState: {} }, {}],
    ['says nothing of one that has ended', { state: before, lastState: before }, {}],
    ['says nothing of one that waits', { state: { waiting: {} } }, {}],
  ])('%s', (_, status, expected) => {
    expect(restartsOf([withStatus(status)])).toEqual(expected);
  });
});
