// The date of the leader's machine is set while it runs. A second operator with the right date stands by: one that
// compared dates would take the Lease. kube-vip's Leases are renewed all the time, but for one that dies at the jump.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { KubeVipConfig } from '../../../src/api/types.ts';
import { paths } from '../cluster.ts';
import { startOperator, type Operator } from '../operator.ts';
import { until } from '../until.ts';
import { makeClock, type SettableClock } from './clock.ts';
import { describeTraffic, isWrite } from './proxy.ts';
import { pathOf, print, since, startFaultStage, type FaultStage } from './stage.ts';

jest.setTimeout(60_000);

interface OwnLease {
  readonly spec: {
    readonly renewTime: string;
    readonly holderIdentity: string;
    readonly leaseTransitions: number;
  };
}

const leaseSeconds = 15;
// A jump ahead looks like a Lease that was not renewed: nothing is written before the next renewal, 2 s away at most.
// What is tried meanwhile is tried again after 0.25, 0.5, 1 and 2 s, and a quarter more; the rest is the roll-out.
const mostToRunMs = 6000;
const calm = 'calm';
const stopped = new AbortController();

let clock: SettableClock;
let stage: FaultStage;
let standby: Operator;
let beats: Promise<void>;
let octet = 1;

async function beat(): Promise<void> {
  while (!stopped.signal.aborted) {
    await stage.play
      .hold(`${calm}-control-plane`, { holder: 'n1', durationSeconds: leaseSeconds })
      .catch(() => undefined);
    await sleep(1000);
  }
}

async function createHeld(name: string): Promise<void> {
  octet += 1;
  await stage.create(name, octet);
  await stage.untilRuns(`${name}-control-plane`);
  await stage.play.runHealthy(`${name}-control-plane`, 'n1');
  await until(`${name} to be held`, async () => (await stage.ready(name)) === 'True Held');
}

const ownLease = () =>
  stage.admin.expect<OwnLease>({ method: 'GET', path: `${paths.leases}/kube-vip-operator` });

/** Resolves when the operator writes a date that is so many seconds ahead. */
async function untilDated(seconds: number): Promise<void> {
  await until('the operator to have the new date', async () => {
    const { renewTime } = (await ownLease()).spec;
    return Math.abs(Date.parse(renewTime) - Date.now() - seconds * 1000) < 4000;
  });
}

/** Milliseconds until a new config has its DaemonSet. */
async function timeToRun(name: string): Promise<number> {
  octet += 1;
  const from = Date.now();
  await stage.create(name, octet);
  await stage.untilRuns(`${name}-control-plane`);
  return Date.now() - from;
}

/** Resolves when status calls a Lease stale that is not renewed from now on, and that at the right time. */
async function untilStale(name: string, why: string): Promise<void> {
  const from = Date.now();
  await until('LeaseStale', async () => (await stage.ready(name)) === 'False LeaseStale', 25_000);
  const seconds = (Date.now() - from) / 1000;
  print(`${why}: a Lease that nobody renews is stale after ${seconds.toFixed(1)} s`);
  if (seconds < leaseSeconds - 2 || seconds > leaseSeconds + 3) {
    throw new Error(`LeaseStale: expected after ${leaseSeconds} s, found after ${seconds} s`);
  }
}

/** What Ready of a config said during some seconds, each once, while the operator judges it again and again. */
async function saidWithin(name: string, ms: number): Promise<readonly (string | undefined)[]> {
  const said = new Set<string | undefined>();
  for (const end = Date.now() + ms; Date.now() < end; await sleep(100)) {
    const body = { metadata: { annotations: { look: String(Date.now()) } } };
    await stage.admin.expect({ method: 'PATCH', path: pathOf(name), body, type: 'merge' });
    said.add(await stage.ready(name));
  }
  return [...said];
}

beforeAll(async () => {
  clock = makeClock();
  stage = await startFaultStage({ env: clock.env });
  standby = startOperator({ kubeconfig: stage.kubeconfig });
  await standby.waitForLog('says who leads', ({ msg }) => msg === 'another operator leads', 20_000);
  await createHeld(calm);
  beats = beat();
}, 60_000);

afterAll(async () => {
  stopped.abort();
  await beats;
  await standby?.stop();
  await stage?.stop();
  clock?.remove();
});

/** Resolves when nothing was written of a config for a second: what came before may be told late on a busy machine. */
async function untilTold(name: string): Promise<void> {
  let last: string | undefined;
  const isTold = async (): Promise<boolean> => {
    const { metadata } = await stage.admin.expect<KubeVipConfig>({ method: 'GET', path: pathOf(name) });
    const before = last;
    last = metadata.resourceVersion;
    return last === before;
  };
  await until(`nothing more to be told of ${name}`, isTold, undefined, () => 1000);
}

it.each([
  ['an hour ahead', 3600, true],
  ['an hour back', 0, false],
  ['ten seconds back', -10, false],
  ['ten seconds ahead', 0, false],
  // Not further: the API server's certificate is half a minute old, and would not be valid yet for a new connection.
  ['twenty seconds behind', -20, true],
] as const)('a jump to %s changes nothing but the date', async (jumpName, offset, letDie) => {
  const operator = stage.operator();
  const [before, dying, fresh] = [await ownLease(), `dying-${octet}`, `fresh-${octet}`];
  if (letDie) {
    await createHeld(dying);
    await stage.play.hold(`${dying}-control-plane`, { holder: 'n1', durationSeconds: leaseSeconds });
  }
  await untilTold(calm);
  const from = Date.now();
  clock.set(offset);
  const [took, said] = await Promise.all([
    timeToRun(fresh),
    saidWithin(calm, 4000),
    untilDated(offset),
    ...(letDie ? [untilStale(dying, jumpName)] : []),
  ]);
  expect(said).toEqual(['True Held']);
  const asked = since(stage, from);
  print(`${jumpName}: a new config runs after ${took} ms; ${describeTraffic(asked)}`);
  expect(took).toBeLessThan(mostToRunMs);
  const writes = asked.filter(isWrite);
  // The record of what was applied has its name in the body.
  const concerned = [`/${fresh}`, '/controllerrevisions?', ...(letDie ? [`/${dying}`] : [])];
  expect(writes.filter(({ path }) => !concerned.some((part) => path.includes(part)))).toEqual([]);
  // A roll-out is told in one status or in several, as it comes about; a storm would be many a second.
  expect(writes.length).toBeLessThanOrEqual(letDie ? 16 : 12);

  const after = await ownLease();
  expect([after.spec.holderIdentity, after.spec.leaseTransitions]).toEqual([
    before.spec.holderIdentity,
    before.spec.leaseTransitions,
  ]);
  const leading = [operator, standby].map(({ logs }) => logs.filter(({ msg }) => msg === 'leading').length);
  expect(leading).toEqual([1, 0]);
  expect([operator, standby].map((row) => row.isRunning())).toEqual([true, true]);
  expect(stage.operator()).toBe(operator);
});
