// The process of the holder is stopped: how long two nodes have its address, in parts. `npm run bench:second-owner [-- ROUNDS [ROUNDS]]`,
// with the default timing and with a shorter one. Prints figures, and asserts nothing: how long it
// takes is said of this machine and of what else it does.
import { loadavg } from 'node:os';
import { defaultTiming, timingLine, type ElectionTiming } from '../../src/api/election-timing.ts';
import { holderOf, installOperator } from '../lab/install.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { waitFor, within } from '../lab/process.ts';
import { realKubeVip } from '../lab/images.ts';
import { watch, type Watched } from '../lab/watched.ts';
import type { Answers } from '../lab/witnessing.ts';
import { askedToEnd, sharedIn, sightOf, untilCalmIn, watchPods, watchStatus } from '../lab/witness-sights.ts';

const [, , ...rounds] = process.argv;
const version = 'v1.1.2';
const vip = '203.0.113.100';
const component = 'control-plane';
const often = { seconds: 120, everyMs: 50 };
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** The default, and one with which all is over within 30 s. */
const timings: readonly ElectionTiming[] = [
  defaultTiming,
  { leaseDurationSeconds: 15, renewDeadlineSeconds: 6, retryPeriodSeconds: 2 },
];

/** Milliseconds. */
interface Parts {
  /** From the stop until a second node has the address. */
  readonly second: number;
  /** From then until a witness has written that two answer. */
  readonly seen: number;
  /** From the second owner until status says so. */
  readonly said: number;
  /** From the second owner until the pod of the first is asked to end. */
  readonly asked: number;
  /** From there until it is gone, and from there until the next one is ready. */
  readonly gone: number;
  readonly started: number;
  readonly shared: number;
  readonly whole: number;
}

const names = ['second', 'seen', 'said', 'asked', 'gone', 'started', 'shared', 'whole'] as const;

/** Everything that witnesses write. */
const watchAnswers = (lab: Lab): Watched<'answers'> =>
  watch(lab, ['-n', 'kube-vip-system', 'leases', '-l', 'kubevip.dev/witness'], {
    answers: '.metadata.annotations.kubevip\\.dev/answers',
  });

function hasTwo(text: string): boolean {
  const { control } = JSON.parse(text || '{"control":[]}') as Pick<Answers, 'control'>;
  return control.some(({ address, owners }) => address === vip && owners.length > 1);
}

const manifest = (leaderElection: ElectionTiming): string =>
  JSON.stringify({
    apiVersion: 'kubevip.dev/v1alpha1',
    kind: 'KubeVipConfig',
    metadata: { name: 'edge' },
    spec: { version, mode: 'ARP', controlPlane: { addresses: [vip] }, leaderElection },
  });

async function stopHolder(lab: Lab): Promise<Parts> {
  const stopped = await holderOf(lab, `edge-${component}`);
  const [status, pods, answers] = [watchStatus(lab, 'edge'), watchPods(lab, component), watchAnswers(lab)];
  const sampler = await lab.startSampler([vip]);
  const begin = Date.now();
  await lab.signalPods(stopped, { selector: `app.kubernetes.io/component=${component}` }, 'SIGSTOP');
  const shared = () => sharedIn(sampler.soFar(), Date.now());
  await waitFor('two owners', () => shared().length > 0, often);
  const [first = { from: 0 }] = shared();
  const said = await sightOf(status, 'two owners', begin, ({ duplicate }) => duplicate !== '');
  await waitFor('one owner', async () => (await lab.owners(vip)).length === 1, often);
  const { record } = await sampler.stop();
  const [last = { to: 0 }] = sharedIn(record, record.to).slice(-1);
  await untilCalmIn(lab);
  [status, pods, answers].forEach((each) => each.stop());
  const seen = answers.sights.find(({ at, of }) => at >= first.from && hasTwo(of.answers))?.at ?? NaN;
  const asked = askedToEnd(pods, stopped);
  const old = pods.sights.find(({ of }) => of.node === stopped)?.of.name;
  const ofNext = pods.sights.filter(({ of }) => of.node === stopped && of.name !== old);
  const made = ofNext[0]?.at ?? NaN;
  const ready = ofNext.find(({ of }) => of.ready === 'true')?.at ?? NaN;
  return {
    second: first.from - begin,
    seen: seen - first.from,
    said: said.at - first.from,
    asked: asked - first.from,
    gone: made - asked,
    started: ready - made,
    shared: last.to - first.from,
    whole: last.to - begin,
  };
}

async function measure(lab: Lab, timing: ElectionTiming, rounds: number): Promise<void> {
  print(timingLine(timing));
  print(['round', ...names, 'load'].join('\t'));
  for (let round = 1; round <= rounds; round += 1) {
    // A pod of one node is ended once in five minutes: each round has a KubeVipConfig of its own, which remembers nothing.
    await lab.apply(manifest(timing));
    await waitFor(
      'a holder',
      async () => (await holderOf(lab, `edge-${component}`).catch(() => '')) !== '',
      often,
    );
    await untilCalmIn(lab);
    const parts = await stopHolder(lab);
    print([round, ...names.map((name) => Math.round(parts[name])), loadavg()[0]?.toFixed(1)].join('\t'));
    // Else it proves for a minute that the address is gone.
    await lab.kubectl('annotate', 'kubevipconfig', 'edge', `kubevip.dev/abandon=${vip}`);
    await lab.kubectl('delete', 'kubevipconfig', 'edge', within(120));
  }
}

if (realKubeVip(version) === undefined) {
  throw new Error(`kube-vip ${version}: expected a real one in KUBE_VIP_BIN_DIR, found none`);
}
const lab = await startLab({ nodes: 3, controlPlanes: 2, log: print });
try {
  await installOperator(lab);
  for (const [index, timing] of timings.entries()) {
    await measure(lab, timing, Number(rounds[index] ?? 5));
  }
} finally {
  await lab.stop();
}
