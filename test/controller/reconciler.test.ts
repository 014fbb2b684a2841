import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Reconciler } from '../../src/controller/reconciler.ts';
import { FakeCluster } from '../fake-cluster.ts';
import type { DialState } from '../../src/observed/snapshot.ts';
import type { Ask } from '../../src/steps/step.ts';
import { daemonSet, kubeVipConfig, lease, now, nowText, snapshot } from '../builders.ts';
import { heardWorld } from '../status/witness-cases.ts';
import { heardBy, macOf } from '../witness-world.ts';

const log = pino({ enabled: false });
const fresh = kubeVipConfig({ metadata: { finalizers: [] } });

function reconcilerOf(cluster: FakeCluster): Reconciler {
  return new Reconciler({ view: cluster, writer: cluster, log, now: () => now, probeImage: () => undefined });
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
      expect.stringMatching(/^record edge-control-plane-[0-9a-f]{16}$/),
      expect.stringMatching(/^record edge-services-[0-9a-f]{16}$/),
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

  it('says what an older CRD does not store, and writes it no third time', async () => {
    const { configs, daemonSets, pods, leases } = snapshot();
    const cluster = new FakeCluster({ configs, daemonSets, pods, leases });
    cluster.dropped.add('summary').add('inventory');
    const reconciler = reconcilerOf(cluster);
    const writes = async (): Promise<number> => {
      cluster.calls.length = 0;
      await reconciler.reconcile('edge');
      return cluster.calls.filter((call) => call === 'writeStatus edge').length;
    };
    expect([await writes(), await writes(), await writes(), await writes()]).toEqual([1, 1, 0, 0]);
    const { preflight = [] } = cluster.config('edge')?.status ?? {};
    expect(preflight.find(({ check }) => check === 'crd-is-older')?.message).toContain(
      'It does not store status.summary, status.inventory.',
    );
  });

  it('tells of a DaemonSet that it put back, and not of one that it made', async () => {
    const repaired: string[] = [];
    const { configs, pods, leases } = snapshot();
    const changed = daemonSet({ metadata: { labels: {} } });
    const cluster = new FakeCluster({ configs, daemonSets: [changed], pods, leases });
    const onRepair = (name: string): void => void repaired.push(name);
    await new Reconciler({
      view: cluster,
      writer: cluster,
      log,
      now: () => now,
      probeImage: () => undefined,
      onRepair,
    }).reconcile('edge');
    expect(cluster.calls).toContain('applyDaemonSet edge-services');
    expect(repaired).toEqual(['edge-control-plane']);
  });

  it('ends the pod of a second owner once, tells of it, and remembers it', async () => {
    const { configs, daemonSets, pods, leases, nodes } = heardWorld(heardBy('n1', 'n2'));
    const cluster = new FakeCluster({ configs, daemonSets, pods, leases, nodes });
    const told: string[] = [];
    const reconciler = new Reconciler({
      view: cluster,
      writer: cluster,
      log,
      now: () => now,
      probeImage: () => undefined,
      onRemedy: (config, { pod }) => void told.push(`${config} ${pod}`),
    });
    // The nodes tell their MACs as they are asked.
    cluster.probePodList = ['n1', 'n2'].map((node) => ({
      component: 'control-plane',
      node,
      messages: [JSON.stringify({ run: 'r', macs: [macOf(node)] })],
      boundAt: undefined,
      takenOnAt: undefined,
      trouble: '',
    }));
    cluster.heardOnNetwork = { statements: heardBy('n1', 'n2').statements, former: [] };
    await reconciler.reconcile('edge');
    await reconciler.reconcile('edge');
    expect(cluster.calls.filter((call) => call.startsWith('deletePod'))).toEqual([
      'deletePod edge-control-plane-n2',
    ]);
    expect(told).toEqual(['edge edge-control-plane-n2']);
    expect(cluster.config('edge')?.status).toMatchObject({
      remedies: [{ function: 'control-plane', address: '203.0.113.100', node: 'n2', at: nowText }],
      history: [{ address: '203.0.113.100', owners: ['n1', 'n2'], at: nowText }],
      controlPlane: {
        owners: [
          { address: '203.0.113.100', node: 'n1', mac: macOf('n1'), since: nowText },
          { address: '203.0.113.100', node: 'n2', mac: macOf('n2'), since: nowText },
        ],
      },
    });
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

  it('asks at addresses what the plan wants to know, decides by what was heard, and then forgets', async () => {
    const config = kubeVipConfig({ metadata: { deletionTimestamp: nowText } });
    const cluster = new FakeCluster({ configs: [config], leases: [lease()] });
    const asked: unknown[] = [];
    let heard: readonly DialState[] = [];
    const addresses = {
      follow: (_: string, ask: Ask | undefined) => void asked.push(ask),
      heard: () => heard,
    };
    const reconciler = new Reconciler({
      view: cluster,
      writer: cluster,
      addresses,
      log,
      now: () => now,
      probeImage: () => undefined,
    });
    await expect(reconciler.reconcile('edge')).resolves.toEqual({ kind: 'waiting', afterSeconds: 2 });
    heard = [{ address: '203.0.113.100', port: 6443, stage: 'ended', answer: 'unreachable', quietMs: 0 }];
    await reconciler.reconcile('edge');
    cluster.configMap.clear();
    await reconciler.reconcile('edge');
    expect(asked).toEqual([
      { stage: 'ended', targets: [{ address: '203.0.113.100', port: 6443 }] },
      undefined,
      undefined,
    ]);
    expect(cluster.calls).toEqual([
      'writeStatus edge',
      'deleteLease edge-control-plane',
      'removeFinalizer edge',
    ]);
  });

  it('writes no status on an object that its last finalizer held', async () => {
    const config = kubeVipConfig({ metadata: { deletionTimestamp: nowText } });
    const cluster = new FakeCluster({ configs: [config] });
    await expect(reconcilerOf(cluster).reconcile('edge')).resolves.toEqual({ kind: 'done' });
    expect(cluster.calls).toEqual(['removeFinalizer edge']);
  });
});
