import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Reconciler } from '../../src/controller/reconciler.ts';
import { FakeCluster } from '../fake-cluster.ts';
import { kubeVipConfig, now, nowText, snapshot } from '../builders.ts';

const log = pino({ enabled: false });
const fresh = kubeVipConfig({ metadata: { finalizers: [] } });

function reconcilerOf(cluster: FakeCluster): Reconciler {
  return new Reconciler({ view: cluster, writer: cluster, log, now: () => now });
}

describe('Reconciler', () => {
  it('does nothing about a config that is gone', async () => {
    const cluster = new FakeCluster();
    await expect(reconcilerOf(cluster).reconcile('gone')).resolves.toEqual({ kind: 'done' });
    expect(cluster.calls).toEqual([]);
  });

  it('puts the finalizer on before it makes anything, and reports last', async () => {
    const cluster = new FakeCluster({ configs: [fresh] });
    await reconcilerOf(cluster).reconcile('edge');
    expect(cluster.calls).toEqual([
      'addFinalizer edge',
      'applyDaemonSet edge-control-plane',
      'applyDaemonSet edge-services',
      'writeStatus edge',
    ]);
  });

  it('writes nothing when nothing changes', async () => {
    const { configs, daemonSets, pods, leases } = snapshot();
    const cluster = new FakeCluster({ configs, daemonSets, pods, leases });
    await reconcilerOf(cluster).reconcile('edge');
    cluster.calls.length = 0;
    await reconcilerOf(cluster).reconcile('edge');
    expect(cluster.calls).toEqual([]);
  });

  it('stops at the step that fails, says so in status, and comes back', async () => {
    const refusal = new Error('denied');
    const cluster = new FakeCluster({ configs: [fresh] }, { 'applyDaemonSet edge-control-plane': refusal });
    await expect(reconcilerOf(cluster).reconcile('edge')).resolves.toMatchObject({ kind: 'failed' });
    expect(cluster.calls).not.toContain('applyDaemonSet edge-services');
    const programmed = cluster.config('edge')?.status?.conditions?.find(({ type }) => type === 'Programmed');
    expect(programmed).toMatchObject({
      reason: 'ApplyFailed',
      message: expect.stringContaining('denied'),
    });
  });

  it('comes back when status itself cannot be written', async () => {
    const cluster = new FakeCluster({ configs: [fresh] }, { 'writeStatus edge': new Error('down') });
    await expect(reconcilerOf(cluster).reconcile('edge')).resolves.toMatchObject({ kind: 'failed' });
  });

  it('writes no status on an object that its last finalizer held', async () => {
    const config = kubeVipConfig({ metadata: { deletionTimestamp: nowText } });
    const cluster = new FakeCluster({ configs: [config] });
    await expect(reconcilerOf(cluster).reconcile('edge')).resolves.toEqual({ kind: 'done' });
    expect(cluster.calls).toEqual(['removeFinalizer edge']);
  });
});
