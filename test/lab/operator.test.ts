// The main job on real parts: a KubeVipConfig becomes two DaemonSets, and one node holds the address.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { defaultTiming } from '../../src/api/election-timing.ts';
import { isRefused, needs, operatorRequests } from '../api-server/audit.ts';
import { judgeUse } from '../api-server/permissions.ts';
import { grantedPermissions } from '../granted.ts';
import { auditLogOf } from './audit-log.ts';
import {
  conditionOf,
  deletePodOn,
  holderOf,
  installOperator,
  untilProgrammed,
  untilReady,
} from './install.ts';
import { startLab, type Lab } from './lab.ts';
import { Operators } from './operators.ts';
import { waitFor, within } from './process.ts';
import type { Observation } from './sampler.ts';

const vip = '203.0.113.100';
const serviceVip = '203.0.113.110';
const pools = [{ name: 'main', addresses: [`${serviceVip}-${serviceVip}`] }];
const out = join(import.meta.dirname, 'out');
const { leaseDurationSeconds, retryPeriodSeconds } = defaultTiming;
// A released Lease is found at the next retry, which client-go jitters to 4.4 s.
const gracefulMs = 6000;
// A lost API server: the holder gives up after its renew deadline, the Lease runs out, others retry.
const lostApiMs = (leaseDurationSeconds + 2 * 2.2 * retryPeriodSeconds) * 1000;
// Of 3 s, as promised, from SIGTERM on; the kubelet has to hear of it first.
const takeOverMs = 5000;

const config = (name: string, spec: object): string =>
  stringify({ apiVersion: 'kubevip.dev/v1alpha1', kind: 'KubeVipConfig', metadata: { name }, spec });

const service = (name: string, spec: object): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, annotations: { 'kubevip.dev/addresses': serviceVip } },
    spec: { type: 'LoadBalancer', selector: { app: name }, ports: [{ port: 80 }], ...spec },
  });

// kube-vip from v1.2.0 on waits for endpoints; an address outside the cluster is one.
const endpoints = (name: string): string =>
  stringify({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-1`, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ port: 80, protocol: 'TCP', name: '' }],
    endpoints: [{ addresses: ['203.0.113.1'], conditions: { ready: true } }],
  });

describe('a KubeVipConfig on a real cluster', () => {
  let lab: Lab;

  beforeAll(async () => {
    mkdirSync(out, { recursive: true });
    const log = (line: string) => process.stdout.write(`${line}\n`);
    lab = await startLab({ nodes: 4, controlPlanes: 3, audit: true, log });
    await installOperator(lab);
    await lab.apply(
      config('edge', {
        version: 'v1.1.2',
        mode: 'ARP',
        controlPlane: { addresses: [vip] },
        services: { pools },
      }),
    );
    await untilReady(lab, 'edge');
  }, 900_000);

  afterAll(async () => {
    await lab.stop();
  }, 60_000);

  async function ownedByOne(address: string, others: readonly string[] = []): Promise<string> {
    let owners: string[] = [];
    const isSettled = async (): Promise<boolean> => {
      owners = await lab.owners(address);
      return owners.length === 1 && !others.includes(owners[0] ?? '');
    };
    await waitFor(`one node to own ${address}`, isSettled, { seconds: 40, everyMs: 100 });
    return owners[0] ?? '';
  }

  async function watched(name: string, work: (mark: (label: string) => void) => Promise<void>) {
    const sampler = await lab.startSampler([vip]);
    let observation: Observation | undefined;
    try {
      await work((label) => sampler.mark(label));
    } finally {
      observation = await sampler.stop();
      observation.writePicture(join(out, `${name}.svg`), name);
    }
    const [report] = observation.reports;
    process.stdout.write(
      `${name} (operand: ${lab.operand['v1.1.2']}): two owners ${report?.maxSimultaneousMs.toFixed(0)} ms, none ${report?.maxAbsenceMs.toFixed(0)} ms, ${report?.moves.length} moves\n`,
    );
    return report;
  }

  it('binds the address on exactly the node that the Lease and the status name', async () => {
    const owner = await ownedByOne(vip);
    await expect(holderOf(lab, 'edge-control-plane')).resolves.toBe(owner);
    await expect(
      lab.kubectl('get', 'kvc', 'edge', '-o', 'jsonpath={.status.controlPlane.holder}'),
    ).resolves.toBe(owner);
    // Ready is said when one pod leads, and others may start then.
    await untilProgrammed(lab, 'edge');
  }, 120_000);

  it('answers at the address from another node', async () => {
    const owner = await ownedByOne(vip);
    const other = lab.nodes.find(({ name }) => name !== owner)?.name ?? '';
    const answer = await lab.exec(other, ['curl', '-sk', '--max-time', '5', `https://${vip}:6443/livez`]);
    expect(answer).toBe('ok');
  }, 60_000);

  it('serves a Service of its class on a node that is not control plane, and leaves others alone', async () => {
    await lab.apply(service('ours', { loadBalancerClass: 'kubevip.dev/edge' }));
    await lab.apply(endpoints('ours'));
    await expect(ownedByOne(serviceVip)).resolves.toBe('n4');
    // Bound first, and published after that.
    const path = 'jsonpath={.status.loadBalancer.ingress[0].ip}';
    await waitFor(
      'the status',
      async () => (await lab.kubectl('get', 'service', 'ours', '-o', path)) === serviceVip,
      { seconds: 20 },
    );
    await lab.kubectl('delete', 'service', 'ours');
    await waitFor('the address to go', async () => (await lab.owners(serviceVip)).length === 0, {
      seconds: 20,
    });
    await lab.apply(service('classless', {}));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await expect(lab.owners(serviceVip)).resolves.toEqual([]);
    await lab.kubectl('delete', 'service', 'classless');
  }, 120_000);

  it('never has two owners in a graceful hand-over', async () => {
    const report = await watched('graceful-hand-over', async (mark) => {
      const from = await ownedByOne(vip);
      mark('pod deleted');
      await deletePodOn(lab, from, 'control-plane');
      await new Promise((resolve) => setTimeout(resolve, gracefulMs));
      await ownedByOne(vip);
    });
    expect(report?.maxSimultaneousMs).toBe(0);
    expect(report?.maxAbsenceMs).toBeLessThan(gracefulMs);
  }, 60_000);

  it('keeps the address where it is while the operator is killed and comes back', async () => {
    const report = await watched('operator-killed', async (mark) => {
      const pods = { namespace: 'kube-vip-system', selector: 'app.kubernetes.io/name=kube-vip-operator' };
      mark('kill -9 operator');
      const killed = await Promise.all(lab.nodes.map(({ name }) => lab.signalPods(name, pods, 'SIGKILL')));
      expect(killed.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, 3000));
      await installOperator(lab);
    });
    expect(report).toMatchObject({ maxSimultaneousMs: 0, maxAbsenceMs: 0, moves: [] });
  }, 120_000);

  it('is led on by another operator on another node when the node of the first is emptied', async () => {
    const operators = new Operators(lab);
    await waitFor('two operators on two nodes', async () => new Set(await operators.nodes()).size === 2, {
      seconds: 60,
    });
    const nodes = await operators.nodes();
    const before = await operators.leader();
    const report = await watched('operator-nodes-emptied', async (mark) => {
      mark(`${before} deleted`);
      const tookOver = operators.timeOfTakeOver(before);
      await lab.kubectl('-n', 'kube-vip-system', 'delete', 'pod', before, '--wait=false');
      const tookMs = await tookOver;
      process.stdout.write(`another operator leads after ${tookMs} ms\n`);
      expect(tookMs).toBeLessThan(takeOverMs);
      mark(`${nodes.join(' and ')} drained`);
      const fewest = await operators.fewestWhile(() => operators.drain(nodes));
      process.stdout.write(`fewest ready operators while both nodes were drained: ${fewest}\n`);
      expect(fewest).toBeGreaterThanOrEqual(1);
      expect((await operators.nodes()).filter((name) => nodes.includes(name))).toEqual([]);
      await lab.kubectl('uncordon', ...nodes);
    });
    expect(report).toMatchObject({ maxSimultaneousMs: 0, maxAbsenceMs: 0, moves: [] });
  }, 180_000);

  it('gives the address up when the API server of its own node dies', async () => {
    const from = await ownedByOne(vip);
    const report = await watched('own-api-server-dies', async (mark) => {
      mark(`API server of ${from} dies`);
      await lab.stopNodeApi(from);
      await ownedByOne(vip, [from]);
    });
    lab.startNodeApi(from);
    expect(report?.maxSimultaneousMs).toBe(0);
    expect(report?.maxAbsenceMs).toBeLessThan(lostApiMs);
    await untilReady(lab, 'edge');
  }, 90_000);

  it('has a second owner refused by the API server, and by the operator where that comes too late', async () => {
    const twin = config('twin', { version: 'v1.1.2', mode: 'ARP', controlPlane: { addresses: [vip] } });
    await expect(lab.apply(twin)).rejects.toThrow('which belongs to KubeVipConfig edge; change it here');
    // As if both had been created in the same second.
    await lab.kubectl('delete', 'validatingadmissionpolicybinding', 'kubevipconfig-claims.kubevip.dev');
    await waitFor('the policy to be gone', async () => (await lab.apply(twin)) !== '', { seconds: 10 });
    await waitFor(
      'twin to be refused',
      async () => (await conditionOf(lab, 'twin', 'Accepted')).startsWith('False'),
      { seconds: 10, everyMs: 100 },
    );
    await expect(conditionOf(lab, 'twin', 'Accepted')).resolves.toContain('belongs to KubeVipConfig edge');
    await expect(
      lab.kubectl('-n', 'kube-vip-system', 'get', 'ds', '-l', 'kubevip.dev/config=twin', '-o', 'name'),
    ).resolves.toBe('');
    await lab.kubectl('delete', 'kvc', 'twin');
  }, 30_000);

  it('leaves no address, pod or Lease when the object is deleted, and only then is the object gone', async () => {
    await lab.kubectl('delete', 'kvc', 'edge', within(60));
    await expect(lab.owners(vip)).resolves.toEqual([]);
    const left = (selector: string): Promise<string> =>
      lab.kubectl('-n', 'kube-vip-system', 'get', 'ds,pods,leases', '-l', selector, '-o', 'name');
    const notOperator = 'app.kubernetes.io/name!=kube-vip-operator';
    expect(await left(`${notOperator},!kubevip.dev/witness`)).toBe('');
    // Witnesses are asked until there is nothing to ask for, and go then.
    await waitFor('witnesses to be gone', async () => (await left(notOperator)) === '', { seconds: 30 });
  }, 90_000);

  it.each(['operator', 'operand-control-plane', 'operand-services'])(
    'has asked for nothing that config/rbac/%s does not grant',
    (file) => {
      const account = `system:serviceaccount:kube-vip-system:kube-vip-${file.replace('operand-', '')}`;
      // Discovery has no resource, and is granted to everybody.
      const all = operatorRequests({ auditLog: auditLogOf(lab) }, account).filter((row) => row.objectRef);
      const [refused, allowed] = [all.filter(isRefused), all.filter((row) => !isRefused(row))];
      const [granted, used] = [grantedPermissions(file), [...new Set(allowed.flatMap(needs))]];
      process.stdout.write(
        `${account} (operand: ${lab.operand['v1.1.2']}): ${all.length} requests, ${used.length} of ${granted.length} permissions used\n`,
      );
      expect(used.length).toBeGreaterThan(0);
      expect(judgeUse({ used, refused: refused.flatMap(needs) }, granted, false)).toEqual([]);
    },
  );
});
