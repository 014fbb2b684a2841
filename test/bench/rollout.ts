// What a change of the release costs an address: brought by the operator, and by the RollingUpdate of the same DaemonSet, one after
// the other on the same cluster with real kube-vip. Arguments: nodes (3), changes of each kind (10), the two releases.
// KUBE_VIP_BIN_DIR has to have them.
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { V1DaemonSet } from '@kubernetes/client-node';
import { stringify } from 'yaml';
import { installOperator, readConfig, untilReady } from '../lab/install.ts';
import { realKubeVip } from '../lab/images.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { waitFor } from '../lab/process.ts';
import type { VipReport } from '../timeline/timeline.ts';

const [, , nodes = '3', changes = '10', first = 'v1.1.2', second = 'v1.2.3'] = process.argv;
const vip = '203.0.113.100';
const namespace = ['-n', 'kube-vip-system'] as const;
const daemonSetName = 'edge-control-plane';
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const config = {
  apiVersion: 'kubevip.dev/v1alpha1',
  kind: 'KubeVipConfig',
  metadata: { name: 'edge' },
  spec: {
    version: first,
    mode: 'ARP',
    controlPlane: { addresses: [vip] },
    rollout: { observeSeconds: 5 },
  },
};

interface Cost {
  readonly moves: number;
  /** On no node, in all. */
  readonly absentMs: number;
  readonly longestMs: number;
  readonly twoOwnersMs: number;
}

function costOf({ moves, absences, maxAbsenceMs, maxSimultaneousMs }: VipReport): Cost {
  return {
    moves: moves.length,
    absentMs: absences.reduce((sum, { from, to }) => sum + to - from, 0),
    longestMs: maxAbsenceMs,
    twoOwnersMs: maxSimultaneousMs,
  };
}

async function watched(lab: Lab, act: () => Promise<unknown>): Promise<Cost> {
  const sampler = await lab.startSampler([vip]);
  await act();
  await sleep(2000);
  const { reports } = await sampler.stop();
  const [report] = reports;
  if (report === undefined) {
    throw new Error(`expected a report of ${vip}, found none`);
  }
  return costOf(report);
}

const live = async (lab: Lab): Promise<V1DaemonSet> =>
  JSON.parse(await lab.kubectl(...namespace, 'get', 'ds', daemonSetName, '-o', 'json')) as V1DaemonSet;

/** By the operator; the DaemonSet of each release is kept for the other kind. */
async function byOperator(lab: Lab, to: string): Promise<V1DaemonSet> {
  await lab.kubectl('patch', 'kvc', 'edge', '--type=merge', '-p', JSON.stringify({ spec: { version: to } }));
  const isOver = async (): Promise<boolean> => {
    const { status } = await readConfig(lab, 'edge');
    return status?.version?.running === to && status.rollout === undefined;
  };
  await waitFor(`every node to run ${to}`, isOver, { seconds: 900 });
  await untilReady(lab, 'edge', 120);
  return live(lab);
}

/** By the DaemonSet controller, as it comes: one node at a time, in its own order. */
async function byController(lab: Lab, { spec }: V1DaemonSet): Promise<void> {
  const rollingUpdate = { maxUnavailable: 1, maxSurge: 0 };
  const patch = [
    { op: 'replace', path: '/spec/updateStrategy', value: { type: 'RollingUpdate', rollingUpdate } },
    { op: 'replace', path: '/spec/template', value: spec?.template },
  ];
  await lab.kubectl(...namespace, 'patch', 'ds', daemonSetName, '--type=json', '-p', JSON.stringify(patch));
  await lab.kubectl(...namespace, 'rollout', 'status', `ds/${daemonSetName}`, '--timeout=600s');
}

function report(what: string, costs: readonly Cost[]): void {
  const of = (field: keyof Cost): string => {
    const sorted = costs.map((row) => row[field]).toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    return `${Math.round(median)} (${Math.round(sorted.at(-1) ?? Number.NaN)})`;
  };
  print(
    `${what}: moves ${of('moves')}, absent in all ${of('absentMs')} ms, longest absence ${of('longestMs')} ms, two owners ${of('twoOwnersMs')} ms; median (max) of ${costs.length}`,
  );
}

async function run(lab: Lab): Promise<void> {
  await installOperator(lab);
  await lab.apply(stringify(config));
  await untilReady(lab, 'edge', 120);
  const made: V1DaemonSet[] = [];
  const ours: Cost[] = [];
  for (let index = 0; index < Number(changes); index += 1) {
    const to = index % 2 === 0 ? second : first;
    ours.push(
      await watched(lab, async () => {
        made[index % 2] = await byOperator(lab, to);
      }),
    );
    print(`operator, to ${to}: ${JSON.stringify(ours.at(-1))}`);
  }
  await lab.kubectl(...namespace, 'scale', 'deployment/kube-vip-operator', '--replicas=0');
  await sleep(5000);
  const plain: Cost[] = [];
  for (let index = 0; index < Number(changes); index += 1) {
    const object = made[(index + Number(changes)) % 2];
    if (object !== undefined) {
      plain.push(await watched(lab, () => byController(lab, object)));
      print(`RollingUpdate: ${JSON.stringify(plain.at(-1))}`);
    }
  }
  report(`operator, ${nodes} nodes`, ours);
  report(`RollingUpdate, ${nodes} nodes`, plain);
}

if ([first, second].some((version) => realKubeVip(version) === undefined)) {
  throw new Error(`expected ${first} and ${second} in KUBE_VIP_BIN_DIR, found not both`);
}
const lab = await startLab({ nodes: Number(nodes), controlPlanes: Number(nodes), log: print });
try {
  await run(lab);
} finally {
  await lab.stop();
}
print(`load ${loadavg()[0]?.toFixed(1)}`);
