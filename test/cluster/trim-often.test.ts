// What is kept of Pods and Leases, which change again and again.
import { describe, expect, it } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { probePod } from '../../src/cluster/probe-pods.ts';
import { trimLease, trimPod } from '../../src/cluster/trim.ts';
import { base, identity, metadata } from './trim-world.ts';

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
