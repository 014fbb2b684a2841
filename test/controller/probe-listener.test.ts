import { describe, expect, it } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { pino } from 'pino';
import { mostLogs, ProbeListener } from '../../src/controller/probe-listener.ts';

const running = { state: { running: {} } };
const ended = { state: { terminated: { exitCode: 0, message: '{}' } } };
const restarted = { ...running, lastState: ended.state };

const probe = (name: string, container: object = running, config = 'edge'): V1Pod =>
  ({
    metadata: { name, uid: `uid of ${name}`, labels: { 'kubevip.dev/probe': config } },
    status: { containerStatuses: [container] },
  }) as unknown as V1Pod;

function makeListener(...pods: readonly V1Pod[]) {
  const world = { pods };
  const logs = new Map<string, PromiseWithResolvers<string | undefined>>();
  const [asked, heard] = [[] as string[], [] as string[]];
  const store = new Map<string, string>();
  const signals: AbortSignal[] = [];
  const listener = new ProbeListener({
    pods: () => world.pods,
    follow: (pod, signal) => {
      const log = Promise.withResolvers<string | undefined>();
      asked.push(pod);
      signals.push(signal);
      logs.set(pod, log);
      return log.promise;
    },
    store,
    onHeard: (key) => heard.push(key),
    log: pino({ enabled: false }),
  });
  const print = async (pod: string, report: string | undefined): Promise<void> => {
    logs.get(pod)?.resolve(report);
    await settled();
  };
  const fail = async (pod: string): Promise<void> => {
    logs.get(pod)?.reject(new Error('no route to the kubelet'));
    await settled();
  };
  return { world, listener, asked, heard, store, signals, print, fail };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('ProbeListener', () => {
  it.each<[string, V1Pod, readonly string[]]>([
    ['follows a probe that runs', probe('a'), ['a']],
    ['does not follow one whose container is not there yet', probe('a', { state: { waiting: {} } }), []],
    ['does not follow one that has ended', probe('a', ended), []],
    ['does not follow one that was started again after it had said all', probe('a', restarted), []],
    ['does not follow another pod', { ...probe('a'), metadata: { name: 'a', labels: {} } }, []],
  ])('%s', (_, pod, expected) => {
    const { listener, asked } = makeListener();
    listener.start();
    listener.seen(pod, true);
    expect(asked).toEqual(expected);
  });

  it('follows what runs already when it starts, and nothing before', () => {
    const { listener, asked } = makeListener(probe('a'));
    listener.seen(probe('a'), true);
    expect(asked).toEqual([]);
    listener.start();
    expect(asked).toEqual(['a']);
  });

  it('keeps what a probe printed, and tells its config', async () => {
    const { listener, asked, heard, store, print } = makeListener();
    listener.start();
    listener.seen(probe('a'), true);
    listener.seen(probe('a'), true);
    await print('a', '{"run":"x"}');
    expect([asked, heard]).toEqual([['a'], ['edge']]);
    expect([...store]).toEqual([['uid of a', '{"run":"x"}']]);
  });

  it.each<[string, (made: ReturnType<typeof makeListener>) => Promise<void>]>([
    ['whose log ends without a report', ({ print }) => print('a', undefined)],
    ['whose log is not shown', ({ fail }) => fail('a')],
  ])('leaves a probe %s to its end', async (_, happens) => {
    const made = makeListener();
    made.listener.start();
    made.listener.seen(probe('a'), true);
    await happens(made);
    made.listener.seen(probe('a'), true);
    expect([made.asked, made.heard, [...made.store]]).toEqual([['a'], [], []]);
  });

  it('forgets what a pod printed that is gone', async () => {
    const { listener, store, print } = makeListener();
    listener.start();
    listener.seen(probe('a'), true);
    await print('a', '{}');
    listener.seen(probe('a'), false);
    expect(store.size).toBe(0);
  });

  it('forgets what a pod printed that a list no longer has', async () => {
    const { world, listener, store, print } = makeListener(probe('a'));
    listener.start();
    await print('a', '{}');
    world.pods = [];
    listener.listed();
    expect(store.size).toBe(0);
  });

  it('keeps nothing of a pod that went while it printed', async () => {
    const { listener, heard, store, print } = makeListener();
    listener.start();
    listener.seen(probe('a'), true);
    listener.seen(probe('a'), false);
    await print('a', '{}');
    expect([heard, store.size]).toEqual([[], 0]);
  });

  it('follows so many at once and no more', async () => {
    const { listener, asked, print } = makeListener();
    listener.start();
    const names = Array.from({ length: mostLogs + 2 }, (_, index) => `p${index}`);
    names.forEach((name) => listener.seen(probe(name), true));
    expect(asked).toHaveLength(mostLogs);
    await print('p0', '{}');
    listener.seen(probe(names.at(-1) ?? ''), true);
    expect(asked.at(-1)).toBe(names.at(-1));
  });

  it('hangs up when it stops, and hears anew when it starts again', () => {
    const { listener, signals, asked } = makeListener();
    listener.start();
    listener.seen(probe('a'), true);
    listener.stop();
    expect(signals[0]?.aborted).toBe(true);
    listener.seen(probe('b'), true);
    expect(asked).toEqual(['a']);
    listener.start();
    listener.seen(probe('b'), true);
    expect([asked, signals[1]?.aborted]).toEqual([['a', 'b'], false]);
  });
});
