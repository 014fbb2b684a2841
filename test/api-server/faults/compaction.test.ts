// etcd forgets what was, and the API server starts anew, while the operator sees nothing: where its watches were
// is no more, and what changed meanwhile is only in the lists.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { pathOf, resources, type Resource } from '../../../src/cluster/resources.ts';
import { namespace, paths, untilServed } from '../cluster.ts';
import { settled, until } from '../until.ts';
import { compact } from './etcd.ts';
import { describeTraffic, isWrite, type Seen } from './proxy.ts';
import { print, since, startFaultStage, untilWatching, type FaultStage } from './stage.ts';
import { stretched } from '../../stretched.ts';

jest.setTimeout(60_000);

let stage: FaultStage;

beforeAll(async () => {
  stage = await startFaultStage();
}, 60_000);

afterAll(() => stage?.stop());

const watched: readonly Resource[] = Object.values(resources);

/** Whether a request is the list or watch that keeps one store; the survey lists some of the same collections. */
function isFor(resource: Resource, { method, path }: Seen): boolean {
  const { pathname, searchParams } = new URL(path, 'https://api');
  return (
    method === 'GET' &&
    pathname === pathOf(resource, namespace) &&
    searchParams.has('labelSelector') === (resource.labelSelector !== undefined) &&
    !searchParams.has('fieldSelector')
  );
}

const countByKind = (rows: readonly Seen[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    watched.map((resource) => [resource.plural, rows.filter((row) => isFor(resource, row)).length]),
  );
const once = Object.fromEntries(watched.map(({ plural }) => [plural, 1]));

const interval = async (name: string): Promise<string | undefined> =>
  (await stage.daemonSet(`${name}-control-plane`))?.spec?.template.spec?.containers[0]?.env?.find(
    (row) => row.name === 'vip_arpRate',
  )?.value;

/** What happens unseen: one of everything that a watch can miss. */
async function change(): Promise<void> {
  await stage.create('new', 20);
  await stage.change('edited', { arp: { announceIntervalSeconds: 9 } });
  await stage.admin.expect({ method: 'DELETE', path: `${paths.daemonSets}/robbed-control-plane` });
  await stage.play.hold('moved-control-plane', { holder: 'n2' });
  await stage.remove('deleted');
}

async function untilDone(): Promise<void> {
  await stage.untilRuns('new-control-plane', 30_000);
  await stage.untilRuns('robbed-control-plane', 30_000);
  expect(await settled(() => interval('edited'), '9000', 10_000)).toBe('9000');
  const holder = async () => (await stage.config('moved'))?.status?.controlPlane?.holder;
  expect(await settled(holder, 'n2', 10_000)).toBe('n2');
  await until(
    'the deletion',
    async () => {
      await stage.play.collectGarbage();
      return (await stage.config('deleted')) === undefined;
    },
    10_000,
  );
}

it('each watch is told 410 by the API server itself, lists once, and misses nothing', async () => {
  for (const [index, name] of ['edited', 'robbed', 'moved', 'deleted'].entries()) {
    await stage.create(name, index + 10);
    await stage.untilRuns(`${name}-control-plane`);
  }
  for (const node of ['n1', 'n2']) {
    await stage.play.runPod('moved-control-plane', node);
  }
  await stage.play.observe('moved-control-plane', { desired: 2, updated: 2, ready: 2 });
  await stage.play.hold('moved-control-plane', { holder: 'n1' });
  await until('it to be held', async () => (await stage.ready('moved')) === 'True Held', 10_000);
  await untilWatching(stage.proxy);
  const { resourceVersion = '' } = (await stage.config('edited'))?.metadata ?? {};

  const gate = Promise.withResolvers<void>();
  stage.proxy.set(({ isWatch }) => (isWatch ? { heldUntil: gate.promise } : undefined));
  const cut = stage.proxy.cutWatches();
  const blind = Date.now();
  await change();
  const revision = await compact(stage.api);
  await stage.api.stopApi();
  await stage.api.startApi();
  // Until its storage of custom resources is there, it answers 429.
  await untilServed(stage.admin);
  const old = `${paths.configs}?resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`;
  expect((await stage.admin.send({ method: 'GET', path: old })).status).toBe(410);

  const back = Date.now();
  stage.proxy.set();
  gate.resolve();
  await untilDone();
  const took = Date.now() - back;
  await untilWatching(stage.proxy);
  const asked = since(stage, blind);
  const refused = asked.filter(({ isWatch, status }) => isWatch && status === 410);
  print(
    `etcd compacted at ${revision}, API server restarted, blind for ${back - blind} ms: ${cut} watches cut, ` +
      `${refused.length} told 410; five changes done after ${took} ms; ${describeTraffic(since(stage, back))}`,
  );
  expect(cut).toBe(watched.length);
  expect(countByKind(refused)).toEqual(once);
  expect(countByKind(asked.filter(({ isWatch }) => !isWatch))).toEqual(once);
  expect(took).toBeLessThan(stretched(15_000));
  expect(since(stage, back).filter(isWrite).length).toBeLessThanOrEqual(25);
  expect(stage.operator().isRunning()).toBe(true);
  const leading = stage.operator().logs.filter(({ msg }) => msg === 'leading');
  expect(leading).toHaveLength(1);
});
