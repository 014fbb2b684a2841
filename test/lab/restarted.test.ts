// What a release does with an address that is on its node when it starts, on real parts: a control-plane address that another
// node holds, and one of a Service that is gone. What is seen here is what src/catalog/verdicts/lab-runs.ts claims.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { choosable, mayBeUsed } from '../../src/catalog/verdicts.ts';
import { realKubeVip, whyNotReal } from './images.ts';
import { holderOf, installOperator, readConfig, untilReady } from './install.ts';
import { startLab, type Lab } from './lab.ts';
import { waitFor } from './process.ts';
import { startedPod } from './restarting.ts';
import { sharedIn } from './witness-sights.ts';

const wanted = ['v0.6.4', 'v0.8.7', 'v0.8.9', 'v1.0.4', 'v1.1.2', 'v1.2.3'];
const real = wanted.filter((version) => realKubeVip(version) !== undefined);
const often = { seconds: 60, everyMs: 100 };

interface Row {
  readonly name: string;
  readonly version: string;
  readonly address: string;
  readonly serviceAddress: string;
}

const rows: readonly Row[] = real.map((version, index) => ({
  name: `r${index}`,
  version,
  address: `203.0.113.${120 + index}`,
  serviceAddress: `203.0.113.${150 + index}`,
}));
const serving = rows.filter(({ version }) => mayBeUsed(version, 'services'));

const config = ({ name, version, address, serviceAddress }: Row): object => ({
  apiVersion: 'kubevip.dev/v1alpha1',
  kind: 'KubeVipConfig',
  metadata: { name },
  spec: {
    version,
    mode: 'ARP',
    controlPlane: { addresses: [address] },
    ...(mayBeUsed(version, 'services') && {
      services: { pools: [{ name: 'main', addresses: [`${serviceAddress}-${serviceAddress}`] }] },
    }),
    leaderElection: { leaseDurationSeconds: 6, renewDeadlineSeconds: 2, retryPeriodSeconds: 1 },
  },
});

const service = ({ name, serviceAddress }: Row): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, annotations: { 'kubevip.dev/addresses': serviceAddress } },
    spec: { type: 'LoadBalancer', loadBalancerClass: `kubevip.dev/${name}`, ports: [{ port: 80 }] },
  });

const selectorOf = ({ name }: Row, component: string): string =>
  `kubevip.dev/config=${name},app.kubernetes.io/component=${component}`;

for (const version of wanted.filter((each) => !real.includes(each))) {
  it.todo(`real kube-vip ${version} and an address on its node as it starts (${whyNotReal(version)})`);
}

(real.length > 0 ? describe : () => undefined)('a kube-vip that starts on a node with an address', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({ nodes: 3, controlPlanes: 2, log: (line) => process.stdout.write(`${line}\n`) });
    await installOperator(lab);
    await lab.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: rows.map(config) }));
    for (const { name } of rows) await untilReady(lab, name, 120);
  }, 900_000);

  afterAll(() => lab?.stop(), 60_000);

  it.each(rows)(
    'takes a control-plane address off that another node holds: $version',
    async (row) => {
      const { name, version, address } = row;
      await untilReady(lab, name, 60);
      const stopped = await holderOf(lab, `${name}-control-plane`);
      const sampler = await lab.startSampler([address]);
      const begin = Date.now();
      const pods = { selector: selectorOf(row, 'control-plane') };
      expect(await lab.signalPods(stopped, pods, 'SIGSTOP')).toBe(1);
      const shared = () => sharedIn(sampler.soFar(), Date.now());
      await waitFor('two owners', () => shared().length > 0, often);
      await waitFor('one owner', async () => (await lab.owners(address)).length === 1, often);
      const { record } = await sampler.stop();
      const spans = sharedIn(record, record.to);
      const [from, to] = [spans[0]?.from ?? 0, spans.at(-1)?.to ?? 0];
      process.stdout.write(
        `restarted: ${version}: two owners ${Math.round(from - begin)} ms after SIGSTOP, for ${Math.round(to - from)} ms\n`,
      );
      expect(await lab.owners(address)).toEqual([await holderOf(lab, `${name}-control-plane`)]);
      const { status } = await readConfig(lab, name);
      expect(status?.remedies).toMatchObject([{ address, node: stopped }]);
    },
    240_000,
  );

  /** Binds the address of a Service, and says on which node it is. */
  async function bind(row: Row): Promise<string> {
    await lab.apply(service(row));
    const owners = () => lab.owners(row.serviceAddress);
    await waitFor('the address to be bound', async () => (await owners()).length === 1, often);
    return (await owners())[0] ?? '';
  }

  async function renewedAt({ name }: Row): Promise<number> {
    const path = `/apis/coordination.k8s.io/v1/namespaces/kube-vip-system/leases/${name}-services`;
    const { spec } = await lab.read<{ spec: { renewTime?: string } }>(path);
    return Date.parse(spec.renewTime ?? '1970-01-01');
  }

  /** Ends the pod of a node once the operator has said the orphan, and says whether the address went with it. */
  async function isOffAfter(row: Row, left: string, how: string): Promise<boolean> {
    const { name, version, serviceAddress } = row;
    const orphans = async () => (await readConfig(lab, name)).status?.orphans ?? [];
    await waitFor('it to be said', async () => (await orphans()).length > 0, often);
    expect(await orphans()).toMatchObject([{ address: serviceAddress, node: left }]);
    const begin = Date.now();
    await startedPod(lab, left, selectorOf(row, 'services'));
    const started = Date.now();
    // It leads: whatever a start takes off is off some seconds later.
    await waitFor('the next one to renew its Lease', async () => (await renewedAt(row)) > started, often);
    await sleep(10_000);
    const isOff = (await lab.owners(serviceAddress)).length === 0;
    process.stdout.write(
      `restarted: ${version}: ${how}, pod ended and started in ${started - begin} ms: address ${isOff ? 'off' : 'there'} 10 s after it leads\n`,
    );
    if (!isOff) await lab.exec(left, ['ip', 'address', 'del', `${serviceAddress}/32`, 'dev', 'eth0']);
    await waitFor('no orphan', async () => (await orphans()).length === 0, often);
    return isOff;
  }

  it.each(serving)(
    'leaves the address of a Service that was deleted while its process was stopped: $version',
    async (row) => {
      const left = await bind(row);
      const pods = { selector: selectorOf(row, 'services') };
      expect(await lab.signalPods(left, pods, 'SIGSTOP')).toBe(1);
      await lab.kubectl('delete', 'service', row.name, '--wait=false');
      expect(await isOffAfter(row, left, 'stopped, Service deleted')).toBe(false);
    },
    240_000,
  );

  it.each(serving)(
    'takes the address of a Service that changed its type with it as it ends: $version',
    async (row) => {
      const guards = ['service-grants.kubevip.dev', 'service-features.kubevip.dev', '--ignore-not-found'];
      await lab.kubectl('delete', 'validatingadmissionpolicybindings', ...guards);
      const left = await bind(row);
      await sleep(3000);
      const patch = JSON.stringify({ spec: { type: 'ClusterIP', loadBalancerClass: null } });
      const change = () => lab.kubectl('patch', 'service', row.name, '--type=merge', '-p', patch);
      await waitFor('the change to be admitted', () => change().then(Boolean, () => false), often);
      expect(await isOffAfter(row, left, 'type changed')).toBe(true);
    },
    240_000,
  );

  it('is one of a release that can be chosen', () => {
    const versions = choosable.map(({ version }) => version);
    expect(rows.filter(({ version }) => !versions.includes(version as never))).toEqual([]);
  });
});
