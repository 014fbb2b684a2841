// An API server that is slow, says no, or forgets where a watch was: nothing is lost, and no request is wasted.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '../until.ts';
import { describeTraffic, isWrite, type Rule } from './proxy.ts';
import { print, since, startFaultStage, untilWatching, type FaultStage } from './stage.ts';
import { stretched } from '../../stretched.ts';

jest.setTimeout(60_000);

let stage: FaultStage;
let octet = 10;

beforeAll(async () => {
  stage = await startFaultStage();
}, 60_000);

afterEach(() => stage.proxy.set());

afterAll(() => stage?.stop());

/** Time until a new config has its DaemonSet; prints it with the requests that it took. */
async function timeToRun(what: string, name: string): Promise<number> {
  octet += 1;
  const from = Date.now();
  await stage.create(name, octet);
  await stage.untilRuns(`${name}-control-plane`);
  const ms = Date.now() - from;
  print(`${what}: a new config runs after ${ms} ms; ${describeTraffic(since(stage, from))}`);
  return ms;
}

/** How often a write about a config was refused. */
const refusedOf = (name: string, from: number): number =>
  since(stage, from).filter(({ path, status }) => path.includes(`/${name}`) && status >= 400).length;

describe('a watch', () => {
  it('that is cut in the middle of a line loses nothing', async () => {
    const from = Date.now();
    const cut = stage.proxy.cutWatches();
    expect(cut).toBeGreaterThanOrEqual(7);
    await timeToRun(`${cut} watches cut`, 'cut');
    await untilWatching(stage.proxy);
    const again = since(stage, from).filter(({ isWatch }) => isWatch);
    print(`${again.length} watches opened again within ${(again.at(-1)?.at ?? 0) - from} ms`);
    // One attempt each, after the shortest pause, and no list.
    expect(again).toHaveLength(cut);
    expect(since(stage, from).filter(({ path }) => path.includes('/kubevipconfigs?limit='))).toEqual([]);
    expect(stage.operator().isRunning()).toBe(true);
  });

  it('that is told 410 in the middle lists again at once', async () => {
    await untilWatching(stage.proxy);
    const from = Date.now();
    const object = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
    expect(stage.proxy.inject('/kubevipconfigs', { type: 'ERROR', object })).toBe(1);
    await until('a list', () => since(stage, from).some(({ path }) => /kubevipconfigs\?limit/.test(path)));
    const ms = Date.now() - from;
    print(`410 in a watch: listed again after ${ms} ms`);
    expect(ms).toBeLessThan(stretched(1000));
    await timeToRun('after 410', 'gone');
  });

  it('whose version the API server has forgotten lists again, and misses no change', async () => {
    const refuse: Rule = ({ isWatch }) => (isWatch ? { answer: { status: 503 } } : undefined);
    stage.proxy.set(refuse);
    stage.proxy.cutWatches();
    octet += 1;
    await stage.create('unseen', octet);
    // An API server that starts knows nothing of the time before.
    await stage.api.stopApi();
    await stage.api.startApi();
    const from = Date.now();
    stage.proxy.set();
    await stage.untilRuns('unseen-control-plane', 30_000);
    print(`API server restarted: the change is acted upon after ${Date.now() - from} ms`);
    expect(stage.operator().isRunning()).toBe(true);
  });
});

describe('an API server that', () => {
  it('takes 500 ms for each answer is waited for', async () => {
    stage.proxy.set(({ isWatch }) => (isWatch ? undefined : { delayMs: 500 }));
    const from = Date.now();
    // What preflight reads comes first: several answers in a row.
    expect(await timeToRun('500 ms per answer', 'slow')).toBeLessThan(stretched(10_000));
    await until('its status', async () => (await stage.ready('slow')) !== undefined);
    expect(since(stage, from).filter((row) => isWrite(row) && row.status >= 400)).toEqual([]);
  });

  it('answers 409 again and again is asked ever more rarely, and then obeyed', async () => {
    stage.proxy.set((seen) => (isWrite(seen) ? { answer: { status: 409 } } : undefined));
    octet += 1;
    const from = Date.now();
    await stage.create('conflict', octet);
    await sleep(5000);
    const refused = refusedOf('conflict', from);
    stage.proxy.set();
    await stage.untilRuns('conflict-control-plane');
    print(`409 for 5 s: ${refused} writes tried, runs ${Date.now() - from - 5000} ms after the end`);
    // 250 ms and twice as long each time: five attempts, with the finalizer and the status in each. What changes meanwhile, as
    // facts that are read, is a reason for one more, and a busy machine takes longer than 5 s.
    expect(refused).toBeLessThanOrEqual(20);
    expect(refused).toBeGreaterThan(2);
  });

  it('answers 429 and says when is not asked before that', async () => {
    const seconds = 2;
    octet += 1;
    const from = Date.now();
    stage.proxy.set(({ isWatch }) =>
      isWatch || Date.now() - from > seconds * 1000
        ? undefined
        : { answer: { status: 429, retryAfter: String(seconds) } },
    );
    await stage.create('patience', octet);
    await stage.untilRuns('patience-control-plane');
    const asked = since(stage, from).filter((row) => isWrite(row) && row.status === 429);
    print(`429 with Retry-After ${seconds}: ${asked.length} refused, runs after ${Date.now() - from} ms`);
    expect(asked.length).toBeLessThanOrEqual(2);
    expect(Date.now() - from).toBeLessThan(stretched(10_000));
  });

  it('fails at the first try of each question does not hold back what is new', async () => {
    const asked = new Set<string>();
    const isFirst = (path: string): boolean => asked.size < asked.add(path).size;
    stage.proxy.set(({ method, path, isWatch }) =>
      method === 'GET' && !isWatch && isFirst(path) ? { answer: { status: 500 } } : undefined,
    );
    const ms = await timeToRun('500 to each first question', 'asked-twice');
    expect(asked.size).toBeGreaterThan(10);
    // A round that fails as a whole is repeated after five seconds.
    expect(ms).toBeLessThan(stretched(5000));
  });

  it('fails with 500 for a while is asked ever more rarely, and then obeyed', async () => {
    stage.proxy.set((seen) => (isWrite(seen) ? { answer: { status: 500 } } : undefined));
    octet += 1;
    const from = Date.now();
    await stage.create('broken', octet);
    await sleep(3000);
    const refused = refusedOf('broken', from);
    stage.proxy.set();
    await stage.untilRuns('broken-control-plane');
    print(`500 for 3 s: ${refused} writes tried`);
    expect(refused).toBeLessThanOrEqual(10);
  });
});
