import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { pino } from 'pino';
import { ApiError } from '../../src/cluster/errors.ts';
import type { LastWord } from '../../src/cluster/view.ts';
import { LogReader } from '../../src/controller/log-reader.ts';
import { pod } from '../builders.ts';
import { ailing } from '../status/diagnosis-cases.ts';

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
  const reader = new LogReader({
    pods: () => world.pods,
    read: (name, previous) => {
      asked.push(`${name} ${previous}`);
      const line = answer(name);
      return line instanceof Error ? Promise.reject(line) : Promise.resolve(line);
    },
    store,
    onHeard: (key) => heard.push(key),
    log: pino({ enabled: false }),
  });
  reader.start();
  const look = async (pods: readonly V1Pod[]): Promise<void> => {
    world.pods = pods;
    reader.look();
    await jest.advanceTimersByTimeAsync(500);
  };
  return { reader, store, asked, heard, look };
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

  it('asks nothing after it was stopped', async () => {
    const { reader, look, asked } = makeReader();
    reader.stop();
    await look([crashed('n1')]);
    expect(asked).toEqual([]);
  });
});
