// An address that stays on a node without a Service, on real parts: its kube-vip is killed where no kubelet starts it again, its
// Service is deleted, and another node leads. It is granted to no other before it is off that node.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Service } from '@kubernetes/client-node';
import { realKubeVip, whyNotReal } from './images.ts';
import { holderOf, installOperator, untilReady } from './install.ts';
import { startLab, type Lab } from './lab.ts';
import { waitFor } from './process.ts';

const version = 'v1.1.2';
const address = '203.0.113.110';
const services = { selector: 'app.kubernetes.io/component=services' };
const operators = ['-n', 'kube-vip-system', 'pod', '-l', 'app.kubernetes.io/name=kube-vip-operator'];
const often = { seconds: 90, everyMs: 250 };

const config = JSON.stringify({
  apiVersion: 'kubevip.dev/v1alpha1',
  kind: 'KubeVipConfig',
  metadata: { name: 'edge' },
  spec: {
    version,
    mode: 'ARP',
    services: { pools: [{ name: 'main', addresses: [`${address}-${address}`] }] },
    leaderElection: { leaseDurationSeconds: 6, renewDeadlineSeconds: 2, retryPeriodSeconds: 1 },
  },
});

const serviceOf = (name: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, annotations: { 'kubevip.dev/addresses': address } },
    spec: { type: 'LoadBalancer', loadBalancerClass: 'kubevip.dev/edge', ports: [{ port: 80 }] },
  });

// The stand-in takes its address off whatever it is told: what it leaves says nothing.
if (realKubeVip(version) === undefined) {
  it.todo(`real kube-vip ${version} leaves an address (${whyNotReal(version)})`);
} else {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({ controlPlanes: 1, log: (line) => process.stdout.write(`${line}\n`) });
    await installOperator(lab);
    await lab.apply(config);
    await untilReady(lab, 'edge', 120);
  }, 900_000);

  afterAll(() => lab?.stop(), 60_000);

  const grantOf = async (name: string): Promise<string | undefined> => {
    const { metadata } = await lab.read<V1Service>(`/api/v1/namespaces/default/services/${name}`);
    return metadata?.annotations?.['kube-vip.io/loadbalancerIPs'];
  };
  const isTold = async (name: string, reason: string): Promise<boolean> => {
    const which = `involvedObject.name=${name},reason=${reason}`;
    return (await lab.kubectl('get', 'events', '--field-selector', which, '-o', 'name')) !== '';
  };

  it('is granted to the next Service when it is off the node, and not before', async () => {
    await lab.apply(serviceOf('first'));
    await waitFor('the address to be bound', async () => (await lab.owners(address)).length === 1, often);
    const [left = ''] = await lab.owners(address);
    lab.stopKubelet(left);
    await lab.killOperand(left, services);
    await lab.kubectl('delete', 'service', 'first');
    const leads = async () => !['', left].includes(await holderOf(lab, 'edge-services'));
    await waitFor('another node to lead', leads, often);
    // Whoever leads the operators next remembers nothing of it.
    await lab.kubectl('delete', '--grace-period=0', '--force', ...operators);
    const sampler = await lab.startSampler([address]);
    await lab.apply(serviceOf('next'));
    await waitFor('it to be told', () => isTold('next', 'AddressLeftBehind'), often);
    await sleep(5000);
    expect([await grantOf('next'), await lab.owners(address)]).toEqual([undefined, [left]]);
    await lab.exec(left, ['ip', 'address', 'del', `${address}/32`, 'dev', 'eth0']);
    const isBound = async () => (await lab.owners(address)).join() === (await holderOf(lab, 'edge-services'));
    await waitFor('the next one to have it', isBound, often);
    const { reports } = await sampler.stop();
    expect(reports.map(({ maxSimultaneousMs }) => maxSimultaneousMs)).toEqual([0]);
  }, 400_000);
}
