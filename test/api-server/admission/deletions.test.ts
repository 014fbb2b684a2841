// While a KubeVipConfig exists, nobody deletes by accident what its addresses live on.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { specWith, written } from '../builders.ts';
import { namespace, paths } from '../cluster.ts';
import { until } from '../until.ts';
import { startFence, type Fence, type Write } from './fence.ts';

jest.setTimeout(100_000);

const policy = 'deletions.kubevip.dev';
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const inNamespace = (kind: string) => `${rbac}/namespaces/${namespace}/${kind}`;
const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;

const names = ['kube-vip-control-plane', 'kube-vip-services', 'kube-vip-operator'];
const guarded: readonly (readonly [kind: string, name: string, path: string])[] = [
  ['CustomResourceDefinition', 'kubevipconfigs.kubevip.dev', paths.crd],
  ['Namespace', namespace, `/api/v1/namespaces/${namespace}`],
  ...names.flatMap((name) => [
    ['ServiceAccount', name, `${accounts}/${name}`] as const,
    ['Role', name, `${inNamespace('roles')}/${name}`] as const,
    ['RoleBinding', name, `${inNamespace('rolebindings')}/${name}`] as const,
  ]),
  ...['kube-vip-services', 'kube-vip-operator'].flatMap((name) => [
    ['ClusterRole', name, `${rbac}/clusterroles/${name}`] as const,
    ['ClusterRoleBinding', name, `${rbac}/clusterrolebindings/${name}`] as const,
  ]),
];

const removes = (path: string): Write => ({ method: 'DELETE', path });
const said = (kind: string, name: string) =>
  `${kind} ${name}: expected to stay while a KubeVipConfig exists, found DELETE by system:admin; its addresses would go: delete KubeVipConfig edge first, or annotate this object kubevip.dev/allow-deletion=true`;

const probe = removes(paths.crd);
let fence: Fence;

beforeAll(async () => {
  fence = await startFence();
  for (const name of ['other', namespace]) {
    const path = `/api/v1/namespaces/${name === 'other' ? 'default' : namespace}/serviceaccounts`;
    await fence.must({ method: 'POST', path, body: { metadata: { name: 'other' } } });
  }
}, 90_000);

afterAll(() => fence?.stop());

describe('without a KubeVipConfig', () => {
  it.each(guarded)('%s %s can be deleted', async (_kind, _name, path) => {
    expect(await fence.ask(removes(path))).toBe('allowed');
  });
});

describe('with a KubeVipConfig', () => {
  beforeAll(async () => {
    await fence.must({ method: 'POST', path: paths.configs, body: written('edge', specWith()) });
    await fence.inForce(policy, probe);
  });

  it.each(guarded)('%s %s stays', async (kind, name, path) => {
    const answer = await fence.ask(removes(path));
    expect(answer.replace(/by \S+;/, 'by system:admin;')).toBe(said(kind, name));
  });

  // A request for a collection has no name.
  it.each([
    ['CustomResourceDefinition', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'],
    ['ServiceAccount', accounts],
    ['Role', inNamespace('roles')],
    ['RoleBinding', inNamespace('rolebindings')],
    ['ClusterRole', `${rbac}/clusterroles?fieldSelector=metadata.name%3Dkube-vip-services`],
    ['ClusterRoleBinding', `${rbac}/clusterrolebindings?fieldSelector=metadata.name%3Dkube-vip-services`],
  ])('a collection of %ss that has one stays', async (_, path) => {
    expect(await fence.ask(removes(path))).toContain('expected to stay while a KubeVipConfig exists');
  });

  it.each([
    ['an account of another name', `${accounts}/other`],
    ['an account of another namespace', '/api/v1/namespaces/default/serviceaccounts/other'],
    ['another namespace', '/api/v1/namespaces/kube-public'],
    ['the KubeVipConfig', `${paths.configs}/edge`],
  ])('%s can be deleted', async (_, path) => {
    expect(await fence.ask(removes(path))).toMatch(/^(allowed|403 namespaces "kube-public" is forbidden)/);
  });

  it('the cluster carries out a deletion that was admitted', async () => {
    const as = 'system:serviceaccount:kube-system:namespace-controller';
    const groups = ['system:masters'];
    expect(await fence.ask({ ...removes(`${accounts}/kube-vip-services`), as, groups })).toBe('allowed');
  });

  it('an annotation deletes on purpose', async () => {
    const path = `${accounts}/kube-vip-services`;
    const annotations = { 'kubevip.dev/allow-deletion': 'true' };
    await fence.must({ method: 'PATCH', path, body: { metadata: { annotations } }, type: 'merge' });
    expect(await fence.ask(removes(path))).toBe('allowed');
  });

  it('without the fence everything can be deleted', async () => {
    await fence.open(policy, probe);
    for (const [, , path] of guarded) {
      expect(await fence.ask(removes(path))).toBe('allowed');
    }
    await fence.close(policy, probe);
  });

  it('when it is gone, everything can be deleted', async () => {
    await fence.must(removes(`${paths.configs}/edge`));
    await until('the fence to know it', async () => (await fence.ask(probe)) === 'allowed', 15_000);
    expect(await fence.write(probe)).toBe('allowed');
  });
});
