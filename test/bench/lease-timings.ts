// Figures for docs/decisions/0006-lease-timings.md: `node test/bench/lease-timings.ts [ROUNDS [PATTERN OF SCENES [VERSION]]]`,
// by hand, with real kube-vip in KUBE_VIP_BIN_DIR. Absence and moves of a control-plane address and of a Service address
// under three settings at once; it fails only where two nodes own an address with timings that promise one owner.
import { mkdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spansOf, type OwnershipRecord, type VipReport } from '../timeline/timeline.ts';
import { startLab } from '../lab/lab.ts';
import type { Observation } from '../lab/sampler.ts';
import { waitFor } from '../lab/process.ts';
import { addressesOf, isSafe, LeaseStage, timings } from './lease-stage.ts';

const [, , rounds = '1', only = '', version = 'v1.1.2'] = process.argv;
const out = join(import.meta.dirname, '..', 'lab', 'out');
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** From a fault until the slowest of the timings has settled: its Lease, retries with client-go's jitter, a kubelet's back-off. */
const watchMs = 55_000;

interface Scene {
  readonly name: string;
  /** Breaks something and mends it; resolves early where the mending itself needs no time. */
  readonly act: (stage: LeaseStage) => Promise<void>;
  /** Undoes what must stay broken while the addresses are watched. */
  readonly undo?: (stage: LeaseStage) => Promise<void>;
  /** Let the holder of the Service addresses ask the API server that the fault hits. */
  readonly pinned?: boolean;
  /** The API server of the holder is away until `act` is done, or until the addresses are no longer watched. */
  readonly deadUntil?: 'done' | 'end';
}

const away = (seconds: number): Scene => ({
  name: `API server of the holder away for ${seconds} s`,
  async act(stage) {
    await stage.refuse(stage.cast.master);
    await sleep(seconds * 1000);
    await stage.answer(stage.cast.master);
  },
  deadUntil: 'done',
});

const restarted: Scene = {
  name: 'API server of the holder killed and started again at once',
  async act(stage) {
    const { lab, cast } = stage;
    const since = performance.now();
    await lab.stopNodeApi(cast.master);
    lab.startNodeApi(cast.master);
    await waitFor('it to be ready', () => stage.isAnswering(cast.master), { seconds: 120, everyMs: 100 });
    print(`  ready again after ${((performance.now() - since) / 1000).toFixed(1)} s`);
  },
  deadUntil: 'done',
};

const hung: Scene = {
  name: 'API server of the holder hangs for good',
  act: async ({ lab, cast }) => lab.signalNodeApi(cast.master, 'SIGSTOP'),
  undo: async ({ lab, cast }) => lab.signalNodeApi(cast.master, 'SIGCONT'),
  pinned: true,
  deadUntil: 'end',
};

const hungFor = (seconds: number): Scene => ({
  name: `API server of the holder hangs for ${seconds} s`,
  async act({ lab, cast }) {
    lab.signalNodeApi(cast.master, 'SIGSTOP');
    await sleep(seconds * 1000);
    lab.signalNodeApi(cast.master, 'SIGCONT');
  },
  pinned: true,
  deadUntil: 'done',
});

let killedMember = '';
const leaderLost: Scene = {
  name: 'etcd leader killed',
  async act(stage) {
    killedMember = await stage.etcdLeader();
    await stage.lab.stopEtcd(killedMember);
  },
  undo: async ({ lab }) => lab.startEtcd(killedMember),
};

const crashed: Scene = {
  name: 'nodes of the holders crash',
  async act({ lab, cast }) {
    const nodes = [cast.master, cast.worker];
    // In this order: the API server that is asked for the processes may be on one of them.
    await Promise.all(nodes.map((node) => lab.killOperand(node)));
    await Promise.all(nodes.map((node) => lab.disconnect(node)));
    // A dead node has no addresses; this one's kernel lives on.
    const gone = addressesOf(timings).flatMap((vip) =>
      nodes.map((node) => lab.exec(node, ['ip', 'address', 'delete', `${vip}/32`, 'dev', 'eth0'])),
    );
    await Promise.allSettled(gone);
  },
  async undo({ lab, cast }) {
    await Promise.all([cast.master, cast.worker].map((node) => lab.connect(node)));
  },
  // The nodes that take over ask an API server that lives.
  pinned: true,
};

/** A lab and what happens in it. */
const shapes: readonly { readonly controlPlanes: number; readonly scenes: readonly Scene[] }[] = [
  { controlPlanes: 1, scenes: [away(5), away(8), away(15), restarted] },
  {
    controlPlanes: 3,
    scenes: [away(5), away(8), away(15), restarted, hung, hungFor(20), leaderLost, crashed],
  },
];

/** When the API server of a node is away, in Unix milliseconds. */
interface Dead {
  readonly node: string;
  readonly from: number;
  readonly to: number;
}

function figures({ absences, maxSimultaneousMs, moves, ownersAtEnd }: VipReport): string {
  const seconds = (ms: number): string => (ms / 1000).toFixed(1);
  const absent = absences.map(({ from, to }) => seconds(to - from)).join(' + ');
  const two = maxSimultaneousMs > 0 ? `, **two owners ${seconds(maxSimultaneousMs)} s**` : '';
  const end = ownersAtEnd.length === 0 ? ', none at the end' : '';
  return `${absent === '' ? '0' : absent} s, ${moves.length} moves${two}${end}`;
}

/** Milliseconds for which an address is on no node, or on one whose API server is away. */
function ledNowhere(record: OwnershipRecord, vip: string, dead: Dead): number {
  const spans = spansOf(record, vip).slice(1);
  return spans.reduce((sum, { from, to, owners }) => {
    if (owners.length === 0) return sum + to - from;
    const isDead = owners.join(' ') === dead.node;
    return sum + (isDead ? Math.max(0, Math.min(to, dead.to) - Math.max(from, dead.from)) : 0);
  }, 0);
}

/** One row for each timing; fails the run on two owners where the rule promises one. */
function tell(scene: string, { reports, record }: Observation, dead: Dead): void {
  for (const timing of timings) {
    const [plane, service] = [timing.controlPlane, timing.service].map((vip) =>
      reports.find((row) => row.vip === vip),
    );
    if (plane === undefined || service === undefined) throw new Error(`${timing.name} was not watched`);
    const cutOff = (ledNowhere(record, timing.controlPlane, dead) / 1000).toFixed(1);
    print(
      `| ${scene} | ${timing.seconds.join('/')} | ${figures(plane)} | ${cutOff} s | ${figures(service)} |`,
    );
    const isBroken = [plane, service].some(({ maxSimultaneousMs }) => maxSimultaneousMs > 0);
    if (isSafe(timing) && isBroken) {
      print(`BROKEN: ${timing.seconds.join('/')} promises one owner, and two were seen`);
      process.exitCode = 1;
    }
  }
  const gap = record.end?.maxGapMs.toFixed(0);
  print(`  (longest gap between two looks ${gap} ms, load of the machine ${loadavg()[0]?.toFixed(1)})`);
}

async function play(stage: LeaseStage, scene: Scene, title: string): Promise<void> {
  const { lab, cast } = stage;
  if (scene.pinned === true) await stage.pin();
  await stage.gather(timings);
  const sampler = await lab.startSampler(addressesOf(timings));
  await sleep(3000);
  sampler.mark(scene.name);
  const since = Date.now();
  await scene.act(stage);
  sampler.mark('done');
  const done = Date.now();
  await sleep(Math.max(20_000, since + watchMs - Date.now()));
  const observation = await sampler.stop();
  observation.writePicture(join(out, `lease-${title.replaceAll(/\W+/g, '-')}.svg`), title);
  const ends = { done, end: Number.POSITIVE_INFINITY };
  const to = scene.deadUntil === undefined ? since : ends[scene.deadUntil];
  tell(title, observation, { node: cast.master, from: since, to });
  await scene.undo?.(stage);
  if (scene.pinned === true) await stage.unpin();
}

async function playAll({ controlPlanes, scenes }: (typeof shapes)[number]): Promise<void> {
  const wanted = scenes.filter(({ name }) => new RegExp(only).test(`${controlPlanes} ${name}`));
  if (wanted.length === 0) return;
  const lab = await startLab({
    nodes: controlPlanes + 2,
    controlPlanes,
    controlPlane: 'on-nodes',
    log: print,
  });
  try {
    print(`operand ${version}: ${lab.operand[version]}`);
    const stage = new LeaseStage(lab);
    await stage.apply(version);
    for (let round = 1; round <= Number(rounds); round += 1) {
      for (const scene of wanted) await play(stage, scene, `${controlPlanes} ${scene.name} (${round})`);
    }
  } finally {
    await lab.stop();
  }
}

mkdirSync(out, { recursive: true });
print(
  '| control-plane nodes, fault (round) | timings | control-plane address absent | and leading to no API server | Service address absent |',
);
print('|---|---|---|---|---|');
for (const shape of shapes) await playAll(shape);
