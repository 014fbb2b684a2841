// config/rbac grants the operator what its code can ask for, and not one verb more.
import { describe, expect, it } from '@jest/globals';
import type { Request } from '../../src/cluster/http.ts';
import { readLastLine } from '../../src/cluster/pod-log.ts';
import { resources, type Resource } from '../../src/cluster/resources.ts';
import { grantedPermissions } from '../granted.ts';
import { readSurvey } from '../../src/cluster/survey/read-survey.ts';
import { node } from '../cluster-builders.ts';
import { accesses, leaseCalls, recorder, writes } from './requests.ts';

const path =
  /^\/apis?(?:\/(?<group>[a-z.0-9]+\.[a-z0-9.]+|apps))?\/v[a-z0-9]+(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<plural>[a-z0-9]+)(?:\/(?<name>[^/?]+)(?<sub>\/[a-z]+)?)?/;

/** Permissions that a request needs: a server-side apply also creates. */
function permissionsOf({ method, path: text, contentType }: Request): readonly string[] {
  const { group = '', namespace = '*', plural, name, sub = '' } = path.exec(text)?.groups ?? {};
  const read = name === undefined ? 'list' : 'get';
  const verb = { GET: read, POST: 'create', PATCH: 'patch', DELETE: 'delete' }[method];
  const verbs = contentType === 'application/apply-patch+yaml' ? ['patch', 'create'] : [verb];
  return verbs.map((verb) => `${namespace} ${group}/${plural}${sub} ${verb}`);
}

async function allRequests(): Promise<readonly Request[]> {
  const { requests, writer, send, lease, access } = recorder({ metadata: { name: 'x' }, items: [] });
  for (const write of Object.values(writes)) {
    await write(writer);
  }
  for (const call of Object.values(accesses)) {
    await call(access);
  }
  for (const call of leaseCalls) {
    await call(lease);
  }
  await readLastLine({ send }, 'edge-services-x', true);
  return requests;
}

/** What a survey of a cluster with every neighbour asks for; `/version` and the like are everybody's. */
async function surveyRequests(): Promise<readonly Request[]> {
  const requests: Request[] = [];
  const answer = {
    metadata: { name: 'x' },
    items: [],
    groups: [{ name: 'metallb.io' }, { name: 'cilium.io' }],
  };
  const send = <T>(request: Request): Promise<T> => {
    requests.push(request);
    return Promise.resolve(answer as T);
  };
  await readSurvey({ http: { send }, now: () => 0, nodes: [node()], configs: [] });
  return requests.filter((request) => path.test(request.path));
}

const watched = Object.values(resources as Readonly<Record<string, Resource>>).flatMap((row) =>
  ['list', 'watch'].map(
    (verb) => `${row.isNamespaced ? 'kube-vip-system' : '*'} ${row.group}/${row.plural} ${verb}`,
  ),
);

const granted = grantedPermissions();

/** What is granted for the whole cluster is granted in each namespace. */
const inWholeCluster = (row: string): string => {
  const everywhere = row.replace(/^\S+/, '*');
  return !granted.includes(row) && granted.includes(everywhere) ? everywhere : row;
};

describe('permissions of the operator', () => {
  it('are what it watches and writes, and nothing else', async () => {
    const requests = [...(await allRequests()), ...(await surveyRequests())];
    const needed = [...watched, ...requests.flatMap(permissionsOf).map(inWholeCluster)];
    expect([...new Set(granted)].sort()).toEqual([...new Set(needed)].sort());
  });

  it('are these, in words', () => {
    expect([...granted].sort()).toEqual([
      '* /namespaces list',
      '* /namespaces watch',
      '* /nodes list',
      '* /nodes watch',
      '* /pods list',
      '* /services list',
      '* /services patch',
      '* /services watch',
      '* admissionregistration.k8s.io/validatingadmissionpolicies list',
      '* admissionregistration.k8s.io/validatingadmissionpolicies watch',
      '* admissionregistration.k8s.io/validatingadmissionpolicybindings list',
      '* admissionregistration.k8s.io/validatingadmissionpolicybindings watch',
      '* apps/daemonsets list',
      '* apps/deployments list',
      '* apps/statefulsets list',
      '* authorization.k8s.io/subjectaccessreviews create',
      '* cilium.io/ciliuml2announcementpolicies list',
      '* cilium.io/ciliumloadbalancerippools list',
      '* events.k8s.io/events create',
      '* events.k8s.io/events patch',
      '* kubevip.dev/kubevipconfigs list',
      '* kubevip.dev/kubevipconfigs patch',
      '* kubevip.dev/kubevipconfigs watch',
      '* kubevip.dev/kubevipconfigs/status patch',
      '* metallb.io/ipaddresspools list',
      '* networking.k8s.io/servicecidrs list',
      'kube-public /configmaps get',
      'kube-system /configmaps get',
      'kube-system coordination.k8s.io/leases get',
      'kube-vip-system /configmaps create',
      'kube-vip-system /configmaps delete',
      'kube-vip-system /configmaps list',
      'kube-vip-system /configmaps patch',
      'kube-vip-system /limitranges list',
      'kube-vip-system /pods delete',
      'kube-vip-system /pods list',
      'kube-vip-system /pods watch',
      'kube-vip-system /pods/log get',
      'kube-vip-system /resourcequotas list',
      'kube-vip-system apps/controllerrevisions create',
      'kube-vip-system apps/controllerrevisions delete',
      'kube-vip-system apps/controllerrevisions list',
      'kube-vip-system apps/controllerrevisions patch',
      'kube-vip-system apps/controllerrevisions watch',
      'kube-vip-system apps/daemonsets create',
      'kube-vip-system apps/daemonsets delete',
      'kube-vip-system apps/daemonsets list',
      'kube-vip-system apps/daemonsets patch',
      'kube-vip-system apps/daemonsets watch',
      'kube-vip-system coordination.k8s.io/leases create',
      'kube-vip-system coordination.k8s.io/leases delete',
      'kube-vip-system coordination.k8s.io/leases get',
      'kube-vip-system coordination.k8s.io/leases list',
      'kube-vip-system coordination.k8s.io/leases patch',
      'kube-vip-system coordination.k8s.io/leases watch',
    ]);
  });
});
