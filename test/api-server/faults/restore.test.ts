// etcd is restored from a backup while the operator lives (kubernetes/kubernetes#107457): versions go back, and the API server
// answers a watch of a version that it has not reached with 200 and silence. Only what is there now counts.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { pathOf as collectionOf, resources } from '../../../src/cluster/resources.ts';
import { namespace, paths, untilServed } from '../cluster.ts';
import { settled } from '../until.ts';
import { advance, backUp, restore } from './etcd.ts';
import { describeTraffic } from './proxy.ts';
import { address, print, since, startFaultStage, untilWatching, type FaultStage } from './stage.ts';
import { stretched } from '../../stretched.ts';

jest.setTimeout(240_000);

const stopping = new AbortController();
let stage: FaultStage;
let beating: Promise<void> | undefined;

/** kube-vip renews its Lease for as long as it finds an API server. */
async function beat(): Promise<void> {
  while (!stopping.signal.aborted) {
    await stage.play.hold('kept-control-plane', { holder: 'n1', durationSeconds: 15 }).catch(() => undefined);
    await sleep(1000);
  }
}

/** Down as seen by who asks through a load balancer, which lets nothing pass before the API server is ready. */
async function down(act: (api: FaultStage['api']) => Promise<void>): Promise<void> {
  stage.proxy.set(() => ({ answer: { status: 503 } }));
  await act(stage.api);
  await untilServed(stage.admin);
  stage.proxy.set();
}

const versionOf = async (): Promise<number> => {
  const { metadata } = await stage.admin.expect<{ metadata: { resourceVersion: string } }>({
    method: 'GET',
    path: paths.daemonSets,
  });
  return Number(metadata.resourceVersion);
};

beforeAll(async () => {
  stage = await startFaultStage();
  await stage.create('kept', 10);
  await stage.untilRuns('kept-control-plane');
  await stage.play.runHealthy('kept-control-plane', 'n1');
  await down(backUp);
  await untilWatching(stage.proxy);
  beating = beat();
}, 180_000);

afterAll(async () => {
  stopping.abort();
  await beating;
  await stage?.stop();
});

it('forgets what is no longer there, and says of nothing what is not so', async () => {
  expect(await settled(() => stage.ready('kept'), 'True Held', stretched(30_000))).toBe('True Held');
  await stage.create('lost', 20);
  await stage.untilRuns('lost-control-plane');
  await advance(stage.api, 5000);
  // What the watches have seen last is far beyond the backup.
  await stage.change('lost', { arp: { announceIntervalSeconds: 9 } });
  await stage.change('kept', { arp: { announceIntervalSeconds: 9 } });
  const before = await versionOf();
  await down(restore);
  const back = Date.now();
  const after = await versionOf();
  expect(after).toBeLessThan(before - 2000);
  expect(await stage.config('lost')).toBeUndefined();

  // The address of the one that is no more.
  await stage.create('new', 20);
  await stage.untilRuns('new-control-plane', stretched(30_000));
  const took = Date.now() - back;
  expect(await settled(() => stage.ready('kept'), 'True Held', stretched(20_000))).toBe('True Held');
  const lists = Object.values(resources).map((resource) => collectionOf(resource, namespace));
  const listed = since(stage, back - 5000)
    .filter(({ isWatch }) => !isWatch)
    .map(({ path }) => path.split('?')[0] ?? '');
  expect(lists.filter((path) => !listed.includes(path))).toEqual([]);
  const said = new Set<string | undefined>();
  // Longer than the Lease, which is renewed.
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(200)) {
    said.add(await stage.ready('kept'));
  }
  print(
    `etcd restored from version ${before} to ${after}: ${address(20)} runs for another after ${took} ms; ` +
      `${describeTraffic(since(stage, back))}; Ready ${[...said].join(', ')}`,
  );
  expect([...said]).toEqual(['True Held']);
  expect(await stage.daemonSet('lost-control-plane')).toBeUndefined();
  expect(stage.operator().logs.filter(({ msg }) => msg === 'leading')).toHaveLength(1);
});
