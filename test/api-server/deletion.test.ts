// A deletion step by step: the Lease is taken, DaemonSets and pods go, and a person can give up what will never come.
// That addresses are asked for is tested in the lab: here nothing has one.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { conditionsOf, messageOf, specWith, type AnySpec } from './builders.ts';
import { paths } from './cluster.ts';
import { startOperator, type Operator } from './operator.ts';
import { startStage, type Stage } from './stage.ts';
import { settled, until } from './until.ts';

jest.setTimeout(60_000);

interface Lease {
  readonly spec: { readonly holderIdentity: string; readonly leaseDurationSeconds: number };
}

// kube-vip has lost its Lease after 2 + 2.2 x 1 seconds.
const timing = { leaseDurationSeconds: 6, renewDeadlineSeconds: 2, retryPeriodSeconds: 1 };
const specOf = (address: string): AnySpec =>
  specWith({ controlPlane: { addresses: [address] }, leaderElection: timing });

let stage: Stage;
let successor: Operator | undefined;

beforeAll(async () => {
  stage = await startStage();
}, 60_000);

afterAll(async () => {
  await successor?.stop();
  await stage?.stop();
});

const lease = (name: string) => stage.admin.get<Lease>(`${paths.leases}/${name}`);
const isGone = async (name: string) => (await stage.config(name)) === undefined;
const said = async (name: string, type: string) => messageOf(await stage.config(name), type) ?? '';
const isDeleting = async (daemonSet: string): Promise<boolean> =>
  (await stage.daemonSet(daemonSet))?.metadata?.deletionTimestamp !== undefined;

async function abandon(name: string, entries: string): Promise<void> {
  const metadata = { annotations: { 'kubevip.dev/abandon': entries } };
  await stage.admin.expect({
    method: 'PATCH',
    path: `${paths.configs}/${name}`,
    body: { metadata },
    type: 'merge',
  });
}

describe('of a config that a node holds', () => {
  const name = 'held';
  const own = '203.0.113.40';
  const api = 'held-control-plane';

  it('takes the Lease from its holder before anything else', async () => {
    await stage.create(name, specOf(own));
    await stage.untilRuns(api);
    await stage.play.runHealthy(api, 'n1');
    const holder = async () => (await stage.config(name))?.status?.controlPlane?.holder;
    expect(await settled(holder, 'n1', 15_000)).toBe('n1');
    await stage.remove(name);
    await until('the Lease to be taken', async () => (await lease(api))?.spec.holderIdentity !== 'n1');
    expect((await lease(api))?.spec).toMatchObject({
      holderIdentity: 'kube-vip-operator:n1',
      leaseDurationSeconds: 3600,
    });
    expect(await isDeleting(api)).toBe(false);
    const since = (await stage.config(name))?.metadata.deletionTimestamp;
    const wait = `Deleting: waiting for kube-vip on n1 to give up ${own}. Since ${since} it waits for kube-vip on n1 to give up ${own} (its Lease was taken from it), DaemonSet ${api}, pod ${api}-n1 on n1.`;
    expect(await settled(() => said(name, 'Reconciling'), wait)).toBe(wait);
  });

  it('deletes the DaemonSet when kube-vip has had time to lose the Lease, and the Lease last', async () => {
    await until('the DaemonSet to be deleted', () => isDeleting(api), 15_000);
    await stage.play.collectGarbage();
    expect(await lease(api)).toBeDefined();
    await stage.play.endPod(api, 'n1');
    await until('it to be gone', () => isGone(name));
    expect(await lease(api)).toBeUndefined();
  });
});

describe('of a config whose kube-vip has not led yet', () => {
  const name = 'early';
  const api = 'early-control-plane';

  it('makes the Lease, so that none does, and lets the DaemonSet go at once', async () => {
    await stage.create(name, specOf('203.0.113.43'));
    await stage.untilRuns(api);
    await stage.play.runPod(api, 'n1');
    await stage.remove(name);
    await until('the DaemonSet to be deleted', () => isDeleting(api));
    expect(await lease(api)).toMatchObject({
      metadata: { annotations: { 'kubevip.dev/leaving': 'none' } },
      spec: { holderIdentity: 'kube-vip-operator:', leaseDurationSeconds: 3600 },
    });
  });

  it('deletes the Lease when the pod has ended', async () => {
    await stage.play.collectGarbage();
    await stage.play.endPod(api, 'n1');
    await until('it to be gone', () => isGone(name));
    expect(await lease(api)).toBeUndefined();
  });
});

describe('of a config with a pod on a node that is dead', () => {
  const name = 'dead';
  const api = 'dead-control-plane';
  const node = '/api/v1/nodes/n9';

  it('names the node, and what a person can do', async () => {
    const labels = { 'node-role.kubernetes.io/control-plane': '' };
    await stage.admin.expect({
      method: 'POST',
      path: '/api/v1/nodes',
      body: { metadata: { name: 'n9', labels } },
    });
    const status = { conditions: [{ type: 'Ready', status: 'Unknown' }] };
    await stage.admin.expect({ method: 'PATCH', path: `${node}/status`, body: { status }, type: 'merge' });
    await stage.create(name, specOf('203.0.113.50'));
    await stage.untilRuns(api);
    await stage.play.runPod(api, 'n9');
    await stage.remove(name);
    await until('the DaemonSet to be deleted', () => isDeleting(api));
    const wait = `pod ${api}-n9 on n9 (n9 is NotReady, and its kubelet ends no pod), DaemonSet ${api}. Bring n9 back. When it is switched off, delete Node n9, or run kubectl annotate --overwrite kubevipconfig ${name} kubevip.dev/abandon=n9.`;
    // Before that it speaks of the Lease as well.
    const end = async () => (await said(name, 'Ready')).slice(-wait.length);
    expect(await settled(end, wait)).toBe(wait);
  });

  it('ends when a person gives the node up, though DaemonSet and pod stay', async () => {
    await abandon(name, 'n9');
    await until('it to be gone', () => isGone(name));
    expect(await isDeleting(api)).toBe(true);
    await stage.admin.expect({ method: 'DELETE', path: node });
  });
});

describe('of the control plane alone', () => {
  const name = 'half';
  const own = '203.0.113.41';
  const [api, services] = ['half-control-plane', 'half-services'];
  const holder = async () => (await lease(api))?.spec.holderIdentity;
  const without = { controlPlane: null };
  const back = { controlPlane: { addresses: [own] } };
  const wait = (first: string, more = '') =>
    `Removing the control plane: waiting for ${first}. It leaves because the spec does not ask for it any more. It waits for ${first}${more}.`;

  it('takes the Lease first, while the services go on', async () => {
    await stage.create(name, { ...specOf(own), services: {} });
    await stage.untilRuns(services);
    await Promise.all([stage.play.runHealthy(api, 'n1'), stage.play.runHealthy(services, 'n3')]);
    // Nobody renews it here.
    await stage.play.hold(services, { holder: 'n3', durationSeconds: 600 });
    await stage.change(name, without);
    expect(await settled(holder, 'kube-vip-operator:n1', 15_000)).toBe('kube-vip-operator:n1');
    const expected = wait(
      `kube-vip on n1 to give up ${own}`,
      ` (its Lease was taken from it), DaemonSet ${api}, pod ${api}-n1 on n1`,
    );
    expect(await settled(() => said(name, 'Reconciling'), expected)).toBe(expected);
    // Leases are read a tenth of a second later than the rest at most.
    const both: readonly (string | undefined)[] = ['True Held', 'False Removing'];
    const conditions = async () => conditionsOf(await stage.config(name));
    const told = async () => [(await conditions())['Ready'], (await conditions())['Programmed']];
    expect(await settled(told, both)).toEqual(both);
    expect(await isDeleting(services)).toBe(false);
  });

  it('gives the Lease back to its holder when the control plane is put back', async () => {
    await stage.change(name, back);
    expect(await settled(holder, 'n1')).toBe('n1');
    expect((await lease(api))?.spec.leaseDurationSeconds).toBe(6);
    expect(await isDeleting(api)).toBe(false);
  });

  it('goes on where it was when the operator starts anew, and ends with the pods', async () => {
    await stage.change(name, without);
    await until('the Lease to be taken', async () => (await holder()) === 'kube-vip-operator:n1', 15_000);
    await stage.operator.stop();
    successor = startOperator({
      kubeconfig: stage.kubeconfig,
      args: ['--probe-addresses', 'off', '--health-port', '0'],
    });
    await until('the DaemonSet to be deleted', () => isDeleting(api), 30_000);
    await stage.play.collectGarbage();
    const expected = wait(`pod ${api}-n1 on n1`);
    expect(await settled(() => said(name, 'Reconciling'), expected)).toBe(expected);
    expect(await holder()).toBe('kube-vip-operator:n1');
    await stage.play.endPod(api, 'n1');
    expect(await settled(() => lease(api), undefined)).toBeUndefined();
    const ready = async () => conditionsOf(await stage.config(name))['Ready'];
    expect(await settled(ready, 'True Held')).toBe('True Held');
  });

  it('starts again with another address', async () => {
    await stage.change(name, { controlPlane: { addresses: ['203.0.113.42'] } });
    await stage.untilRuns(api, 15_000);
    const env = (await stage.container(api))?.env ?? [];
    expect(env.find((row) => row.name === 'address')?.value).toBe('203.0.113.42');
  });
});

it('lets kube-vip have a Lease again that a deletion took and never finished', async () => {
  const api = 'again-control-plane';
  await stage.create('again', specOf('203.0.113.51'));
  await stage.untilRuns(api);
  await stage.play.hold(api, { holder: 'kube-vip-operator:n1', durationSeconds: 3600 });
  // As long as n1 may have the address, n1 alone.
  const holder = async () => (await lease(api))?.spec.holderIdentity;
  expect(await settled(holder, 'n1')).toBe('n1');
});
