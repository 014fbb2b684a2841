// Facts of a survey for tests: nothing of interest by default, override what matters.
import { emptySurvey, type Survey, type Workload } from '../../src/observed/neighbours/survey.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { freshSnapshot } from '../builders.ts';

/** A DaemonSet `kube-system/other` of an image that says nothing. */
export function workload(overrides: Partial<Workload> = {}): Workload {
  return {
    kind: 'DaemonSet',
    namespace: 'kube-system',
    name: 'other',
    labels: {},
    images: ['example.org/other:v1'],
    args: [],
    env: {},
    hostPaths: [],
    hostPorts: [],
    hostNetwork: false,
    ...overrides,
  };
}

/** A kube-vip of somebody else: control plane, ARP, 203.0.113.100. */
export function kubeVip(
  env: Readonly<Record<string, string>> = {},
  overrides: Partial<Workload> = {},
): Workload {
  return workload({
    name: 'kube-vip-ds',
    hostNetwork: true,
    images: ['ghcr.io/kube-vip/kube-vip:v1.1.2'],
    env: { vip_arp: 'true', vip_leaderelection: 'true', cp_enable: 'true', address: '203.0.113.100', ...env },
    ...overrides,
  });
}

/** A config that nothing was done about, in a cluster of which a survey says this. */
export const surveyed = (facts: Partial<Survey>, overrides: Partial<Snapshot> = {}): Snapshot =>
  freshSnapshot({ survey: { ...emptySurvey, ...facts }, ...overrides });
