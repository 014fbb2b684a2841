// `make demo`: a real cluster, the operator installed, the sample applied, the address held and moving.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deletePodOn, holderOf, installOperator, untilReady } from '../lab/install.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { waitFor } from '../lab/process.ts';

const repository = join(import.meta.dirname, '..', '..');
const sample = join(repository, 'config', 'samples', 'arp.yaml');
const address = '203.0.113.100';
const keep = process.env['KEEP'] === '1';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const indented = (text: string): string => text.trimEnd().replaceAll(/^/gm, '    ');

async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  print(`\n==> ${title}`);
  const start = Date.now();
  const result = await work();
  print(`    (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  return result;
}

async function show(lab: Lab, ...args: string[]): Promise<void> {
  print(`    $ kubectl ${args.join(' ')}`);
  print(indented(await lab.kubectl(...args)));
}

async function untilOwned(lab: Lab): Promise<string> {
  let owners: string[] = [];
  await waitFor(`a node to hold ${address}`, async () => (owners = await lab.owners(address)).length === 1, {
    seconds: 30,
    everyMs: 100,
  });
  return owners[0] ?? '';
}

/** One graceful hand-over; returns who had the address and who has it. */
async function moveOnce(lab: Lab): Promise<{ from: string; to: string; absentMs: number }> {
  const from = await untilOwned(lab);
  const sampler = await lab.startSampler([address]);
  sampler.mark('pod deleted');
  await deletePodOn(lab, from, 'control-plane');
  await waitFor(
    `the Lease to change hands`,
    () => sampler.soFar().changes.some(({ owners }) => owners.length === 0),
    {
      seconds: 30,
      everyMs: 50,
    },
  );
  const to = await untilOwned(lab);
  await sleep(500);
  const observation = await sampler.stop();
  return { from, to, absentMs: observation.reports[0]?.maxAbsenceMs ?? 0 };
}

/** Keeps new pods of DaemonSets off a node for as long as the work takes. */
async function withoutNewPods(lab: Lab, node: string, work: () => Promise<void>): Promise<void> {
  await lab.kubectl('taint', 'node', node, 'demo=away:NoSchedule');
  await work();
  await lab.kubectl('taint', 'node', node, 'demo=away:NoSchedule-');
}

async function moveAndTell(lab: Lab): Promise<boolean> {
  const { from, to, absentMs } = await moveOnce(lab);
  const took = `on no node for ${absentMs.toFixed(0)} ms`;
  print(from === to ? `    ${from} won again, ${took}` : `    ${address} is on ${to} now; it was ${took}`);
  return from !== to;
}

/** A deleted holder may win again: its new pod is often up before the others ask. */
async function moveAway(lab: Lab): Promise<void> {
  const holder = await untilOwned(lab);
  print(`    deleting the pod on ${holder}, which holds ${address} …`);
  if (await moveAndTell(lab)) {
    return;
  }
  print(`    its new pod was the fastest; once more, with a taint that keeps the next one off ${holder}`);
  await withoutNewPods(lab, holder, async () => {
    if (!(await moveAndTell(lab))) {
      throw new Error(`${address}: expected it on another node than ${holder}, found it there again`);
    }
  });
}

async function demo(lab: Lab): Promise<void> {
  await step('Install CRD, RBAC and operator: kubectl apply -k config/default', () => installOperator(lab));
  await step('Declare a KubeVipConfig: kubectl apply -f config/samples/arp.yaml', async () => {
    await lab.kubectl('apply', '-f', sample);
    await untilReady(lab, 'edge');
  });
  await step('What it became', async () => {
    await show(lab, '-n', 'kube-vip-system', 'get', 'daemonsets');
    await show(lab, 'get', 'kvc');
    print(
      `    ${address} is bound on ${await untilOwned(lab)}; its Lease names ${await holderOf(lab, 'edge-control-plane')}`,
    );
  });
  await step('The address moves', () => moveAway(lab));
  await step('And status follows', async () => {
    await untilReady(lab, 'edge');
    await show(lab, 'get', 'kvc');
  });
}

function whatNext(lab: Lab): void {
  const version = 'v1.1.2';
  print(
    `\nThe operand was ${lab.operand[version] === 'real' ? `real kube-vip ${version}` : `a stand-in for kube-vip ${version} (give KUBE_VIP_BIN_DIR for the real one)`}.`,
  );
  print('Try next:');
  if (keep) {
    print(`    export KUBECONFIG=${lab.kubeconfig}`);
    print(`    ${lab.kubectlPath} get kvc -w`);
    print('    make lab-down                  ends the cluster');
    return;
  }
  print('    make demo KEEP=1               leaves the cluster up and says how to reach it');
  print('    config/samples                 more KubeVipConfigs to read');
  print('    make test                      everything that is promised, tested');
}

async function main(): Promise<void> {
  const lab = await step('A cluster of four nodes, three of them control plane', () =>
    startLab({ nodes: 4, controlPlanes: 3, log: (line) => print(`    ${line}`), outlive: keep }),
  );
  try {
    await demo(lab);
    whatNext(lab);
  } finally {
    if (!keep) {
      await step('Clean up', () => lab.stop());
    }
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
