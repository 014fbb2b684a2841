// What is kept of Nodes, Services, Pods and Leases, and that nothing else is.
import { describe, expect, it } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { probePod } from '../../src/cluster/probe-pods.ts';
import { trimLease, trimNode, trimPod, trimService } from '../../src/cluster/trim.ts';

const metadata = {
  name: 'x',
  uid: 'u',
  resourceVersion: '7',
  creationTimestamp: '2026-11-24T10:00:00Z',
  managedFields: [{ manager: 'kubelet' }],
  annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
  ownerReferences: [],
};
const identity = { name: 'x', uid: 'u', resourceVersion: '7', creationTimestamp: '2026-11-24T10:00:00Z' };
const base = { apiVersion: 'v1' };

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

describe('trimPod', () => {
  const affinity = { nodeAffinity: {} };
  const ended = { terminated: { exitCode: 0, message: '{"node":"n1"}', containerID: 'containerd://1' } };
  const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-11-24T10:00:00Z' };
  const container = {
    name: 'probe',
    image: 'i',
    containerID: 'containerd://1',
    lastState: {},
    state: ended,
  };
  const ports = [{ containerPort: 29_100, hostPort: 29_100 }];
  const pod = {
    ...base,
    kind: 'Pod',
    metadata: { ...metadata, namespace: 'ns', labels: { a: 'b' } },
    spec: {
      nodeName: 'n1',
      affinity,
      containers: [{ name: 'probe', image: 'i', env: [], ports }],
      tolerations: [],
    },
    status: {
      phase: 'Running',
      startTime: '2026-11-24T10:00:01Z',
      podIPs: [],
      conditions: [
        { type: 'Initialized', status: 'True' },
        { ...scheduled, observedGeneration: 1 },
        { type: 'Ready', status: 'False', message: 'x', lastProbeTime: null },
      ],
      containerStatuses: [{ ...container, imageID: 'j', ready: true }],
    },
  };

  it('keeps labels, node, which containers it has, their images and how they are, and no more of their spec nor addresses', () => {
    expect(trimPod(pod as object)).toEqual({
      ...base,
      kind: 'Pod',
      metadata: { ...identity, namespace: 'ns', labels: { a: 'b' } },
      spec: { nodeName: 'n1', containers: [{ name: 'probe', image: 'i' }] },
      status: {
        startTime: '2026-11-24T10:00:01Z',
        conditions: [scheduled, { type: 'Ready', status: 'False', message: 'x' }],
        containerStatuses: [container],
      },
    });
  });

  it('keeps the affinity of one that is not scheduled, which names its node, and its ports', () => {
    const { nodeName: _, ...spec } = pod.spec;
    expect(trimPod({ ...pod, spec, status: undefined } as object)).toMatchObject({
      spec: { affinity, containers: [{ name: 'probe', ports }] },
      status: {},
    });
  });

  it('says the same of a pod that waits, ails or has spoken as the whole object does', () => {
    expect(probePod(trimPod(pod as object))).toEqual(probePod(pod as unknown as V1Pod));
  });
});

describe('trimLease', () => {
  it('keeps labels, annotations and what the holder says, and not who wrote which field', () => {
    const lease = { ...base, metadata: { ...metadata, labels: { a: 'b' } }, spec: { holderIdentity: 'n1' } };
    expect(trimLease(lease as object)).toEqual({
      ...base,
      metadata: { ...identity, labels: { a: 'b' }, annotations: metadata.annotations },
      spec: { holderIdentity: 'n1' },
    });
  });
});
