// Much at once: 1,000 edits of one object, 200 objects, and 500 nodes with 2,000 Services that change nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { KubeVipConfig } from '../../../src/api/types.ts';
import { conditionsOf } from '../builders.ts';
import { stretched } from '../../stretched.ts';
import { paths } from '../cluster.ts';
import { each } from '../each.ts';
import { until } from '../until.ts';
import { describeTraffic, isWrite, type Seen } from './proxy.ts';
import { node, service, store } from './seed.ts';
import { pathOf, print, since, startFaultStage, type FaultStage } from './stage.ts';

jest.setTimeout(900_000);

let stage: FaultStage;

beforeAll(async () => {
  stage = await startFaultStage();
}, 60_000);

afterAll(() => stage?.stop());

async function list<T>(path: string): Promise<readonly T[]> {
  return (await stage.admin.expect<{ items: T[] }>({ method: 'GET', path })).items;
}

/** Counts from now on: what was done just before may not have come to the operator yet. */
const quiet = async (ms: number): Promise<void> => {
  const from = Date.now();
  await until(
    `${ms} ms without a write`,
    () => Date.now() - Math.max(from, stage.proxy.seen.findLast(isWrite)?.at ?? 0) >= ms,
    stretched(60_000),
  );
};

async function annotate(name: string, value: string): Promise<void> {
  const body = { metadata: { annotations: { [name]: value } } };
  await stage.admin.expect({ method: 'PATCH', path: pathOf('edited'), body, type: 'merge' });
}

const isAsked = ({ isWatch, path }: Seen): boolean => !isWatch && !path.includes('/leases/');

const requestsWhile = async (act: () => Promise<unknown>): Promise<readonly string[]> => {
  const from = Date.now();
  await act();
  return since(stage, from)
    .filter(isAsked)
    .map(({ method, path }) => `${method} ${path}`);
};

/** Resolves when the look is over that the operator takes at a cluster which has changed, half a minute later. */
const looked = async (from: number): Promise<void> => {
  const ofOneLook = 20;
  const count = () => since(stage, from).filter(isAsked).length;
  await until('a look at the cluster', () => count() > ofOneLook, stretched(60_000));
  const last = () => stage.proxy.seen.findLast(isAsked)?.at ?? 0;
  await until('the end of that look', () => Date.now() - last() > 5000, stretched(60_000));
};

it('asks as little with 500 nodes and 2,000 Services as with none, while nothing changes', async () => {
  const idle = () => sleep(5000);
  const indices = Array.from({ length: 2000 }, (_, index) => index);
  // Off: no node answers a probe here, so it would be asked again after a minute, which is in the second window when
  // the machine is slow.
  await stage.create('edited', 1, { preflight: { nodeProbe: 'Off' } });
  // No node here is one for kube-vip: what is warned of is looked at every minute, unless somebody knows.
  await annotate('kubevip.dev/acknowledge', 'selector-matches-no-node');
  await stage.untilRuns('edited-control-plane');
  await quiet(3000);
  const without = await requestsWhile(idle);
  const changed = Date.now();
  await store(stage, [...indices.slice(0, 500).map((index) => node(index)), ...indices.map(service)]);
  await looked(changed);
  // Status counts nodes: it may have been written last when they were half there.
  await annotate('example.org/look', 'again');
  await quiet(3000);
  const withMany = await requestsWhile(async () => {
    const beat = new Date().toISOString().replace(/\.\d+Z/, 'Z');
    await store(
      stage,
      indices.slice(0, 500).map((index) => node(index, beat)),
    );
    await idle();
  });
  const nodes = await list('/api/v1/nodes');
  print(
    `idle for 5 s: ${without.length} requests without nodes, ${withMany.length} with ${nodes.length} nodes that beat and 2,000 Services`,
  );
  expect(nodes).toHaveLength(500);
  expect([without, withMany]).toEqual([[], []]);
});

const rateOf = (object: V1DaemonSet | undefined): string | undefined =>
  object?.spec?.template.spec?.containers[0]?.env?.find(({ name }) => name === 'vip_arpRate')?.value;

it('1,000 rapid edits of one object: the last one wins, and requests are bounded', async () => {
  await quiet(500);
  const from = Date.now();
  for (let edit = 0; edit < 1000; edit += 1) {
    await stage.change('edited', { arp: { announceIntervalSeconds: edit === 999 ? 17 : 2 + (edit % 10) } });
  }
  const edited = Date.now() - from;
  await until('the last edit', async () => rateOf(await stage.daemonSet('edited-control-plane')) === '17000');
  const behind = Date.now() - from - edited;
  await quiet(1000);
  const writes = since(stage, from).filter(isWrite);
  const applied = writes.filter(({ path }) => path.includes('/daemonsets/')).length;
  print(
    `1,000 edits in ${edited} ms, the last one there ${behind} ms later; ${writes.length} writes, ${applied} of them to the DaemonSet: ${describeTraffic(since(stage, from))}`,
  );
  expect(rateOf(await stage.daemonSet('edited-control-plane'))).toBe('17000');
  // Edits that come while it works are one piece of work of up to four writes: the DaemonSet, its record, an old record that
  // goes, and status. Every third edit, whether the machine is fast or slow.
  expect(applied).toBeLessThan(450);
  expect(writes.length).toBeLessThanOrEqual(4 * applied + 20);
  expect(behind).toBeLessThan(stretched(2000));
  await stage.remove('edited');
  await until('it to be gone', async () => {
    await stage.play.collectGarbage();
    return (await stage.config('edited')) === undefined;
  });
});

it('200 objects all become as they should, each port once', async () => {
  const count = 200;
  const from = Date.now();
  await each(Array(count).keys(), (index) => stage.create(`many-${index}`, index + 1, { services: {} }));
  // By the answers that went by: to list 400 of them again and again takes the time that the operator needs.
  const isMade = ({ path, status }: Seen): boolean => path.includes('/daemonsets/') && status === 201;
  await until(
    'two DaemonSets for each',
    () => since(stage, from).filter(isMade).length >= 2 * count,
    stretched(600_000),
  );
  const took = Date.now() - from;
  await quiet(1500);
  const seen = since(stage, from);
  print(`200 configs: 400 DaemonSets after ${took} ms; ${describeTraffic(seen)}`);
  const ports = (await list<V1DaemonSet>(paths.daemonSets)).map(
    ({ spec }) => spec?.template.spec?.containers[0]?.ports?.[0]?.containerPort,
  );
  expect(new Set(ports).size).toBe(2 * count);
  const configs = await list<KubeVipConfig>(paths.configs);
  expect(new Set(configs.map((row) => conditionsOf(row)['Programmed']))).toEqual(new Set(['False Applying']));
  expect(configs.every(({ status, metadata }) => status?.observedGeneration === metadata.generation)).toBe(
    true,
  );
  // For each: the finalizer, two DaemonSets, their two records, and at most three states of status.
  expect(seen.filter(isWrite).length).toBeLessThanOrEqual(8 * count);
});
