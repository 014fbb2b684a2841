// config/rbac grants the operator what its code can ask for, and not one verb more.
import { describe, expect, it } from '@jest/globals';
import type { Request } from '../../src/cluster/http.ts';
import { resources, type Resource } from '../../src/cluster/resources.ts';
import { grantedPermissions } from '../granted.ts';
import { recorder, writes } from './requests.ts';

const path =
  /^\/apis?(?:\/(?<group>[a-z.0-9]+\.[a-z0-9.]+|apps))?\/v[a-z0-9]+(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<plural>[a-z]+)\/[^/?]+(?<sub>\/[a-z]+)?/;

/** Permissions that a request needs: a server-side apply also creates. */
function permissionsOf({ method, path: text, contentType }: Request): readonly string[] {
  const { group = '', namespace = '*', plural, sub = '' } = path.exec(text)?.groups ?? {};
  const verbs = contentType === 'application/apply-patch+yaml' ? ['patch', 'create'] : [method.toLowerCase()];
  return verbs.map((verb) => `${namespace} ${group}/${plural}${sub} ${verb}`);
}

async function allRequests(): Promise<readonly Request[]> {
  const { requests, writer } = recorder({ metadata: { name: 'x' } });
  for (const write of Object.values(writes)) {
    await write(writer);
  }
  return requests;
}

const watched = Object.values(resources as Readonly<Record<string, Resource>>).flatMap((row) =>
  ['list', 'watch'].map(
    (verb) => `${row.isNamespaced ? 'kube-vip-system' : '*'} ${row.group}/${row.plural} ${verb}`,
  ),
);

const granted = grantedPermissions();

describe('permissions of the operator', () => {
  it('are what it watches and writes, and nothing else', async () => {
    const needed = [...watched, ...(await allRequests()).flatMap(permissionsOf)];
    expect([...new Set(granted)].sort()).toEqual([...new Set(needed)].sort());
  });

  it('are these, in words', () => {
    expect([...granted].sort()).toEqual([
      '* /namespaces list',
      '* /namespaces watch',
      '* kubevip.dev/kubevipconfigs list',
      '* kubevip.dev/kubevipconfigs patch',
      '* kubevip.dev/kubevipconfigs watch',
      '* kubevip.dev/kubevipconfigs/status patch',
      'kube-vip-system /pods list',
      'kube-vip-system /pods watch',
      'kube-vip-system apps/daemonsets create',
      'kube-vip-system apps/daemonsets delete',
      'kube-vip-system apps/daemonsets list',
      'kube-vip-system apps/daemonsets patch',
      'kube-vip-system apps/daemonsets watch',
      'kube-vip-system coordination.k8s.io/leases delete',
      'kube-vip-system coordination.k8s.io/leases list',
      'kube-vip-system coordination.k8s.io/leases watch',
    ]);
  });
});
