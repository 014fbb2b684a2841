// Nodes that were asked, for tests: healthy by default, override what matters.
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { ComponentKind } from '../src/api/metadata.ts';
import type { NodeReport } from '../src/api/node-report.ts';
import type { KubeVipConfig } from '../src/api/types.ts';
import { probeRequest, requestHash, runName, type ProbeSubject } from '../src/preflight/nodes/probe-run.ts';
import type { ProbePod, ProbeRun, Snapshot } from '../src/observed/snapshot.ts';
import { renderProbe } from '../src/render/probe-daemon-set.ts';
import { applied, freshSnapshot, kubeVipConfig, nodeNames, now } from './builders.ts';
import { componentOf, observed } from './pass.ts';

export const image = { image: 'registry.example.org/operator:v1', pullSecrets: ['mirror'] };

/** A control plane whose nodes are asked. */
export const askedConfig = (spec: Partial<KubeVipConfig['spec']> = {}): KubeVipConfig =>
  kubeVipConfig({ spec: { services: undefined, preflight: { nodeProbe: 'BestEffort' }, ...spec } });

/** MAC address of a node's interface, as its probe tells it. */
export const macOf = (node: string): string => `02:00:00:00:00:0${node.slice(1)}`;

/** What a node says beside what healthy ones say; undefined: not that. */
export type Said = { readonly [K in keyof NodeReport]?: NodeReport[K] | undefined };

/** What a healthy node says. */
export function nodeReport(node: string, run: string, overrides: Said = {}): NodeReport {
  return {
    run,
    interface: { name: 'eth0', isUp: true, mac: macOf(node), subnets: [`203.0.113.1${node.slice(1)}/24`] },
    otherInterfaces: [],
    bound: [],
    answered: [],
    takenPorts: [],
    apiSlowestMs: 12,
    ...overrides,
  } as NodeReport;
}

export interface Asked {
  readonly config?: KubeVipConfig;
  readonly component?: ComponentKind;
  /** Seconds since the run began. Default 4. */
  readonly age?: number;
  /** By node; null: it said nothing. Default: all three are healthy. */
  readonly reports?: Readonly<Record<string, Said | null>> | undefined;
  readonly pods?: Readonly<Record<string, Partial<ProbePod>>>;
  readonly run?: Partial<ProbeRun>;
  /** Default: as many as there are reports. Undefined: no controller has seen the DaemonSet. */
  readonly desired?: number | undefined;
  readonly snapshot?: Partial<Snapshot>;
}

/** A row per situation: what the checks do, what the nodes said, and all that is found. */
export type NodeCase = readonly [sentence: string, asked: Asked, found: readonly string[]];

/** Whose nodes are asked. */
export const subjectOf = (world: Snapshot, kind: ComponentKind = 'control-plane'): ProbeSubject => ({
  observed: observed(world),
  component: componentOf(world, kind),
});

/** The snapshot of a config whose nodes are being asked. */
export function askedSnapshot(asked: Asked = {}): Snapshot {
  const { config = askedConfig(), component = 'control-plane', age = 4 } = asked;
  const reports = asked.reports ?? Object.fromEntries(nodeNames.map((node) => [node, {}]));
  const world = freshSnapshot({ config, probeImage: image, ...asked.snapshot });
  const subject = subjectOf(world, component);
  const run: ProbeRun = {
    component,
    request: requestHash(subject),
    started: { at: now - age * 1000, text: new Date(now - age * 1000).toISOString().replace('.000', '') },
    asked: 0,
    answered: 0,
    findings: [],
    ...asked.run,
  };
  const desired = 'desired' in asked ? asked.desired : Object.keys(reports).length;
  const probe = renderProbe({
    spec: subject.observed.spec,
    component,
    namespace: world.namespace,
    uid: config.metadata.uid ?? '',
    request: probeRequest(subject, run),
    image,
  });
  const live: V1DaemonSet =
    desired === undefined ? probe : applied(probe, { desired, updated: desired, ready: 0 });
  const probePods = Object.entries(reports).map(([node, report]): ProbePod => ({
    component,
    node,
    messages: report ? [JSON.stringify(nodeReport(node, runName(run), report))] : [],
    boundAt: now - 3000,
    takenOnAt: now - 3000,
    trouble: report ? '' : `pod edge-probe on ${node} is in trouble (ErrImagePull)`,
    ...asked.pods?.[node],
  }));
  return { ...world, daemonSets: [...world.daemonSets, live], probePods, probeRuns: [run] };
}

/** When the run of {@link remembered} began. */
export const before = { at: now - 100_000, text: '2026-11-24T11:58:20Z' };

/** A run that is over, as the status remembers it. */
export function remembered(over: Partial<ProbeRun> = {}, of = askedConfig()): ProbeRun {
  const world = freshSnapshot({ config: of });
  return {
    component: 'control-plane',
    request: requestHash(subjectOf(world)),
    started: before,
    finished: { at: before.at + 4000, text: '2026-11-24T11:58:24Z' },
    asked: 3,
    answered: 3,
    findings: [],
    ...over,
  };
}
