// What is kept of Nodes and Services, and that nothing else is.
import { describe, expect, it } from '@jest/globals';
import { trimNode, trimService } from '../../src/cluster/trim.ts';
import { base, identity, metadata } from './trim-world.ts';

describe('trimNode', () => {
  it('keeps what decisions read, and neither images, capacity nor heartbeats', () => {
    const addresses = [{ type: 'InternalIP', address: '203.0.113.11' }];
    const taints = [{ key: 'a', effect: 'NoSchedule' }];
    const node = {
      ...base,
      kind: 'Node',
      metadata: { ...metadata, labels: { role: 'a' } },
      spec: { taints, podCIDR: '198.18.1.0/24', podCIDRs: ['198.18.1.0/24'], providerID: 'y' },
      status: {
        addresses,
        capacity: { cpu: '4' },
        images: [{ names: ['a'] }],
        conditions: [
          { type: 'MemoryPressure', status: 'False' },
          {
            type: 'Ready',
            status: 'True',
            lastHeartbeatTime: '2026-11-24T10:00:00Z',
            reason: 'KubeletReady',
          },
        ],
        nodeInfo: { kubeletVersion: 'v1.36.3', osImage: 'Debian', operatingSystem: 'linux', bootID: 'z' },
      },
    };
    expect(trimNode(node as object)).toEqual({
      ...base,
      kind: 'Node',
      metadata: { ...identity, labels: { role: 'a' } },
      spec: { taints, podCIDRs: ['198.18.1.0/24'] },
      status: {
        addresses,
        conditions: [{ type: 'Ready', status: 'True' }],
        nodeInfo: { kubeletVersion: 'v1.36.3', osImage: 'Debian', operatingSystem: 'linux' },
      },
    });
  });

  it('is the same before and after a heartbeat', () => {
    const beat = (lastHeartbeatTime: string) =>
      trimNode({
        ...base,
        status: { conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime }] },
      } as object);
    expect(beat('2026-11-24T10:00:00Z')).toEqual(beat('2026-11-24T10:05:00Z'));
  });

  it('takes a node that has nothing yet', () => {
    expect(trimNode({ metadata: { name: 'x' } })).toEqual({
      metadata: { name: 'x' },
      spec: {},
      status: { conditions: [], nodeInfo: {} },
    });
  });
});

describe('trimService', () => {
  const ports = [{ name: 'a', port: 80, targetPort: 8080, protocol: 'TCP' }];

  it('keeps type and addresses of one that is no load balancer', () => {
    const spec = { type: 'ClusterIP', clusterIP: '198.51.100.9', clusterIPs: ['198.51.100.9'], ports };
    expect(
      trimService({ ...base, kind: 'Service', metadata: { ...metadata, namespace: 'ns' }, spec } as object),
    ).toEqual({
      ...base,
      kind: 'Service',
      metadata: { ...identity, namespace: 'ns' },
      spec: { type: 'ClusterIP', clusterIPs: ['198.51.100.9'] },
    });
  });

  it('keeps the ports of external addresses, which two Services can share', () => {
    const spec = { type: 'ClusterIP', externalIPs: ['203.0.113.7'], ports };
    expect(trimService({ ...base, metadata, spec } as object).spec).toEqual({
      type: 'ClusterIP',
      externalIPs: ['203.0.113.7'],
      ports: [{ port: 80, protocol: 'TCP' }],
    });
  });

  it('keeps the grant of what is no load balancer any more, and no request', () => {
    const annotations = {
      'kube-vip.io/loadbalancerIPs': '203.0.113.110',
      'kubevip.dev/addresses': '203.0.113.111',
    };
    const spec = { type: 'ClusterIP' };
    const kept = trimService({ ...base, metadata: { ...metadata, annotations }, spec } as object);
    expect(kept.metadata?.annotations).toEqual({ 'kube-vip.io/loadbalancerIPs': '203.0.113.110' });
  });

  it.each([
    ['kube-vip-operator', 'f:kube-vip.io/loadbalancerIPs', [{ manager: 'kube-vip-operator' }]],
    ['kube-vip-operator', 'f:other', undefined],
    ['kubectl', 'f:kube-vip.io/loadbalancerIPs', undefined],
  ])('keeps that %s wrote %s only of a grant of the operator', (manager, field, expected) => {
    const fieldsV1 = { 'f:metadata': { 'f:annotations': { '.': {}, [field]: {} } } };
    const managedFields = [{ manager, operation: 'Update', fieldsV1 }];
    // What is no load balancer any more may have its grant on a node still.
    for (const type of ['LoadBalancer', 'ClusterIP']) {
      const kept = trimService({
        ...base,
        metadata: { ...metadata, managedFields },
        spec: { type },
      } as object);
      expect(kept.metadata?.managedFields).toEqual(expected);
    }
  });

  it('keeps of a load balancer also labels, class, policy, ports, what is published, and what it asks for', () => {
    const annotations = {
      'kube-vip.io/loadbalancerIPs': '203.0.113.110',
      'kube-vip.io/leaseName': 'x'.repeat(5000),
      'kube-vip.io/vipHost': 'n1',
      note: 'x',
    };
    const service = {
      ...base,
      kind: 'Service',
      metadata: { ...metadata, namespace: 'ns', annotations, labels: { app: 'x' } },
      spec: {
        type: 'LoadBalancer',
        clusterIPs: ['198.51.100.9'],
        externalIPs: ['203.0.113.7'],
        loadBalancerClass: 'kubevip.dev/edge',
        loadBalancerIP: '203.0.113.110',
        externalTrafficPolicy: 'Local',
        selector: { app: 'x' },
        ports,
      },
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.110', ipMode: 'VIP' }] }, conditions: [] },
    };
    expect(trimService(service as object)).toEqual({
      ...base,
      kind: 'Service',
      metadata: {
        ...identity,
        namespace: 'ns',
        labels: { app: 'x' },
        annotations: {
          'kube-vip.io/loadbalancerIPs': '203.0.113.110',
          'kube-vip.io/leaseName': 'x'.repeat(64),
        },
      },
      spec: {
        type: 'LoadBalancer',
        clusterIPs: ['198.51.100.9'],
        externalIPs: ['203.0.113.7'],
        loadBalancerClass: 'kubevip.dev/edge',
        loadBalancerIP: '203.0.113.110',
        externalTrafficPolicy: 'Local',
        ports: [{ port: 80, protocol: 'TCP' }],
      },
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.110' }] } },
    });
  });
});
