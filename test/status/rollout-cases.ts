// What status says of a rollout.
import type { KubeVipConfigSpec } from '../../src/api/types.ts';
import { renderedHash } from '../../src/observed/daemon-set.ts';
import type { RolloutMemory } from '../../src/observed/rollout-memory.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { daemonSet, kubeVipConfig, nodeNames, now, nowText, pod, rendering, snapshot } from '../builders.ts';
import { node, silentNode } from '../cluster-builders.ts';
import { recorded } from '../recorded.ts';
import { heardBy, witnessView } from '../witness-world.ts';
import type { Row } from './preflight-cases.ts';

const before = kubeVipConfig({ spec: { services: undefined } });
const edited = (spec: Partial<KubeVipConfigSpec> = {}) =>
  kubeVipConfig({
    metadata: { generation: 2 },
    spec: { services: undefined, version: 'v1.2.3', leaderElection: { retryPeriodSeconds: 2 }, ...spec },
  });
const revisionOf = (config = edited()): string => renderedHash(rendering(config)[0] ?? {}) ?? '';

const memory = (change: Partial<RolloutMemory> = {}): RolloutMemory => ({
  component: 'control-plane',
  revision: revisionOf(),
  attempt: 1,
  phase: 'Canary',
  nodes: ['n2'],
  since: { at: now - 5000, text: nowText },
  lastGood: revisionOf(before),
  ...change,
});

const world = (changed: readonly string[], of: Partial<Snapshot> = {}): Snapshot =>
  snapshot({
    config: edited(),
    daemonSets: [daemonSet({ config: before })],
    recorded: [recorded({ config: before })],
    nodes: nodeNames.map((name, index) => node({ name, address: `192.0.2.${index + 1}` })),
    pods: nodeNames.map((name) =>
      pod({ node: name, revision: changed.includes(name) ? revisionOf() : undefined }),
    ),
    rollout: memory(),
    witness: heardBy('n1'),
    ...of,
  });

const failure = { gate: 'pod-stays', node: 'n2', message: 'pod x ended with exit code 1' };
const failed = (change: Partial<RolloutMemory>): Partial<Snapshot> => ({
  rollout: memory({ failure, nodes: [], ...change }),
});
const retry = `run kubectl annotate --overwrite kubevipconfig edge kubevip.dev/retry-rollout=${revisionOf()}-1.`;

export const rolloutRows: readonly Row[] = [
  [
    'tells how far a rollout is, and which node is next',
    world([]),
    'Reconciling',
    'True RollingOut: 0 of 3 nodes on v1.2.3, next n2. The address moves once for it, and is absent for 5 s at most then.',
  ],
  [
    'tells what the gates rest on where no witness can run',
    world([], { witness: witnessView([], { coverage: { because: 'expected x, found y', segments: [] } }) }),
    'Reconciling',
    'True RollingOut: 0 of 3 nodes on v1.2.3, next n2. The address moves once for it, and is absent for 5 s at most then. The gates rest on Leases, pods and the API alone: no witness can tell who answers for 203.0.113.100: expected x, found y.',
  ],
  [
    'tells what the gates rest on where none shall run',
    world([], { witness: undefined }),
    'Reconciling',
    'True RollingOut: 0 of 3 nodes on v1.2.3, next n2. The address moves once for it, and is absent for 5 s at most then. The gates rest on Leases, pods and the API alone: spec.witness is Off.',
  ],
  [
    'is not programmed then',
    world(['n2']),
    'Programmed',
    'False RollingOut: 1 of 3 nodes on v1.2.3, next n2.',
  ],
  ['is as ready as before', world(['n2']), 'Ready', 'True Held'],
  [
    'tells what a rollout waits for',
    world(['n2', 'n3'], {
      rollout: memory({ nodes: [], phase: 'Waiting' }),
      pods: nodeNames.map((name) =>
        pod({ node: name, isReady: name === 'n1', revision: name === 'n1' ? undefined : revisionOf() }),
      ),
    }),
    'Reconciling',
    'True RollingOut: 2 of 3 nodes on v1.2.3, waiting: the pod on n2, which had passed, is not ready.',
  ],
  [
    'names nodes that do not report',
    world(['n2'], { nodes: [node({ name: 'n1' }), node({ name: 'n2' }), silentNode('n3')] }),
    'Reconciling',
    'True RollingOut: 1 of 3 nodes on v1.2.3, next n2. The address moves once for it, and is absent for 5 s at most then. n3 does not report and is changed later: start its kubelet, or delete the Node when it is gone for good.',
  ],
  [
    'says that a rollout is paused, and is stalled then',
    world(['n2'], { config: edited({ rollout: { paused: true } }) }),
    'Stalled',
    'True RolloutPaused: 1 of 3 nodes on v1.2.3, waiting: spec.rollout.paused is true. Set spec.rollout.paused to false',
  ],
  [
    'says that it goes back',
    world(['n2'], failed({ phase: 'RollingBack' })),
    'RollbackActive',
    'True RolloutFailed: v1.2.3 failed on n2: pod x ended with exit code 1. Gate pod-stays did not pass. 1 of 3 nodes still run it, and go back.',
  ],
  [
    'is reconciling meanwhile',
    world(['n2'], failed({ phase: 'RollingBack' })),
    'Reconciling',
    'True RolloutFailed',
  ],
  [
    'says that it has gone back, and how it is tried again',
    world([], failed({ phase: 'RolledBack' })),
    'RollbackActive',
    `True RolloutFailed: v1.2.3 failed on n2: pod x ended with exit code 1. Gate pod-stays did not pass. Every node runs what worked last. Change the spec. To try the same once more, ${retry}`,
  ],
  ['is stalled then', world([], failed({ phase: 'RolledBack' })), 'Stalled', 'True RolloutFailed'],
  [
    'stops when the record of what worked last is gone',
    world(['n2'], { daemonSets: [daemonSet({ config: edited() })], recorded: [] }),
    'Stalled',
    `True RolloutFailed: The new rendering of v1.2.3 failed: the record of what worked last, ${revisionOf(before)}, is gone. Gate last-good-is-known did not pass. 1 of 3 nodes run it, and stay so. Change the spec back to what ran before, or to another release.`,
  ],
  [
    'leaves it half done where the spec says so',
    world(['n2'], {
      ...failed({ phase: 'Failed' }),
      config: edited({ rollout: { onFailure: 'Pause' } }),
    }),
    'Stalled',
    'True RolloutFailed: v1.2.3 failed on n2: pod x ended with exit code 1. Gate pod-stays did not pass. 1 of 3 nodes run it, and stay so, because spec.rollout.onFailure is Pause.',
  ],
];
