// kill -9 after every single write: the API server has carried it out, and the operator never heard of it. For
// each such point the state converges after the restart, with nothing doubled and nothing left behind.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { KubeVipConfig } from '../../../src/api/types.ts';
import { conditionsOf } from '../builders.ts';
import { paths } from '../cluster.ts';
import { until } from '../until.ts';
import { isWrite } from './proxy.ts';
import { address, pathOf, print, startFaultStage, type FaultStage } from './stage.ts';

jest.setTimeout(300_000);

const mostWrites = 20;

let stage: FaultStage;

beforeAll(async () => {
  stage = await startFaultStage({ open: ['kubevipconfig-claims.kubevip.dev'] });
}, 60_000);

afterAll(() => stage?.stop());

/** Kills the operator right after the n-th write about objects of these names; what it was, when it came to it. */
function killAtWrite(count: number, names: readonly string[]): { at: string } {
  const killed = { at: '' };
  const operator = stage.operator();
  let writes = 0;
  stage.proxy.set((seen) => {
    if (!isWrite(seen) || killed.at !== '' || !names.some((name) => seen.path.includes(`/${name}`))) {
      return undefined;
    }
    writes += 1;
    return writes < count
      ? undefined
      : {
          withhold: () => {
            killed.at = `${seen.method} ${seen.path.split('?')[0]?.split('/').slice(-2).join('/')}`;
            void operator.stop('SIGKILL');
          },
        };
  });
  return killed;
}

async function restart(): Promise<void> {
  await stage.operator().ended;
  stage.proxy.set();
  await stage.start();
}

/** Repeats for each n until a run ends before its n-th write; returns what each was killed at. */
async function forEveryWrite(
  run: (count: number, killed: (names: readonly string[]) => { at: string }) => Promise<string>,
): Promise<readonly string[]> {
  const points: string[] = [];
  for (let count = 1; count <= mostWrites; count += 1) {
    const at = await run(count, (names) => killAtWrite(count, names));
    stage.proxy.set();
    if (at === '') {
      return points;
    }
    points.push(at);
  }
  throw new Error(`expected fewer than ${mostWrites} writes, found: ${points.join('; ')}`);
}

async function ownersOf(octet: number): Promise<readonly string[]> {
  const { items } = await stage.admin.expect<{ items: V1DaemonSet[] }>({
    method: 'GET',
    path: paths.daemonSets,
  });
  return items
    .filter(({ spec }) =>
      spec?.template.spec?.containers[0]?.env?.some(
        ({ name, value }) => name === 'address' && value === address(octet),
      ),
    )
    .map(({ metadata }) => metadata?.name ?? '');
}

const isSteady = ({ status, metadata }: KubeVipConfig): boolean =>
  status?.observedGeneration === metadata.generation &&
  (metadata.finalizers?.length ?? 0) === 1 &&
  status?.inventory?.length === 2;

async function untilConverged(name: string): Promise<void> {
  const operands = [`${name}-control-plane`, `${name}-services`];
  await until(
    `${name} to be as it should`,
    async () => {
      const found = await stage.config(name);
      return found !== undefined && isSteady(found) && conditionsOf(found)['Accepted'] === 'True Accepted';
    },
    20_000,
  );
  for (const operand of operands) {
    await stage.untilRuns(operand);
  }
}

it('while a config is rolled out', async () => {
  let octet = 0;
  const points = await forEveryWrite(async (count, killed) => {
    const name = `create-${count}`;
    octet += 1;
    const kill = killed([name]);
    await stage.create(name, octet, { services: {} });
    await until('the kill, or the end', async () => kill.at !== '' || steady(name), 20_000);
    if (kill.at !== '') {
      await restart();
    }
    await untilConverged(name);
    expect(await ownersOf(octet)).toEqual([`${name}-control-plane`]);
    return kill.at;
  });
  print(`killed after each of ${points.length} writes of a roll-out: ${points.join('; ')}`);
  expect(points.length).toBeGreaterThanOrEqual(4);
});

/** As `untilConverged`, and no write for a while: the run is over. */
async function steady(name: string): Promise<boolean> {
  const found = await stage.config(name);
  const last = stage.proxy.seen.findLast(isWrite)?.at ?? 0;
  return found !== undefined && isSteady(found) && Date.now() - last > 1000;
}

async function leftOf(name: string): Promise<readonly string[]> {
  const operands = [`${name}-control-plane`, `${name}-services`];
  const all = [
    pathOf(name),
    ...operands.flatMap((row) => [`${paths.daemonSets}/${row}`, `${paths.leases}/${row}`]),
  ];
  const found = await Promise.all(all.map((path) => stage.admin.get(path)));
  return all.filter((_, index) => found[index] !== undefined);
}

async function untilGone(name: string, isOver: () => boolean = () => false): Promise<void> {
  await until(
    `${name} to be gone`,
    async () => {
      await stage.play.collectGarbage();
      return isOver() || (await stage.config(name)) === undefined;
    },
    30_000,
  );
}

it('while a config is deleted', async () => {
  let octet = 50;
  const points = await forEveryWrite(async (count, killed) => {
    const name = `delete-${count}`;
    octet += 1;
    await stage.create(name, octet, { services: {} });
    await untilConverged(name);
    await stage.play.hold(`${name}-control-plane`, { holder: 'n1' });
    await stage.play.hold(`${name}-services`, { holder: 'n1' });
    await until('calm', () => steady(name), 10_000);
    const kill = killed([name]);
    await stage.remove(name);
    await untilGone(name, () => kill.at !== '');
    if (kill.at !== '') {
      await restart();
    }
    await untilGone(name);
    expect(await leftOf(name)).toEqual([]);
    return kill.at;
  });
  print(`killed after each of ${points.length} writes of a deletion: ${points.join('; ')}`);
  expect(points.length).toBeGreaterThanOrEqual(4);
});

it('while an address goes from one config to another', async () => {
  let octet = 100;
  const points = await forEveryWrite(async (count, killed) => {
    const [first, second] = [`first-${count}`, `second-${count}`];
    octet += 1;
    await stage.create(first, octet, { services: {} });
    await untilConverged(first);
    await stage.create(second, octet, { services: {} });
    await until(
      'the refusal',
      async () => conditionsOf(await stage.config(second))['Accepted'] === 'False AddressConflict',
    );
    expect(await ownersOf(octet)).toEqual([`${first}-control-plane`]);
    const kill = killed([first, second]);
    await stage.remove(first);
    await untilGone(first, () => kill.at !== '');
    if (kill.at === '') {
      await until('the kill, or the end', async () => kill.at !== '' || steady(second), 20_000);
    }
    expect((await ownersOf(octet)).length).toBeLessThanOrEqual(1);
    if (kill.at !== '') {
      await restart();
    }
    await untilGone(first);
    await untilConverged(second);
    expect(await ownersOf(octet)).toEqual([`${second}-control-plane`]);
    expect(await leftOf(first)).toEqual([]);
    return kill.at;
  });
  print(`killed after each of ${points.length} writes of a hand-over: ${points.join('; ')}`);
  expect(points.length).toBeGreaterThanOrEqual(6);
});
