// Three API servers and three etcd members on the nodes, killed one by one: where the address is then, and for how
// long a client of it is cut off.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { stringify } from 'yaml';
import { defaultTiming } from '../../src/api/election-timing.ts';
import { longestRoundMs } from '../../src/controller/surveyor.ts';
import type { VipReport } from '../timeline/timeline.ts';
import { conditionOf, installOperator, untilProgrammed, untilReady } from './install.ts';
import { startLab, type Lab } from './lab.ts';
import { waitFor } from './process.ts';

jest.setTimeout(480_000);

const vip = '203.0.113.100';
const out = join(import.meta.dirname, 'out');
const { leaseDurationSeconds, retryPeriodSeconds } = defaultTiming;
// The Lease runs out, and the others look every retry period, which client-go jitters to 2.2 of them.
const lostApiMs = (leaseDurationSeconds + 2 * 2.2 * retryPeriodSeconds) * 1000;
// Without any API server no Lease can be renewed: kube-vip ends, and the kubelet starts it again after up to 160 s by then.
const awayMs = 120_000;
const backMs = 240_000;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

let lab: Lab;

const edge = (controlPlane: object): string =>
  stringify({
    apiVersion: 'kubevip.dev/v1alpha1',
    kind: 'KubeVipConfig',
    metadata: { name: 'edge' },
    spec: { version: 'v1.1.2', mode: 'ARP', controlPlane: { addresses: [vip], ...controlPlane } },
  });

beforeAll(async () => {
  mkdirSync(out, { recursive: true });
  lab = await startLab({ nodes: 4, controlPlanes: 3, controlPlane: 'on-nodes', log: print });
  await installOperator(lab);
  await lab.apply(edge({}));
  await untilReady(lab, 'edge', 120);
}, 900_000);

afterAll(() => lab?.stop(), 60_000);

const healthz = async (address: string): Promise<string> =>
  lab
    .exec('n4', ['curl', '-sk', '--max-time', '1', `https://${address}:6443/readyz`])
    .catch(() => 'no answer');

async function owner(): Promise<string> {
  let found: string[] = [];
  await waitFor(`one node to own ${vip}`, async () => (found = await lab.owners(vip)).length === 1, {
    seconds: 60,
    everyMs: 100,
  });
  return found[0] ?? '';
}

interface Client {
  /** The longest time without an answer until now, in milliseconds. */
  stop(): number;
}

/** Somebody on n4 who asks the address five times a second. */
function startClient(): Client {
  const stopped = new AbortController();
  let [last, longest] = [performance.now(), 0];
  const ask = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const isAnswered = (await healthz(vip)) === 'ok';
      longest = Math.max(longest, performance.now() - last);
      last = isAnswered ? performance.now() : last;
      await sleep(200);
    }
  };
  void ask();
  return {
    stop() {
      stopped.abort();
      return Math.round(longest);
    },
  };
}

async function watched(
  name: string,
  act: (mark: (label: string) => void) => Promise<void>,
): Promise<VipReport> {
  const sampler = await lab.startSampler([vip]);
  const client = startClient();
  try {
    await act((label) => sampler.mark(label));
  } finally {
    const observation = await sampler.stop();
    observation.writePicture(join(out, `${name}.svg`), name);
    const cutOff = client.stop();
    const [report] = observation.reports;
    print(
      `${name} (operand: ${lab.operand['v1.1.2']}): two owners ${report?.maxSimultaneousMs.toFixed(0)} ms, none ${report?.maxAbsenceMs.toFixed(0)} ms, ${report?.moves.length} moves, a client cut off for ${cutOff} ms`,
    );
    results.set(name, { report: report as VipReport, cutOff });
  }
  return results.get(name)?.report as VipReport;
}

const results = new Map<string, { readonly report: VipReport; readonly cutOff: number }>();

/** What the one that gave the address up said last. */
async function sayWhy({ moves, maxAbsenceMs }: VipReport, holder: string): Promise<void> {
  if (moves.length === 0 && maxAbsenceMs === 0) {
    return;
  }
  const where = [
    '-l',
    'app.kubernetes.io/component=control-plane',
    '--field-selector',
    `spec.nodeName=${holder}`,
  ];
  const name = await lab.kubectl('-n', 'kube-vip-system', 'get', 'pod', ...where, '-o', 'name');
  for (const which of ['--previous=true', '--previous=false']) {
    const logs = lab.kubectl('-n', 'kube-vip-system', 'logs', name.trim(), which, '--tail=25');
    print(`${holder}, ${which}: ${await logs.catch(String)}`);
  }
}

it('puts the address on a node with a living API server within lease and two retries', async () => {
  const from = await owner();
  const report = await watched('api-server-of-the-holder-killed', async (mark) => {
    mark(`API server of ${from} killed`);
    await lab.stopNodeApi(from);
    await waitFor(
      'another owner that answers',
      async () => (await owner()) !== from && (await healthz(vip)) === 'ok',
      {
        seconds: 60,
        everyMs: 100,
      },
    );
    await sleep(1000);
  });
  const to = lab.nodes.find(({ name }) => name === report.moves.at(-1)?.to);
  // While the other one is dead, and before its start takes the machine's time.
  expect(await healthz(to?.address ?? '')).toBe('ok');
  lab.startNodeApi(from);
  expect(report).toMatchObject({ maxSimultaneousMs: 0, moves: [{ from, to: to?.name }] });
  expect(report.maxAbsenceMs).toBeLessThan(lostApiMs);
  expect(results.get('api-server-of-the-holder-killed')?.cutOff).toBeLessThan(lostApiMs);
  await untilReady(lab, 'edge', 90);
});

it('leaves the address where it is when an etcd member dies, the one beside the holder', async () => {
  const holder = await owner();
  const report = await watched('etcd-member-killed', async (mark) => {
    mark(`etcd member of ${holder} killed`);
    await lab.stopEtcd(holder);
    await sleep(30_000);
  });
  await sayWhy(report, holder);
  expect(await owner()).toBe(holder);
  expect(report).toMatchObject({ maxSimultaneousMs: 0, maxAbsenceMs: 0, moves: [] });
});

it('leaves it when the operator is killed and another API server starts again', async () => {
  const holder = await owner();
  const other = lab.nodes.find(({ name, controlPlane }) => controlPlane && name !== holder)?.name ?? '';
  const report = await watched('operator-killed-api-server-restarted', async (mark) => {
    const pods = { namespace: 'kube-vip-system', selector: 'app.kubernetes.io/name=kube-vip-operator' };
    mark('kill -9 operator');
    const killed = await Promise.all(lab.nodes.map(({ name }) => lab.signalPods(name, pods, 'SIGKILL')));
    expect(killed.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
    mark(`API server of ${other} restarts`);
    await lab.stopNodeApi(other);
    await sleep(3000);
    lab.startNodeApi(other);
    await sleep(20_000);
  });
  expect(await owner()).toBe(holder);
  expect(report).toMatchObject({ maxSimultaneousMs: 0, maxAbsenceMs: 0, moves: [] });
});

it('has the address again soon after two minutes without any API server, and the operator did not start anew', async () => {
  const operators = ['-l', 'app.kubernetes.io/name=kube-vip-operator'];
  const count = ['-o', 'jsonpath={.items[*].status.containerStatuses[0].restartCount}'];
  const restarts = () => lab.kubectl('-n', 'kube-vip-system', 'get', 'pods', ...operators, ...count);
  const nodes = lab.nodes.filter(({ controlPlane }) => controlPlane).map(({ name }) => name);
  const before = await restarts();
  let answersAfter = 0;
  const report = await watched('every-api-server-away', async (mark) => {
    mark('every API server killed');
    await Promise.all(nodes.map((name) => lab.stopNodeApi(name)));
    await sleep(awayMs);
    mark('every API server starts');
    const since = performance.now();
    nodes.forEach((name) => lab.startNodeApi(name));
    await waitFor('the address to answer', async () => (await healthz(vip)) === 'ok', {
      seconds: backMs / 1000,
      everyMs: 200,
    });
    answersAfter = Math.round(performance.now() - since);
  });
  print(`the address answers ${answersAfter} ms after the API servers were started`);
  expect(report.maxSimultaneousMs).toBe(0);
  await untilReady(lab, 'edge', 90);
  expect(await restarts()).toBe(before);
});

/** The operator may have watched at the API server that is dead, so this is later than where only the address leads there. */
async function untilSaysDead(holder: string): Promise<void> {
  const expected = [
    `False ${vip}: the API server on ${holder} is dead. Expected a live API server at ${vip}:6443, found that `,
    'With apiAccess: Service the address stays there and leads to a dead API server.',
  ];
  let said = '';
  const isSaid = async (): Promise<boolean> => {
    said = await conditionOf(lab, 'edge', 'Ready');
    return said.startsWith(expected[0] ?? '') && said.includes(expected[1] ?? '');
  };
  await waitFor('Ready to say that the API server is dead', isSaid, { seconds: 60, everyMs: 250 }).catch(
    (cause: unknown) => {
      throw new Error(`expected Ready to say ${expected.join('… ')}, found ${said}`, { cause });
    },
  );
  print(`status then: ${said}`);
}

it('with apiAccess Service stays with a dead API server', async () => {
  await lab.apply(edge({ apiAccess: 'Service' }));
  // A round of preflight that was open when the API servers went is given up after a minute.
  await untilProgrammed(lab, 'edge', (longestRoundMs + 60_000) / 1000);
  await untilReady(lab, 'edge', 90);
  const holder = await owner();
  const report = await watched('api-access-service', async (mark) => {
    mark(`API server of ${holder} killed`);
    await lab.stopNodeApi(holder);
    const killed = Date.now();
    await untilSaysDead(holder);
    mark('status says so');
    await sleep(Math.max(0, killed + 40_000 - Date.now()));
  });
  expect(await owner()).toBe(holder);
  expect(report.moves).toEqual([]);
});
