// kill -9 after every single write: the API server has carried it out, and the operator never heard of it. For
// each such point the state converges after the restart, with nothing doubled and nothing left behind.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { conditionsOf } from '../builders.ts';
import { paths } from '../cluster.ts';
import { stretched } from '../../stretched.ts';
import { until } from '../until.ts';
import { forEveryWrite, isCalm, isQuiet, ownersOf, restart, untilConverged, type Killed } from './killing.ts';
import { pathOf, print, startFaultStage, type FaultStage } from './stage.ts';

jest.setTimeout(300_000);

// A held address is waited for until kube-vip has lost its Lease, after 2 + 2.2 x 1 seconds: with each run.
const leaderElection = { leaseDurationSeconds: 6, renewDeadlineSeconds: 2, retryPeriodSeconds: 1 };

let stage: FaultStage;

beforeAll(async () => {
  stage = await startFaultStage({ open: ['kubevipconfig-claims.kubevip.dev'] });
}, 60_000);

afterAll(() => stage?.stop());

it('while a config is rolled out', async () => {
  let octet = 0;
  const points = await forEveryWrite(stage, async (count, killed) => {
    const name = `create-${count}`;
    octet += 1;
    const kill = killed([name]);
    await stage.create(name, octet, { services: {} });
    await until('the kill, or the end', async () => kill.at !== '' || isCalm(stage, name), stretched(20_000));
    if (kill.at !== '') {
      await restart(stage);
    }
    await untilConverged(stage, name);
    expect(await ownersOf(stage, octet)).toEqual([`${name}-control-plane`]);
    return kill.at;
  });
  print(`killed after each of ${points.length} writes of a roll-out: ${points.join('; ')}`);
  expect(points.length).toBeGreaterThanOrEqual(4);
});

async function leftOf(name: string): Promise<readonly string[]> {
  const components = [`${name}-control-plane`, `${name}-services`];
  const all = [
    pathOf(name),
    ...components.flatMap((row) => [`${paths.daemonSets}/${row}`, `${paths.leases}/${row}`]),
  ];
  const found = await Promise.all(all.map((path) => stage.admin.get(path)));
  return all.filter((_, index) => found[index] !== undefined);
}

async function isGone(name: string): Promise<boolean> {
  await stage.play.collectGarbage();
  return (await stage.config(name)) === undefined;
}

const untilGone = (name: string): Promise<unknown> =>
  until(`${name} to be gone`, () => isGone(name), stretched(30_000));

/** A config that is gone is not the end: what was kept of it is forgotten after that. */
const untilKilledOrOver = (name: string, kill: Killed): Promise<unknown> =>
  until(
    `the kill, or the end of ${name}`,
    async () => kill.at !== '' || ((await isGone(name)) && isQuiet(stage)),
    stretched(30_000),
  );

it('while a config is deleted', async () => {
  let octet = 50;
  const points = await forEveryWrite(stage, async (count, killed) => {
    const name = `delete-${count}`;
    octet += 1;
    await stage.create(name, octet, { services: {}, leaderElection });
    await untilConverged(stage, name);
    await stage.play.hold(`${name}-control-plane`, { holder: 'n1' });
    await stage.play.hold(`${name}-services`, { holder: 'n1' });
    await until('calm', () => isCalm(stage, name), stretched(10_000));
    const kill = killed([name]);
    await stage.remove(name);
    await untilKilledOrOver(name, kill);
    if (kill.at !== '') {
      await restart(stage);
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
  const points = await forEveryWrite(stage, async (count, killed) => {
    const [first, second] = [`first-${count}`, `second-${count}`];
    octet += 1;
    await stage.create(first, octet, { services: {} });
    await untilConverged(stage, first);
    await stage.create(second, octet, { services: {} });
    await until(
      'the refusal',
      async () => conditionsOf(await stage.config(second))['Accepted'] === 'False AddressConflict',
    );
    expect(await ownersOf(stage, octet)).toEqual([`${first}-control-plane`]);
    const kill = killed([first, second]);
    await stage.remove(first);
    await untilKilledOrOver(first, kill);
    if (kill.at === '') {
      await until(
        'the kill, or the end',
        async () => kill.at !== '' || isCalm(stage, second),
        stretched(20_000),
      );
    }
    expect((await ownersOf(stage, octet)).length).toBeLessThanOrEqual(1);
    if (kill.at !== '') {
      await restart(stage);
    }
    await untilGone(first);
    await untilConverged(stage, second);
    expect(await ownersOf(stage, octet)).toEqual([`${second}-control-plane`]);
    expect(await leftOf(first)).toEqual([]);
    return kill.at;
  });
  print(`killed after each of ${points.length} writes of a hand-over: ${points.join('; ')}`);
  expect(points.length).toBeGreaterThanOrEqual(6);
});
