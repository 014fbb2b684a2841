// kill -9 after every single write of a change: of a spec, of what somebody edited, and of a control plane that goes,
// comes back or gets another address. The state converges, and a Lease never goes to a third node.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import { paths } from '../cluster.ts';
import { stretched } from '../../stretched.ts';
import { until } from '../until.ts';
import { forEveryWrite, isCalm, ownersOf, restart, untilConverged, type Killed } from './killing.ts';
import { address, print, startFaultStage, type FaultStage } from './stage.ts';

jest.setTimeout(400_000);

// kube-vip has lost its Lease after 2 + 2.2 x 1 seconds.
const leaderElection = { leaseDurationSeconds: 6, renewDeadlineSeconds: 2, retryPeriodSeconds: 1 };

let stage: FaultStage;
let octet = 0;

beforeAll(async () => {
  stage = await startFaultStage();
}, 60_000);

afterAll(() => stage?.stop());

const daemonSetPath = (name: string): string => `${paths.daemonSets}/${name}-control-plane`;
const template = async (name: string) => (await stage.daemonSet(`${name}-control-plane`))?.spec?.template;

async function holder(name: string): Promise<string | undefined> {
  const path = `${paths.leases}/${name}-control-plane`;
  return (await stage.admin.get<{ spec: { holderIdentity: string } }>(path))?.spec.holderIdentity;
}

/** A config with both functions, held by n1, with nothing left to do. */
async function held(name: string): Promise<void> {
  octet += 1;
  await stage.create(name, octet, { services: {}, leaderElection });
  await untilConverged(stage, name);
  await stage.play.hold(`${name}-control-plane`, { holder: 'n1', durationSeconds: 600 });
  await stage.play.hold(`${name}-services`, { holder: 'n3', durationSeconds: 600 });
  await until('calm', () => isCalm(stage, name), stretched(10_000));
}

/** Takes the control plane out of a spec; done when its Lease is taken. */
async function takeOut(name: string): Promise<void> {
  await stage.change(name, { controlPlane: null });
  await until('the Lease to be taken', async () => (await holder(name)) === 'kube-vip-operator:n1');
}

/** Often enough to see every holder that a Lease has in the meantime. */
const closely = (): number => 20;

/** Waits for an end, or for the kill; after that, with another operator, for the end. */
async function endOf(
  kill: Killed,
  what: string,
  isOver: () => Promise<boolean>,
  pause?: (ms: number) => number,
): Promise<void> {
  const isDone = async () => {
    await stage.play.collectGarbage();
    return isOver();
  };
  await until(`the kill, or ${what}`, async () => kill.at !== '' || isDone(), stretched(30_000), pause);
  if (kill.at !== '') {
    await restart(stage);
  }
  await until(what, isDone, stretched(30_000), pause);
}

/** How many writes there were, each of which was followed by a kill. */
async function killEverywhere(
  story: string,
  run: (name: string, arm: () => Killed) => Promise<string>,
): Promise<number> {
  const points = await forEveryWrite(stage, (count, arm) => {
    const name = `${story}-${count}`;
    return run(name, () => arm([name]));
  });
  print(`killed after each of ${points.length} writes of ${story}: ${points.join('; ')}`);
  return points.length;
}

it('while a spec is changed', async () => {
  const writes = await killEverywhere('edit', async (name, arm) => {
    await held(name);
    const kill = arm();
    await stage.change(name, { leaderElection: { ...leaderElection, leaseDurationSeconds: 7 } });
    const isApplied = async () =>
      (await template(name))?.spec?.containers[0]?.env?.some(
        (row) => row.name === 'vip_leaseduration' && row.value === '7',
      ) === true && (await isCalm(stage, name));
    await endOf(kill, 'the change', isApplied);
    expect(await ownersOf(stage, octet)).toEqual([`${name}-control-plane`]);
    return kill.at;
  });
  expect(writes).toBeGreaterThanOrEqual(2);
});

it('while an edit of somebody is undone', async () => {
  const writes = await killEverywhere('drift', async (name, arm) => {
    await held(name);
    const before = await template(name);
    const kill = arm();
    const containers = [{ name: 'kube-vip', env: [{ name: 'added', value: 'by hand' }] }];
    const body: object = { spec: { template: { spec: { containers } } } };
    await stage.admin.expect<V1DaemonSet>({
      method: 'PATCH',
      path: daemonSetPath(name),
      body,
      type: 'strategic',
    });
    const isUndone = async () => JSON.stringify(await template(name)) === JSON.stringify(before);
    await endOf(kill, 'the edit to be undone', async () => (await isUndone()) && isCalm(stage, name));
    return kill.at;
  });
  expect(writes).toBeGreaterThanOrEqual(1);
});

it('while a control plane is taken out', async () => {
  const writes = await killEverywhere('out', async (name, arm) => {
    await held(name);
    const services = (await stage.daemonSet(`${name}-services`))?.metadata?.uid;
    const kill = arm();
    await stage.change(name, { controlPlane: null });
    const isGone = async () =>
      (await template(name)) === undefined && (await holder(name)) === undefined && isCalm(stage, name, 1);
    await endOf(kill, 'the control plane to be gone', isGone);
    await untilConverged(stage, name, 1);
    expect((await stage.daemonSet(`${name}-services`))?.metadata?.uid).toBe(services);
    return kill.at;
  });
  expect(writes).toBeGreaterThanOrEqual(4);
});

it('while a control plane is put back', async () => {
  const writes = await killEverywhere('back', async (name, arm) => {
    await held(name);
    const [own, seen] = [address(octet), new Set<string | undefined>()];
    await takeOut(name);
    const kill = arm();
    await stage.change(name, { controlPlane: { addresses: [own] } });
    // In time it goes back to n1; later it is free for any node.
    const isBack = async () => {
      const now = await holder(name);
      seen.add(now);
      return (now === 'n1' || now === undefined) && isCalm(stage, name);
    };
    await endOf(kill, 'the control plane to be back', isBack, closely);
    seen.forEach((row) => expect(['kube-vip-operator:n1', 'n1', undefined]).toContain(row));
    expect(await ownersOf(stage, octet)).toEqual([`${name}-control-plane`]);
    return kill.at;
  });
  expect(writes).toBeGreaterThanOrEqual(2);
});

it('while a control plane gets another address', async () => {
  const writes = await killEverywhere('other', async (name, arm) => {
    await held(name);
    const before = octet;
    octet += 1;
    await takeOut(name);
    const kill = arm();
    await stage.change(name, { controlPlane: { addresses: [address(octet)] } });
    const isMoved = async () =>
      (await ownersOf(stage, octet)).length === 1 &&
      (await holder(name)) === undefined &&
      isCalm(stage, name);
    await endOf(kill, 'the other address', isMoved);
    expect(await ownersOf(stage, before)).toEqual([]);
    return kill.at;
  });
  expect(writes).toBeGreaterThanOrEqual(4);
});
