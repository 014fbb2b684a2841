// One owner per address and class, from creation to the last pod of a deletion.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import { heard } from './audit.ts';
import { conditionsOf, messageOf, specWith, type AnySpec } from './builders.ts';
import { paths } from './cluster.ts';
import { startStage, type Stage } from './stage.ts';
import { settled, until } from './until.ts';
import { stretched } from '../stretched.ts';

jest.setTimeout(30_000);

let stage: Stage;

beforeAll(async () => {
  // Two that are created in the same second may both pass the policy: this is what happens then.
  stage = await startStage({ open: ['kubevipconfig-claims.kubevip.dev'] });
}, 60_000);

afterAll(() => stage?.stop());

const addressOf = (address: string): AnySpec => specWith({ controlPlane: { addresses: [address] } });
const classOf = (name: string): AnySpec => ({
  version: 'v1.1.2',
  mode: 'ARP',
  services: { loadBalancerClass: name },
});
// The policy that would refuse such KubeVipConfigs.
const Unguarded = 'True PolicyMissing';
const rejected = (reason: string) => ({
  Accepted: `False ${reason}`,
  PreflightPassed: reason.endsWith('Conflict') ? 'False PreflightFailed' : 'True PreflightPassed',
  Programmed: 'False NotAccepted',
  Ready: 'False NotAccepted',
  Stalled: `True ${reason}`,
  Unguarded,
});
const isDeleting = async (daemonSet: string): Promise<boolean> =>
  (await stage.daemonSet(daemonSet))?.metadata?.finalizers?.includes('foregroundDeletion') ?? false;

async function daemonSetNames(): Promise<readonly (string | undefined)[]> {
  const { items } = await stage.admin.expect<{ items: V1DaemonSet[] }>({
    method: 'GET',
    path: paths.daemonSets,
  });
  return items.map(({ metadata }) => metadata?.name);
}

describe.each([
  {
    what: 'an address',
    reason: 'AddressConflict',
    spec: addressOf('203.0.113.10'),
    component: 'control-plane',
    says: /^spec\.controlPlane\.addresses: 203\.0\.113\.10 belongs to KubeVipConfig address-1\. /,
    name: 'address',
  },
  {
    what: 'a class',
    reason: 'ClassConflict',
    spec: classOf('example.org/shared'),
    component: 'services',
    says: /^spec\.services\.loadBalancerClass: example\.org\/shared belongs to KubeVipConfig class-1\. /,
    name: 'class',
  },
])('$what that somebody else has', ({ name, reason, spec, component, says }) => {
  const [first, second] = [`${name}-1`, `${name}-2`];
  const [ofFirst, ofSecond] = [`${first}-${component}`, `${second}-${component}`];

  it('is refused with reason and owner, and nothing is rendered for it', async () => {
    await stage.create(first, spec);
    await stage.untilRuns(ofFirst);
    await stage.create(second, spec);
    expect(await stage.conditions(second, rejected(reason))).toEqual(rejected(reason));
    expect(messageOf(await stage.config(second), 'Accepted')).toMatch(says);
    expect(await stage.daemonSet(ofSecond)).toBeUndefined();
    expect((await stage.config(second))?.metadata.finalizers).toBeUndefined();
  });

  it('stays refused while the first is being deleted and its pods run', async () => {
    await stage.play.runPod(ofFirst, 'n1');
    await stage.remove(first);
    await until('the first to be deleted', () => isDeleting(ofFirst));
    await stage.play.collectGarbage();
    await until('the first to wait for its pod', async () =>
      messageOf(await stage.config(first), 'Reconciling')?.includes('n1'),
    );
    expect(conditionsOf(await stage.config(second))).toEqual(rejected(reason));
    expect(await stage.daemonSet(ofSecond)).toBeUndefined();
  });

  it('goes to the second as soon as the last pod of the first is gone', async () => {
    await stage.play.endPod(ofFirst, 'n1');
    await until('the first to be gone', async () => (await stage.config(first)) === undefined);
    await stage.untilRuns(ofSecond);
    const applied = await heard(stage.api, 'patch daemonsets', ofSecond);
    const gone = await heard(stage.api, 'patch kubevipconfigs', first);
    expect(applied.answeredAt - gone.askedAt).toBeLessThan(stretched(1000));
    const verdict = async () => conditionsOf(await stage.config(second))['Accepted'];
    expect(await settled(verdict, 'True Accepted')).toBe('True Accepted');
  });
});

it('gives an address to exactly one of several that are created at once', async () => {
  const names = ['twin-c', 'twin-a', 'twin-b', 'twin-d'];
  await Promise.all(names.map((name) => stage.create(name, addressOf('203.0.113.20'))));
  const verdicts = async () =>
    Promise.all(names.map(async (name) => conditionsOf(await stage.config(name))['Accepted'] ?? ''));
  await until('a verdict on each', async () => (await verdicts()).every((text) => text !== ''));
  const sorted = ['False AddressConflict', 'False AddressConflict', 'False AddressConflict', 'True Accepted'];
  expect(await settled(async () => (await verdicts()).sort(), sorted)).toEqual(sorted);
  // The winner is accepted first, and applied when preflight has its facts.
  const count = async () => (await daemonSetNames()).filter((name) => name?.startsWith('twin-')).length;
  expect(await settled(count, 1)).toBe(1);
});

it('leaves a DaemonSet of a stranger alone and reports it', async () => {
  const labels = { app: 'stranger' };
  const spec = {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'x', image: 'example.org/x' }] } },
  };
  const metadata = { name: 'odd-control-plane', namespace: 'kube-vip-system' };
  const made = await stage.admin.expect<V1DaemonSet>({
    method: 'POST',
    path: paths.daemonSets,
    body: { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec },
  });
  await stage.create('odd', addressOf('203.0.113.30'));
  expect(await stage.conditions('odd', rejected('ObjectNotOwned'))).toEqual(rejected('ObjectNotOwned'));
  expect(messageOf(await stage.config('odd'), 'Accepted')).toBe(
    'DaemonSet kube-vip-system/odd-control-plane is not of this operator. Expected one that this operator made, found one without its label and without its owner. Delete or rename DaemonSet kube-vip-system/odd-control-plane.',
  );
  const now = await stage.daemonSet('odd-control-plane');
  expect(now?.metadata?.resourceVersion).toBe(made.metadata?.resourceVersion);
  await stage.admin.expect({ method: 'DELETE', path: `${paths.daemonSets}/odd-control-plane` });
  await until('ours in its place', async () => {
    const labelled = (await stage.daemonSet('odd-control-plane'))?.metadata?.labels;
    return labelled?.['app.kubernetes.io/managed-by'] === 'kube-vip-operator';
  });
});

describe('a deletion', () => {
  const [api, services] = ['gone-control-plane', 'gone-services'];
  const lease = (name: string) => stage.admin.get(`${paths.leases}/${name}`);

  // kube-vip has lost its Lease after 2 + 2.2 x 1 seconds.
  const leaderElection = { leaseDurationSeconds: 6, renewDeadlineSeconds: 2, retryPeriodSeconds: 1 };

  it('takes the DaemonSets first, and waits for them in the open', async () => {
    await stage.create('gone', { ...addressOf('203.0.113.40'), services: {}, leaderElection });
    await stage.untilRuns(services);
    await Promise.all([stage.play.runHealthy(api, 'n1'), stage.play.runHealthy(services, 'n3')]);
    const holder = async () => (await stage.config('gone'))?.status?.controlPlane?.holder;
    expect(await settled(holder, 'n1', 15_000)).toBe('n1');
    await stage.remove('gone');
    await until('the services to be deleted', () => isDeleting(services));
    expect(await isDeleting(api)).toBe(false);
    await until('both to be deleted', () => isDeleting(api), 15_000);
    const wanted = {
      Accepted: 'True Accepted',
      PreflightPassed: 'True PreflightPassed',
      Programmed: 'False Deleting',
      Ready: 'False Deleting',
      Reconciling: 'True Deleting',
      Unguarded,
    };
    expect(await stage.conditions('gone', wanted)).toEqual(wanted);
    expect(await lease(api)).toBeDefined();
  });

  it('keeps the finalizer while one pod is left, and names the pod and its node', async () => {
    expect(await stage.play.collectGarbage()).toEqual([api, services]);
    await stage.play.endPod(api, 'n1');
    const since = (await stage.config('gone'))?.metadata.deletionTimestamp;
    const message = `Deleting: waiting for pod gone-services-n3 on n3. Since ${since} it waits for pod gone-services-n3 on n3.`;
    const said = async () => messageOf(await stage.config('gone'), 'Ready');
    expect(await settled(said, message)).toBe(message);
    expect((await stage.config('gone'))?.metadata.finalizers).toEqual(['kubevip.dev/operands']);
  });

  it('ends with the last pod, and takes the Leases with it', async () => {
    await stage.play.endPod(services, 'n3');
    await until('it to be gone', async () => (await stage.config('gone')) === undefined);
    expect(await lease(api)).toBeUndefined();
    expect(await lease(services)).toBeUndefined();
  });

  it('of an object whose DaemonSet never was leaves at once', async () => {
    await stage.create('late', addressOf('203.0.113.20'));
    await stage.conditions('late', rejected('AddressConflict'));
    await stage.remove('late');
    expect(await stage.config('late')).toBeUndefined();
  });

  it('works while the object is suspended', async () => {
    await stage.create('rest', addressOf('203.0.113.50'));
    await stage.untilRuns('rest-control-plane');
    await stage.change('rest', { suspend: true });
    await stage.remove('rest');
    await until('its DaemonSet to be deleted', () => isDeleting('rest-control-plane'));
    await stage.play.collectGarbage();
    expect(await settled(() => stage.config('rest'), undefined)).toBeUndefined();
  });

  it('keeps the finalizers of others', async () => {
    await stage.create('shared', addressOf('203.0.113.60'));
    await stage.untilRuns('shared-control-plane');
    const path = `${paths.configs}/shared`;
    const finalizers = ['kubevip.dev/operands', 'example.org/audit'];
    await stage.admin.expect({ method: 'PATCH', path, body: { metadata: { finalizers } }, type: 'merge' });
    await stage.remove('shared');
    await until('its DaemonSet to be deleted', () => isDeleting('shared-control-plane'));
    await stage.play.collectGarbage();
    const left = async () => (await stage.config('shared'))?.metadata.finalizers;
    expect(await settled(left, ['example.org/audit'])).toEqual(['example.org/audit']);
    const { deletionTimestamp } = (await stage.config('shared'))?.metadata ?? {};
    const ready = async () =>
      (await stage.config('shared'))?.status?.conditions?.find(({ type }) => type === 'Ready')?.message;
    const wanted = `Deleting: waiting for finalizer example.org/audit. Since ${String(deletionTimestamp)} it waits for finalizer example.org/audit (it is not ours).`;
    expect(await settled(ready, wanted)).toBe(wanted);
    await stage.admin.expect({
      method: 'PATCH',
      path,
      body: { metadata: { finalizers: null } },
      type: 'merge',
    });
    await until('it to be gone', async () => (await stage.config('shared')) === undefined);
  });
});
