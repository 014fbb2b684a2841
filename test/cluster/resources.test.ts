import { describe, expect, it } from '@jest/globals';
import { pathOf, resources, type Resource } from '../../src/cluster/resources.ts';

describe('pathOf', () => {
  it.each<readonly [string, Resource, string | undefined, string]>([
    [
      'is cluster-wide for configs',
      resources.configs,
      undefined,
      '/apis/kubevip.dev/v1alpha1/kubevipconfigs',
    ],
    ['names one config', resources.configs, 'edge', '/apis/kubevip.dev/v1alpha1/kubevipconfigs/edge'],
    [
      'stays in the namespace for DaemonSets',
      resources.daemonSets,
      'x',
      '/apis/apps/v1/namespaces/ns/daemonsets/x',
    ],
    ['knows that pods have no group', resources.pods, undefined, '/api/v1/namespaces/ns/pods'],
    ['is cluster-wide for namespaces', resources.openNamespaces, undefined, '/api/v1/namespaces'],
    ['finds Leases', resources.leases, undefined, '/apis/coordination.k8s.io/v1/namespaces/ns/leases'],
  ])('%s', (_, resource, name, expected) => {
    expect(pathOf(resource, 'ns', name)).toBe(expected);
  });
});

describe('resources', () => {
  it('take of pods only our own: a cluster may have thousands', () => {
    expect(resources.pods.labelSelector).toBe('app.kubernetes.io/managed-by=kube-vip-operator');
  });
});
