// The historical k3s cluster on real nodes: preflight holds Services back, says why and what to do, and no node loses
// its address, while the control plane has its own; then the owner does what it says, and the same config goes through.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { conditionOf, installOperator, readConfig, untilReady } from './install.ts';
import { dressNodes, networkOf, startServiceLb, traefik, type ServiceLb } from './k3s.ts';
import { startLab, type Lab } from './lab.ts';
import { nodesWithoutTheirAddress } from './outage/scenario.ts';
import { waitFor } from './process.ts';

const vip = '203.0.113.100';
const serviceVip = '203.0.113.110';
const pools = [{ name: 'main', addresses: [`${serviceVip}-${serviceVip}`] }];
const edge = JSON.stringify({
  apiVersion: 'kubevip.dev/v1alpha1',
  kind: 'KubeVipConfig',
  metadata: { name: 'edge' },
  spec: { version: 'v1.1.2', mode: 'ARP', controlPlane: { addresses: [vip] }, services: { pools } },
});
// Longer than the operator takes from an apply to the pods of kube-vip.
const watchedMs = 10_000;

describe('the k3s cluster of the outage of 2024', () => {
  let lab: Lab;
  let serviceLb: ServiceLb;

  beforeAll(async () => {
    lab = await startLab({ nodes: 3, controlPlanes: 2, log: (line) => process.stdout.write(`${line}\n`) });
    await dressNodes(lab, ['--cluster-init', '--tls-san', vip]);
    await lab.apply(traefik());
    serviceLb = await startServiceLb(lab);
    await installOperator(lab);
  }, 900_000);

  afterAll(async () => {
    await lab?.stop();
  }, 60_000);

  const networks = () => Promise.all(lab.nodes.map(({ name }) => networkOf(lab, name, vip)));
  const inNamespace = (...args: readonly string[]) => lab.kubectl('-n', 'kube-vip-system', ...args);
  const read = () => readConfig(lab, 'edge');

  /** DaemonSets for which a pod was ever made, by the events of their controller. */
  async function whoEverRan(): Promise<readonly string[]> {
    const names = 'jsonpath={.items[?(@.reason=="SuccessfulCreate")].involvedObject.name}';
    return (await inNamespace('get', 'events', '-o', names)).split(' ');
  }

  it('has its Services held back with both reasons, and no node loses its address', async () => {
    const before = await networks();
    await lab.apply(edge);
    await waitFor(
      'preflight to forbid it',
      async () => (await conditionOf(lab, 'edge', 'PreflightPassed')).startsWith('False'),
      { seconds: 30, everyMs: 100 },
    );
    await new Promise((resolve) => setTimeout(resolve, watchedMs));
    await waitFor('one node to have the VIP', async () => (await lab.owners(vip)).length === 1, {
      seconds: 30,
      everyMs: 200,
    });
    expect(await networks()).toEqual(before);
    await expect(nodesWithoutTheirAddress(lab)).resolves.toEqual([]);
    const said = await conditionOf(lab, 'edge', 'Ready');
    process.stdout.write(`${said}\n`);
    expect(said).toBe(
      'False Service/kube-system/traefik: publishes 203.0.113.11 of node n1 and 2 more. Nothing new is applied for Services. ' +
        'Expected no address of a node in status.loadBalancer, because kube-vip may take it from its node. ' +
        'Turn off the controller that writes node addresses into Services ' +
        '(k3s: start every server with --disable servicelb). Then wait until the status is empty. And 1 more, see status.preflight.',
    );
    const { status } = await read();
    expect(status?.preflight?.filter(({ result }) => result === 'Failed').map(({ check }) => check)).toEqual([
      'service-status-has-node-address',
      'servicelb-is-active',
    ]);
    expect(status?.preflight?.[1]?.message).toContain(
      'is ServiceLB at work for Service kube-system/traefik. Expected no ServiceLB',
    );
    const daemonSets = await inNamespace('get', 'daemonsets', '-l', 'kubevip.dev/config', '-o', 'name');
    expect(daemonSets.trim()).toBe('daemonset.apps/edge-control-plane');
    expect(await whoEverRan()).not.toContain('edge-services');
  }, 60_000);

  it('goes through when its owner does what it says', async () => {
    await dressNodes(lab, ['--cluster-init', '--tls-san', vip, '--disable', 'servicelb']);
    await serviceLb.disable();
    await lab.kubectl('-n', 'kube-system', 'delete', 'service', 'traefik');
    await lab.apply(traefik({ loadBalancerClass: 'kubevip.dev/edge', address: serviceVip }));
    await untilReady(lab, 'edge');
    await expect(conditionOf(lab, 'edge', 'PreflightPassed')).resolves.toMatch(/^True All \d+ checks/);
    await waitFor(
      'one node to have each address',
      async () => {
        const owners = await Promise.all([vip, serviceVip].map((address) => lab.owners(address)));
        return owners.every((names) => names.length === 1);
      },
      { seconds: 20, everyMs: 200 },
    );
    await expect(nodesWithoutTheirAddress(lab)).resolves.toEqual([]);
    expect(await whoEverRan()).toEqual(expect.arrayContaining(['edge-control-plane', 'edge-services']));
  }, 90_000);
});
