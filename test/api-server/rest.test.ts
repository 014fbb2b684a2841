// A config that is held and has nothing under way: renewals of its Lease make no pass over it, and the end of them is noticed.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { stretched } from '../stretched.ts';
import { shortElection as leaderElection, specWith } from './builders.ts';
import { paths } from './cluster.ts';
import { startStage, type Stage } from './stage.ts';
import { settled, until } from './until.ts';

jest.setTimeout(120_000);

const durationSeconds = leaderElection.leaseDurationSeconds;
const api = 'edge-control-plane';

let stage: Stage;
let isBeating = true;
let beats = 0;
let beatAt = 0;
let beating: Promise<void>;
const stopping = new AbortController();

/** As kube-vip on n1 renews its Lease. */
async function beat(): Promise<void> {
  while (!stopping.signal.aborted) {
    if (isBeating) {
      await stage.play.hold(api, { holder: 'n1', durationSeconds });
      beats += 1;
      beatAt = Date.now();
    }
    await sleep(500);
  }
}

/** The kubelet has started a container, by which the operator knows in what the holder leads. */
async function startContainer(): Promise<void> {
  const container = {
    name: 'kube-vip',
    image: 'kube-vip',
    imageID: '',
    containerID: 'containerd://a',
    ready: true,
    restartCount: 0,
    state: { running: { startedAt: '2026-11-24T12:00:00Z' } },
  };
  await stage.admin.expect({
    method: 'PATCH',
    path: `${paths.pods}/${api}-n1/status`,
    body: { status: { containerStatuses: [container] } },
    type: 'strategic',
  });
}

async function ready(): Promise<string> {
  const { conditions = [] } = (await stage.config('edge'))?.status ?? {};
  const found = conditions.find(({ type }) => type === 'Ready');
  return `${found?.status} ${found?.reason}`;
}

async function passes(): Promise<number> {
  const text = await (await stage.page('/metrics')).text();
  const rows = [...text.matchAll(/^kube_vip_operator_reconciles_total\{.*\} (\d+)$/gm)];
  return rows.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Resolves with the number of passes when there was none for fifteen seconds: every third would bring a look. */
async function atRest(): Promise<number> {
  let [count, since] = [await passes(), beats];
  await until(
    'thirty renewals in a row without a pass',
    async () => {
      const next = await passes();
      [count, since] = next === count ? [count, since] : [next, beats];
      return beats - since >= 30;
    },
    stretched(90_000),
  );
  return count;
}

beforeAll(async () => {
  stage = await startStage();
  await stage.create('edge', specWith({ controlPlane: { addresses: ['203.0.113.10'] }, leaderElection }));
  await stage.change('edge', { preflight: { nodeProbe: 'Off' } });
  await stage.untilRuns(api);
  await stage.play.runHealthy(api, 'n1');
  await startContainer();
  beating = beat();
  await until('it to be held', async () => (await ready()) === 'True Held', stretched(20_000));
}, 90_000);

afterAll(async () => {
  stopping.abort();
  await beating;
  await stage?.stop();
});

it('is not passed over while its Lease is renewed', async () => {
  expect(await atRest()).toBeGreaterThan(0);
});

it('is passed over soon when anything else has changed', async () => {
  const before = await atRest();
  const from = Date.now();
  const body = { metadata: { name: 'other' }, spec: { ports: [{ port: 80 }] } };
  await stage.admin.expect({ method: 'POST', path: '/api/v1/namespaces/default/services', body });
  await until('another pass', async () => (await passes()) > before, stretched(15_000));
  process.stdout.write(`rest: passed over ${Date.now() - from} ms after a Service came\n`);
  expect(await ready()).toBe('True Held');
});

it('is told stale when its Lease is not renewed any more, and held as soon as it is again', async () => {
  await atRest();
  isBeating = false;
  await until('it to be stale', async () => (await ready()) === 'False LeaseStale', stretched(20_000));
  const took = Date.now() - beatAt;
  process.stdout.write(`rest: stale ${took} ms after the last renewal of ${durationSeconds} s\n`);
  expect(took).toBeGreaterThan(durationSeconds * 1000 - 500);
  isBeating = true;
  await until('it to be held', async () => (await ready()) === 'True Held', stretched(10_000));
});

it('is told at once when another node takes its Lease', async () => {
  await atRest();
  isBeating = false;
  await stage.play.hold(api, { holder: 'n9', durationSeconds });
  const from = Date.now();
  expect(await settled(ready, 'False HolderWithoutPod', stretched(5000))).toBe('False HolderWithoutPod');
  process.stdout.write(`rest: another holder told after ${Date.now() - from} ms\n`);
});
