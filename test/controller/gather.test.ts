import { describe, expect, it } from '@jest/globals';
import { gather } from '../../src/controller/gather.ts';
import { FakeCluster } from '../fake-cluster.ts';
import { kubeVipConfig, now, pod, snapshot } from '../builders.ts';

const context = { namespace: 'kube-vip-system', now, operatorNode: undefined, probeImage: undefined };

describe('gather', () => {
  it('reads all that a decision may look at', () => {
    const world = snapshot();
    expect(gather(new FakeCluster(world), 'edge', context)).toEqual(world);
  });

  it('reads the pods of no other config', () => {
    const cluster = new FakeCluster({ configs: [kubeVipConfig()], pods: [pod({ config: 'other' })] });
    expect(gather(cluster, 'edge', context)?.pods).toEqual([]);
  });

  it('reads what the status remembers', () => {
    const status = {
      lastProgress: '2026-11-24T11:00:00Z',
      services: { formerHolders: [{ node: 'n1', container: 'a', since: '2026-11-24T11:30:00Z' }] },
    };
    const cluster = new FakeCluster({ configs: [kubeVipConfig({ status })] });
    expect(gather(cluster, 'edge', context)).toMatchObject({
      lastProgress: { at: now - 3_600_000, text: '2026-11-24T11:00:00Z' },
      formerHolders: [{ component: 'services', node: 'n1', container: 'a', since: { at: now - 1_800_000 } }],
    });
  });

  it('finds nothing of a config that is gone', () => {
    expect(gather(new FakeCluster(snapshot()), 'gone', context)).toBeUndefined();
  });
});
