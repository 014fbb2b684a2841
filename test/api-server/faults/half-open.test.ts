// The machine of an API server loses its power: its watches stay open and bring nothing, and nobody says so. What is not known
// is not said of a kube-vip that renews its Lease.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { resources } from '../../../src/cluster/resources.ts';
import { shortElection as leaderElection } from '../builders.ts';
import { settled, until } from '../until.ts';
import { describeTraffic } from './proxy.ts';
import { print, since, startFaultStage, untilWatching, type FaultStage } from './stage.ts';
import { stretched } from '../../stretched.ts';

jest.setTimeout(120_000);

// So short that a dead watch looks like a dead kube-vip before it is noticed by the bookmarks that do not come.
const durationSeconds = leaderElection.leaseDurationSeconds;
const lease = 'edge-control-plane';

let stage: FaultStage;
let isBeating = true;
let beating: Promise<void>;
const stopping = new AbortController();

async function beat(): Promise<void> {
  while (!stopping.signal.aborted) {
    if (isBeating) {
      await stage.play.hold(lease, { holder: 'n1', durationSeconds });
    }
    await sleep(500);
  }
}

beforeAll(async () => {
  stage = await startFaultStage();
  await stage.create('edge', 10, { leaderElection });
  await stage.untilRuns(lease);
  await stage.play.runHealthy(lease, 'n1');
  beating = beat();
}, 60_000);

beforeEach(async () => {
  await untilWatching(stage.proxy);
  await until('it to be held', async () => (await stage.ready('edge')) === 'True Held', stretched(20_000));
});

afterAll(async () => {
  stopping.abort();
  await beating;
  await stage?.stop();
});

/** Whatever Ready says for so long. */
async function saysFor(ms: number): Promise<readonly (string | undefined)[]> {
  const said = new Set<string | undefined>();
  for (const end = Date.now() + ms; Date.now() < end; await sleep(200)) {
    said.add(await stage.ready('edge'));
  }
  return [...said];
}

const watchesSince = (at: number) => since(stage, at).filter(({ isWatch }) => isWatch);
const openedLeases = (at: number) =>
  watchesSince(at).find(({ path, status }) => path.includes('/leases?') && status === 200);

it('says nothing of the Lease, and has other connections within 10 s', async () => {
  const hung = Date.now();
  expect(stage.proxy.hangWatches()).toBe(Object.keys(resources).length);
  const said = saysFor(25_000);
  const isSaid = ({ msg, cause }: { readonly msg: string; readonly cause?: unknown }): boolean =>
    msg === 'watch failed, trying again' && /^WATCH leases: expected version \d+/.test(String(cause));
  await stage.operator().waitForLog('says that the watch is silent', isSaid, stretched(5000));
  const blind = Date.now() - hung;
  await until('another watch of Leases', async () => openedLeases(hung) !== undefined, stretched(10_000));
  const back = Date.now() - hung;
  await stage.change('edge', { arp: { announceIntervalSeconds: 9 } });
  const interval = async () =>
    (await stage.daemonSet(lease))?.spec?.template.spec?.containers[0]?.env?.find(
      ({ name }) => name === 'vip_arpRate',
    )?.value;
  expect(await settled(interval, '9000', stretched(10_000))).toBe('9000');
  print(
    `watches hung: said after ${blind} ms, Leases watched again after ${back} ms; Ready ${(await said).join()}`,
  );
  expect((await said).filter((reason) => reason?.includes('LeaseStale'))).toEqual([]);
  // Each once more, and no list but that of Leases.
  expect(watchesSince(hung).length).toBeLessThanOrEqual(Object.keys(resources).length + 2);
});

it('says nothing of the Lease when no connection works for a while, either', async () => {
  const gate = Promise.withResolvers<void>();
  stage.proxy.hangWatches();
  stage.proxy.set(() => ({ heldUntil: gate.promise }));
  await sleep(2 * durationSeconds * 1000);
  const back = Date.now();
  stage.proxy.set();
  gate.resolve();
  const said = await saysFor(20_000);
  print(
    `no API server for ${2 * durationSeconds} s: ${describeTraffic(since(stage, back))}; Ready ${said.join()}`,
  );
  expect(said).toEqual(['True Held']);
  expect(openedLeases(back)).toBeDefined();
});

it('still says of a kube-vip that does not renew that it does not', async () => {
  isBeating = false;
  expect(await settled(() => stage.ready('edge'), 'False LeaseStale', stretched(15_000))).toBe(
    'False LeaseStale',
  );
  isBeating = true;
});
