import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { pino } from 'pino';
import { ApiError } from '../../src/cluster/errors.ts';
import type { LastWord } from '../../src/cluster/view.ts';
import { LogReader } from '../../src/controller/log-reader.ts';
import { pod } from '../builders.ts';
import { ailing } from '../observed/pod-problem-cases.ts';

const crashed = (node: string, id = 'c1'): V1Pod =>
  ailing(
    {
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 1, containerID: id } },
    },
    node,
  );

function makeReader(answer: (pod: string) => string | Error = (name) => `last of ${name}`) {
  const world = { pods: [] as readonly V1Pod[] };
  const store = new Map<string, LastWord>();
  const [asked, heard] = [[] as string[], [] as string[]];
  const since = performance.now();
  const at: number[] = [];
  const reader = new LogReader({
    pods: () => world.pods,
    read: (name, previous) => {
      asked.push(`${name} ${previous}`);
      at.push((performance.now() - since) / 1000);
      const line = answer(name);
      return line instanceof Error ? Promise.reject(line) : Promise.resolve(line);
    },
    store,
    onHeard: (key) => heard.push(key),
    now: () => performance.now(),
    log: pino({ enabled: false }),
  });
  reader.start();
  const look = async (pods: readonly V1Pod[]): Promise<void> => {
    world.pods = pods;
    reader.look();
    await jest.advanceTimersByTimeAsync(500);
  };
  return { reader, store, asked, at, heard, look };
}

describe('LogReader', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('asks nothing while all is well', async () => {
    const { look, asked } = makeReader();
    await look([pod(), pod({ node: 'n2', isReady: false })]);
    expect(asked).toEqual([]);
  });

  it('reads the log of a container that ended, once, and tells its config', async () => {
    const { look, asked, heard, store } = makeReader();
    await look([crashed('n1')]);
    await look([crashed('n1')]);
    expect([asked, heard]).toEqual([['edge-control-plane-n1 true'], ['edge']]);
    expect(store.get('edge-control-plane-n1')?.line).toBe('last of edge-control-plane-n1');
  });

  it('reads the present log while the ended container is still the present one', async () => {
    const { look, asked } = makeReader();
    await look([ailing({ state: { terminated: { exitCode: 1, containerID: 'c1' } } })]);
    expect(asked).toEqual(['edge-control-plane-n1 false']);
  });

  it('reads again after the next crash, and tells nobody when it said the same', async () => {
    const { look, asked, heard } = makeReader();
    await look([crashed('n1')]);
    await look([crashed('n1', 'c2')]);
    expect([asked.length, heard]).toEqual([2, ['edge']]);
  });

  it('reads at most three logs of a workload', async () => {
    const { look, asked } = makeReader();
    await look(['n1', 'n2', 'n3', 'n4', 'n5'].map((node) => crashed(node)));
    expect(asked).toEqual(['n1', 'n2', 'n3'].map((node) => `edge-control-plane-${node} true`));
  });

  it('keeps a line while the pod is there, and no longer', async () => {
    const { look, store } = makeReader();
    await look([crashed('n1')]);
    await look([pod()]);
    expect([...store.keys()]).toEqual(['edge-control-plane-n1']);
    await look([]);
    expect([...store.keys()]).toEqual([]);
  });

  it('tries again later when the API server does not answer', async () => {
    let answer: string | Error = new Error('ECONNREFUSED');
    const { look, asked, heard } = makeReader(() => answer);
    await look([crashed('n1')]);
    answer = 'x';
    await jest.advanceTimersByTimeAsync(5000);
    expect([asked.length, heard]).toEqual([2, ['edge']]);
  });

  it('does not ask again for a log that is gone', async () => {
    const { look, asked } = makeReader(
      () => new ApiError(400, 'GET x', 'previous terminated container not found'),
    );
    await look([crashed('n1')]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['cannot be asked', new ApiError(500, 'GET x', 'tls: internal error')],
    ['refuses', new ApiError(403, 'GET x', 'Forbidden (user=kube-apiserver, verb=get, resource=nodes)')],
  ])('asks a kubelet that %s less and less often', async (_, error) => {
    const { look, at } = makeReader(() => error);
    await look([crashed('n1')]);
    await jest.advanceTimersByTimeAsync(1_300_000);
    expect(at).toEqual([0.5, 5.5, 15.5, 35.5, 75.5, 155.5, 315.5, 615.5, 915.5, 1215.5]);
  });

  it('does not ask it sooner because something else happens', async () => {
    const { look, at } = makeReader(() => new Error('ECONNREFUSED'));
    for (let count = 0; count < 60; count += 1) {
      await look([crashed('n1')]);
      await jest.advanceTimersByTimeAsync(500);
    }
    expect(at).toEqual([0.5, 5.5, 15.5, 35.5]);
  });

  it('reads the log of another pod meanwhile', async () => {
    const { look, asked, heard } = makeReader((name) => (name.endsWith('n1') ? new Error('no') : 'x'));
    await look([crashed('n1')]);
    await jest.advanceTimersByTimeAsync(200_000);
    const count = asked.length;
    await look([crashed('n1'), crashed('n2')]);
    expect([asked.slice(count), heard]).toEqual([['edge-control-plane-n2 true'], ['edge']]);
  });

  it('tries the next container of a pod at once, and is no less facts with its kubelet', async () => {
    const { look, at } = makeReader(() => new Error('no'));
    await look([crashed('n1')]);
    await jest.advanceTimersByTimeAsync(20_000);
    await look([crashed('n1', 'c2')]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(at).toEqual([0.5, 5.5, 15.5, 21, 61]);
  });

  it.each<[string, (world: ReturnType<typeof makeReader>) => Promise<void>]>([
    ['the pod was gone', ({ look }) => look([])],
    ['a log was read', ({ look }) => look([crashed('n1', 'good')])],
  ])('is as quick as at first after %s', async (_, between) => {
    let isGood = false;
    const world = makeReader(() => (isGood ? 'x' : new Error('no')));
    await world.look([crashed('n1')]);
    await jest.advanceTimersByTimeAsync(100_000);
    isGood = true;
    await between(world);
    isGood = false;
    const count = world.at.length;
    await world.look([crashed('n1', 'c2')]);
    await jest.advanceTimersByTimeAsync(6000);
    expect(world.at.slice(count)).toEqual([101.5, 106.5]);
  });

  it('asks nothing after it was stopped', async () => {
    const { reader, look, asked } = makeReader();
    reader.stop();
    await look([crashed('n1')]);
    expect(asked).toEqual([]);
  });
});
