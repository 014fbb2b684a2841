import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../../../src/cluster/errors.ts';
import { namesOf } from '../../../src/cluster/survey/certificates.ts';
import { apiEndpoints } from '../../../src/cluster/survey/read-survey.ts';
import { emptySurvey } from '../../../src/observed/neighbours/survey.ts';
import { kubeVipConfig } from '../../builders.ts';
import { node } from '../../cluster-builders.ts';
import { namespaceAnswers, read, round, server } from './played-api.ts';

const lease = (renewTime: string) => ({
  spec: { holderIdentity: 'n1', leaseDurationSeconds: 15, renewTime },
});
const leasePath = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/plndr-cp-lock';

describe('readSurvey', () => {
  it('takes what is not there for a fact', async () => {
    await expect(read({})).resolves.toEqual(emptySurvey);
  });

  it('keeps no workload that does not concern us', async () => {
    const template = (image: string) => ({ spec: { containers: [{ name: 'main', image }] } });
    const items = [
      { metadata: { namespace: 'a', name: 'web' }, spec: { template: template('nginx') } },
      { metadata: { namespace: 'a', name: 'vip' }, spec: { template: template('x/kube-vip:v1.1.2') } },
      {
        metadata: { namespace: 'a', name: 'off' },
        spec: { replicas: 0, template: template('x/kube-vip:v1.1.2') },
      },
    ];
    const { workloads } = await read({ '/apis/apps/v1/deployments': { items } });
    expect(workloads.map(({ name }) => name)).toEqual(['vip']);
  });

  it('reads so many of a namespace of tenants that look like others, and says that there are more', async () => {
    const items = ['tenant', 'kube-system'].flatMap((namespace) =>
      Array.from({ length: 60 }, (_, n) => ({
        metadata: { namespace, name: `vip-${n}` },
        spec: { template: { spec: { containers: [{ name: 'main', image: 'x/kube-vip:v1.1.2' }] } } },
      })),
    );
    const { workloads, unclear } = await read({ '/apis/apps/v1/deployments': { items } });
    const of = (name: string) => workloads.filter(({ namespace }) => namespace === name).length;
    expect([of('tenant'), of('kube-system')]).toEqual([50, 60]);
    expect(unclear).toMatchObject([{ what: 'Deployments of namespace tenant' }]);
  });

  it('names a workload once when its list had to begin anew', async () => {
    const vip = {
      metadata: { namespace: 'a', name: 'vip' },
      spec: { template: { spec: { containers: [{ name: 'main', image: 'x/kube-vip:v1.1.2' }] } } },
    };
    const answers = [
      { metadata: { continue: 'more' }, items: [vip] },
      new ApiError(500, 'GET x', 'no'),
      { metadata: { continue: 'more' }, items: [vip] },
      { items: [] },
    ];
    const { workloads } = await read({ '/apis/apps/v1/deployments': answers });
    expect(workloads.map(({ name }) => name)).toEqual(['vip']);
  });

  it('keeps pods of a control-plane node that no listed workload tells of', async () => {
    const pod = (name: string, kind?: string, apiVersion = 'apps/v1') => ({
      metadata: {
        namespace: 'a',
        name,
        labels: { 'pod-template-hash': '5d4' },
        ...(kind && { ownerReferences: [{ apiVersion, kind, name: name.replace(/-x$/, '') }] }),
      },
      spec: { nodeName: 'n1', containers: [{ name: 'main', image: 'x/kube-vip:v1.1.2' }] },
    });
    const items = [
      pod('mine'),
      pod('vip-5d4-x', 'ReplicaSet'),
      pod('alone-5d4-x', 'ReplicaSet'),
      pod('ds-x', 'DaemonSet'),
      pod('once-x', 'Job', 'batch/v1'),
    ];
    const deployment = {
      metadata: { namespace: 'a', name: 'vip' },
      spec: { template: { spec: { containers: [{ name: 'main', image: 'x/kube-vip:v1.1.2' }] } } },
    };
    const { workloads } = await read(
      { '/apis/apps/v1/deployments': { items: [deployment] }, '/api/v1/pods': { items } },
      [node({ name: 'n1' })],
    );
    expect(workloads.map(({ name }) => name)).toEqual(['vip', 'mine', 'alone-5d4-x', 'once-x']);
  });

  it('looks for pods on control-plane nodes that a spec selects, too', async () => {
    const labels = { 'node.kubernetes.io/microk8s-controlplane': 'microk8s-controlplane' };
    const http = server({ '/api/v1/pods': { items: [] } });
    const config = kubeVipConfig({
      spec: { controlPlane: { addresses: ['203.0.113.100'], nodeSelector: labels } },
    });
    await round(http, { nodes: [node({ name: 'm1', labels })], configs: [config] });
    expect(http.given.get('/api/v1/pods')).toBe(1);
  });

  it.each([
    ['2026-11-24T11:59:50Z', true],
    ['2026-11-24T11:59:40Z', false],
  ])('a foreign Lease of %s is fresh: %s', async (renewTime, isFresh) => {
    const { foreignLeases } = await read({ [leasePath]: lease(renewTime) });
    expect(foreignLeases).toEqual([
      { namespace: 'kube-system', name: 'plndr-cp-lock', holder: 'n1', isFresh },
    ]);
  });

  it('says which permissions are lacking', async () => {
    const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    const { lackedPermissions } = await read({ [path]: { status: { allowed: false } } });
    expect(lackedPermissions).toContain('kube-vip-control-plane: update leases');
    expect(lackedPermissions).toContain('kube-vip-services: update services/status');
  });

  it('reads quotas, defaults and labels of our namespace', async () => {
    const found = await read({
      ...namespaceAnswers,
      '/api/v1/namespaces/kube-vip-system/resourcequotas': {
        items: [{ metadata: { name: 'q' }, spec: { hard: { pods: '1' }, scopes: ['BestEffort'] } }],
      },
      '/api/v1/namespaces/kube-vip-system/limitranges': {
        items: [{ spec: { limits: [{ default: { memory: '1Gi' }, defaultRequest: { cpu: '1m' } }, {}] } }],
      },
    });
    expect(found).toMatchObject({
      namespaceLabels: { a: 'b' },
      quotas: [{ name: 'q', hard: { pods: '1' }, used: {}, isScoped: true }],
      limitDefaults: ['limits.memory', 'requests.memory', 'requests.cpu'],
    });
  });

  it('reads pools and policies where their groups are served', async () => {
    const found = await read({
      '/apis': { groups: [{ name: 'metallb.io' }, { name: 'cilium.io' }] },
      '/api/v1/namespaces/kube-system/configmaps/kubevip': {
        data: {
          'cidr-global': '203.0.113.0/28, 2001:db8::/64',
          'range-shop': '203.0.113.20-203.0.113.21',
          'interface-shop': 'eth1',
          'search-order': 'desc',
        },
      },
      '/apis/metallb.io/v1beta1/ipaddresspools': {
        items: [{ metadata: { namespace: 'm', name: 'p' }, spec: { addresses: ['203.0.113.0/24'] } }],
      },
      '/apis/cilium.io/v2alpha1/ciliumloadbalancerippools': {
        items: [
          {
            metadata: { name: 'a' },
            spec: {
              blocks: [{ cidr: '10.0.0.0/8' }, { start: '10.0.0.1', stop: '10.0.0.2' }],
              serviceSelector: { matchLabels: { a: 'b' } },
            },
          },
          { metadata: { name: 'b' }, spec: { disabled: true } },
        ],
      },
      '/apis/cilium.io/v2alpha1/ciliuml2announcementpolicies': {
        items: [
          {
            metadata: { name: 'l2' },
            spec: { loadBalancerIPs: true, serviceSelector: { matchLabels: { a: 'b' } } },
          },
        ],
      },
    });
    expect(found.pools).toEqual([
      {
        object: 'ConfigMap/kube-system/kubevip',
        ranges: ['203.0.113.0/28', '2001:db8::/64', '203.0.113.20-203.0.113.21'],
      },
      { object: 'IPAddressPool/m/p', namespace: 'm', ranges: ['203.0.113.0/24'] },
      {
        object: 'CiliumLoadBalancerIPPool/a',
        ranges: ['10.0.0.0/8', '10.0.0.1-10.0.0.2'],
        selector: { matchLabels: { a: 'b' } },
      },
    ]);
    expect(found.l2Policies).toEqual([
      { name: 'l2', announces: true, selector: { matchLabels: { a: 'b' } } },
    ]);
  });

  it('reads the pools of a Cilium that serves the newer version', async () => {
    const { pools } = await read({
      '/apis': { groups: [{ name: 'cilium.io' }] },
      '/apis/cilium.io/v2/ciliumloadbalancerippools': {
        items: [{ metadata: { name: 'new' }, spec: { blocks: [{ start: '10.0.0.1' }] } }],
      },
    });
    expect(pools).toEqual([{ object: 'CiliumLoadBalancerIPPool/new', ranges: ['10.0.0.1-10.0.0.1'] }]);
  });
});

describe('apiEndpoints', () => {
  it('are those of at most seven control-plane nodes, a port once', () => {
    const nodes = Array.from({ length: 9 }, (_, index) =>
      node({ name: `n${index}`, address: `203.0.113.${index}` }),
    );
    const worker = node({ name: 'w', labels: {} });
    const found = apiEndpoints([worker, ...nodes], [kubeVipConfig(), kubeVipConfig({ name: 'other' })]);
    expect(found).toHaveLength(7);
    expect(found[0]).toEqual({ node: 'n0', address: '203.0.113.0', port: 6443 });
  });

  it('are those of nodes that a spec selects, where the label is on none', () => {
    const labels = { 'node.kubernetes.io/microk8s-controlplane': 'microk8s-controlplane' };
    const nodes = [node({ name: 'm1', labels, address: '203.0.113.1' }), node({ name: 'w1', labels: {} })];
    const config = kubeVipConfig({
      spec: { controlPlane: { addresses: ['203.0.113.100'], nodeSelector: labels } },
    });
    expect(apiEndpoints(nodes, [config])).toEqual([{ node: 'm1', address: '203.0.113.1', port: 6443 }]);
  });

  it('are none without a control plane', () => {
    expect(apiEndpoints([node()], [kubeVipConfig({ spec: { controlPlane: undefined } })])).toEqual([]);
  });
});

describe('namesOf', () => {
  it('reads names and addresses in the form of a spec', () => {
    const text = 'DNS:kubernetes, IP Address:198.51.100.1, IP Address:2001:DB8:0:0:0:0:0:100';
    expect(namesOf(text)).toEqual(['kubernetes', '198.51.100.1', '2001:db8::100']);
    expect(namesOf(undefined)).toEqual([]);
  });
});
