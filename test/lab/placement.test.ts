// Where Services run by default on real nodes that are all control plane, and what a person does who wants more than one
// holder or has a second network. The samples are those of config/samples.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { V1DaemonSet, V1Node, V1Pod } from '@kubernetes/client-node';
import { stringify } from 'yaml';
import { effectiveSpec } from '../../src/api/defaults.ts';
import { nodesOf, placementOf } from '../../src/observed/placement.ts';
import { conditionOf, installOperator, readConfig, untilReady } from './install.ts';
import { dressNodes } from './k3s.ts';
import { startLab, type Lab } from './lab.ts';
import { waitFor } from './process.ts';
import { addSecondNetwork, plugInClient, type Client } from './second-network.ts';

const vip = '203.0.113.100';
const taint = 'node-role.kubernetes.io/control-plane';
const sample = (name: string): string =>
  readFileSync(join(import.meta.dirname, '..', '..', 'config', 'samples', `${name}.yaml`), 'utf8');

const edge = stringify({
  apiVersion: 'kubevip.dev/v1alpha1',
  kind: 'KubeVipConfig',
  metadata: { name: 'edge' },
  spec: {
    version: 'v1.1.2',
    mode: 'ARP',
    controlPlane: { addresses: [vip] },
    services: { pools: [{ name: 'main', addresses: ['203.0.113.110-203.0.113.119'] }] },
  },
});

// Its backend is the API server of the lab, which is outside the cluster.
const service = (name: string, loadBalancerClass: string, address: string): string =>
  [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, annotations: { 'kubevip.dev/addresses': address } },
      spec: { type: 'LoadBalancer', loadBalancerClass, ports: [{ port: 443, targetPort: 6443 }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-1`, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ port: 6443, protocol: 'TCP', name: '' }],
      endpoints: [{ addresses: ['203.0.113.1'], conditions: { ready: true } }],
    },
  ]
    .map((row) => stringify(row))
    .join('---\n');

describe('three servers of k3s, and no other node', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({ nodes: 3, controlPlanes: 3, log: (line) => process.stdout.write(`${line}\n`) });
    await dressNodes(lab, ['--cluster-init', '--tls-san', vip, '--disable', 'servicelb']);
    await addSecondNetwork(lab);
    await installOperator(lab);
  }, 900_000);

  afterAll(async () => {
    await lab?.stop();
  }, 60_000);

  const inNamespace = 'namespaces/kube-vip-system';

  /** Nodes on which the pods of a component are, by the DaemonSet controller. */
  async function podsOf(config: string, component: string): Promise<readonly string[]> {
    const selector = `kubevip.dev/config%3D${config},app.kubernetes.io/component%3D${component}`;
    const { items } = await lab.read<{ items: V1Pod[] }>(
      `/api/v1/${inNamespace}/pods?labelSelector=${selector}`,
    );
    return items.map(({ spec }) => spec?.nodeName ?? '').sort();
  }

  /** Nodes on which preflight takes the Services of edge to run. */
  async function nodesBySpec(): Promise<readonly string[]> {
    const part = placementOf(effectiveSpec(await readConfig(lab, 'edge')), 'services');
    const { items } = await lab.read<{ items: V1Node[] }>('/api/v1/nodes');
    return part ? nodesOf(items, 'services', part).map(({ metadata }) => metadata?.name ?? '') : [];
  }

  async function heldBy(address: string): Promise<string> {
    let names: readonly string[] = [];
    const isHeld = async (): Promise<boolean> => (names = await lab.owners(address)).length === 1;
    await waitFor(`one node to have ${address}`, isHeld, { seconds: 60 });
    return names[0] ?? '';
  }

  // An address is bound first. Then kube-vip publishes it, and kube-proxy sends on what comes for it.
  const untilAnswers = (client: Client, address: string): Promise<void> =>
    waitFor(
      `${address} to answer a client that is no node`,
      () =>
        client.get(`https://${address}/livez`).then(
          (text) => text === 'ok',
          () => false,
        ),
      { seconds: 30 },
    );

  it('have no Services while they have the taint of kubeadm, and status says so', async () => {
    await lab.apply(edge);
    await waitFor(
      'the DaemonSet to be seen',
      async () => {
        const path = `/apis/apps/v1/${inNamespace}/daemonsets/edge-services`;
        const found = await lab.read<V1DaemonSet>(path).catch(() => undefined);
        return found?.status?.observedGeneration !== undefined;
      },
      { seconds: 60 },
    );
    await waitFor(
      'status to say it',
      async () => (await conditionOf(lab, 'edge', 'Programmed')).includes('edge-services matches no node'),
      { seconds: 30 },
    );
    expect([await podsOf('edge', 'services'), await nodesBySpec()]).toEqual([[], []]);
  }, 120_000);

  it('have them on each server without a taint, as k3s makes them', async () => {
    await lab.kubectl('taint', 'node', '--all', `${taint}-`);
    await untilReady(lab, 'edge');
    expect([await podsOf('edge', 'services'), await nodesBySpec()]).toEqual([
      ['n1', 'n2', 'n3'],
      ['n1', 'n2', 'n3'],
    ]);
    const { status } = await readConfig(lab, 'edge');
    expect(status?.preflight?.map(({ check }) => check) ?? []).not.toContain('services-on-control-plane-too');
    const client = await plugInClient(lab, '203.0.113.90');
    await lab.apply(service('web', 'kubevip.dev/edge', '203.0.113.110'));
    await heldBy('203.0.113.110');
    await untilAnswers(client, '203.0.113.110');
  }, 180_000);

  it('serve a second network by a KubeVipConfig of its own', async () => {
    await lab.apply(sample('second-network'));
    await untilReady(lab, 'storage');
    const client = await plugInClient(lab, '192.0.2.90');
    await lab.apply(service('disks', 'kubevip.dev/storage', '192.0.2.64'));
    const owner = await heldBy('192.0.2.64');
    const shown = await lab.exec(owner, ['ip', '-o', 'address', 'show', 'to', '192.0.2.64']);
    process.stdout.write(`${owner} (operand: ${lab.operand['v1.1.2']}): ${shown}\n`);
    expect(shown).toMatch(/\beth1\b/);
    await untilAnswers(client, '192.0.2.64');
    await expect(lab.owners('203.0.113.110')).resolves.toHaveLength(1);
    const { status } = await readConfig(lab, 'storage');
    expect(status?.preflight ?? []).toEqual([]);
  }, 300_000);

  it('have two holders of Services with two KubeVipConfigs whose nodes do not overlap', async () => {
    await lab.kubectl('label', 'node', 'n1', 'example.org/entrance=a');
    await lab.kubectl('label', 'node', 'n2', 'n3', 'example.org/entrance=b');
    await lab.apply(sample('spread-a'));
    await lab.apply(sample('spread-b'));
    await Promise.all(['entrance-a', 'entrance-b'].map((name) => untilReady(lab, name)));
    await lab.apply(service('a', 'kubevip.dev/entrance-a', '203.0.113.129'));
    await lab.apply(service('b', 'kubevip.dev/entrance-b', '203.0.113.145'));
    expect(await heldBy('203.0.113.129')).toBe('n1');
    expect(['n2', 'n3']).toContain(await heldBy('203.0.113.145'));
  }, 180_000);
});
