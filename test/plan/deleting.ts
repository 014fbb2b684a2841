// Configs that are being deleted, and how far that has come.
import type { V1Node, V1Service } from '@kubernetes/client-node';
import { annotations } from '../../src/api/metadata.ts';
import type { DialState, Snapshot } from '../../src/observed/snapshot.ts';
import { daemonSet, freshSnapshot, kubeVipConfig, lease, now, nowText, pod, snapshot } from '../builders.ts';

export const deleted = (
  metadata: {
    readonly finalizers?: readonly string[] | undefined;
    readonly annotations?: Readonly<Record<string, string>>;
  } = {},
) => kubeVipConfig({ metadata: { deletionTimestamp: nowText, ...metadata } });
export const config = deleted();
export const abandoning = (entries: string) => deleted({ annotations: { [annotations.abandon]: entries } });
export const controlPlane = daemonSet();
export const services = daemonSet({ component: 'services' });
export const ending = daemonSet({ metadata: { deletionTimestamp: new Date(0) } });
export const unscheduled = { ...pod({ metadata: { name: 'lost' } }), spec: { containers: [] } };

export const parked = (secondsAgo: number, from = 'n2') =>
  lease({ holder: '', parkedFrom: from, acquiredAt: now - secondsAgo * 1000, ageSeconds: secondsAgo });
export const heard = (overrides: Partial<DialState> = {}): DialState => ({
  address: '203.0.113.100',
  port: 6443,
  stage: 'parked',
  answer: 'unreachable',
  quietMs: 0,
  ...overrides,
});
export const node = (name: string, ready: string): V1Node => ({
  metadata: { name },
  status: { conditions: [{ type: 'Ready', status: ready }] },
});
export const service = (name: string, over: Partial<V1Service> & { port?: number; class?: string } = {}) =>
  ({
    metadata: { name, namespace: 'default', ...over.metadata },
    spec: {
      type: 'LoadBalancer',
      loadBalancerClass: over.class ?? 'kubevip.dev/edge',
      ports: [{ port: over.port ?? 80 }],
      ...over.spec,
    },
    status: over.status ?? { loadBalancer: { ingress: [{ ip: '203.0.113.110' }] } },
  }) as V1Service;

export const vip = { address: '203.0.113.100', port: 6443 };
/** Only the control plane is left, its Lease taken that long ago. */
export const parking = (secondsAgo: number, overrides: Partial<Snapshot> = {}) =>
  snapshot({ config, daemonSets: [controlPlane], pods: [], leases: [parked(secondsAgo)], ...overrides });
/** Pods and DaemonSets are gone. */
export const ended = (overrides: Partial<Snapshot> = {}) =>
  freshSnapshot({ config, leases: [parked(30)], heard: [], ...overrides });
