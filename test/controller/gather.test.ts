import { describe, expect, it } from '@jest/globals';
import { gather } from '../../src/controller/gather.ts';
import { FakeCluster } from '../fake-cluster.ts';
import { kubeVipConfig, now, pod, snapshot } from '../builders.ts';

const context = { namespace: 'kube-vip-system', now };

describe('gather', () => {
  it('reads all that a decision may look at', () => {
    const world = snapshot();
    expect(gather(new FakeCluster(world), 'edge', context)).toEqual(world);
  });

  it('reads the pods of no other config', () => {
    const cluster = new FakeCluster({ configs: [kubeVipConfig()], pods: [pod({ config: 'other' })] });
    expect(gather(cluster, 'edge', context)?.pods).toEqual([]);
  });

  it('finds nothing of a config that is gone', () => {
    expect(gather(new FakeCluster(snapshot()), 'gone', context)).toBeUndefined();
  });
});
