// A rollout against a real API server: its order, a release that crashes, two edits at once, and kill -9 of the operator after every
// single write. Nodes and the DaemonSet controller are played.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { KubeVipConfigStatus } from '../../../src/api/types.ts';
import { podName } from '../actors.ts';
import { conditionsOf } from '../builders.ts';
import { paths } from '../cluster.ts';
import { pair, PlayedNodes } from '../played-nodes.ts';
import { stretched } from '../../stretched.ts';
import { until } from '../until.ts';
import { forEveryWrite, restart, type Killed } from './killing.ts';
import { address, print, startFaultStage, type FaultStage } from './stage.ts';

jest.setTimeout(500_000);

const [old, next, broken] = ['v1.1.2', 'v1.1.1', 'v1.0.4'] as const;
const rollout = { observeSeconds: 0, progressDeadlineSeconds: 120 };

let stage: FaultStage;
let played: PlayedNodes;
let octet = 0;

beforeAll(async () => {
  stage = await startFaultStage();
  played = new PlayedNodes(stage, ['n1', 'n2', 'n3']);
  played.broken.add(broken);
  await played.start();
}, 60_000);

afterAll(async () => {
  await played?.stop();
  await stage?.stop();
});

const statusOf = async (name: string): Promise<KubeVipConfigStatus | undefined> =>
  (await stage.config(name))?.status;

const live = (name: string): Promise<V1DaemonSet> =>
  stage.admin.expect<V1DaemonSet>({ method: 'GET', path: `${paths.daemonSets}/${name}-control-plane` });

const imageOf = ({ spec }: V1DaemonSet): string => spec?.template.spec?.containers[0]?.image ?? '';

/** Whether every node runs a release, and nothing is left to do. */
async function isOver(name: string, version: string): Promise<boolean> {
  const status = await statusOf(name);
  return status?.version?.running === version && status.rollout === undefined;
}

async function untilOver(name: string, version: string): Promise<void> {
  await until(`${name} to run ${version}`, () => isOver(name, version), stretched(40_000));
}

/** A control plane that n3 holds. */
async function held(name: string, controlPlane: object = {}): Promise<void> {
  octet += 1;
  const placed = { addresses: [address(octet)], ...controlPlane };
  await stage.create(name, octet, { version: old, rollout, controlPlane: placed });
  await untilOver(name, old);
  await until(
    'a holder',
    async () => (await statusOf(name))?.controlPlane?.holder === 'n3',
    stretched(20_000),
  );
}

const endedOf = (name: string): readonly string[] =>
  played.ended
    .filter(({ daemonSet }) => daemonSet === `${name}-control-plane`)
    .map(({ node, isHolder }) => (isHolder ? `${node} holds` : node));

/** How an address leaves the nodes is no matter of this test, and takes half a minute. */
async function gone(name: string): Promise<void> {
  const path = `${paths.configs}/${name}`;
  await stage.remove(name);
  await stage.admin.send({ method: 'PATCH', path, body: { metadata: { finalizers: null } }, type: 'merge' });
  await stage.admin.send({ method: 'DELETE', path: `${paths.daemonSets}/${name}-control-plane` });
  await stage.admin.send({ method: 'DELETE', path: `${paths.leases}/${name}-control-plane` });
  for (const node of ['n1', 'n2', 'n3']) {
    const pod = `${paths.pods}/${podName(`${name}-control-plane`, node)}?gracePeriodSeconds=0`;
    await stage.admin.send({ method: 'DELETE', path: pod });
  }
}

describe('a rollout', () => {
  it('comes to the holder last, and what worked last stands until then', async () => {
    await held('order');
    await stage.change('order', { version: next });
    await until('the holder to be next', () => endedOf('order').length === 2, stretched(30_000));
    expect((await live('order')).spec?.updateStrategy).toMatchObject({ type: 'OnDelete' });
    await untilOver('order', next);
    expect(endedOf('order')).toEqual(['n1', 'n2', 'n3 holds']);
    expect(imageOf(await live('order'))).toContain(`:${next}@`);
  });

  it('puts back a strategy that a person sets, and ends no pod for it', async () => {
    const before = endedOf('order').length;
    await stage.admin.expect({
      method: 'PATCH',
      path: `${paths.daemonSets}/order-control-plane`,
      body: { spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 2 } } } },
      type: 'merge',
    });
    await until(
      'the strategy to be put back',
      async () => (await live('order')).spec?.updateStrategy?.type === 'OnDelete',
    );
    expect(endedOf('order').length).toBe(before);
  });

  it('goes back from a release that crashes, which never reaches the holder', async () => {
    await held('crash');
    const before = await played.revisions('crash-control-plane');
    await stage.change('crash', { version: broken });
    await until(
      'the rollback',
      async () => (await statusOf('crash'))?.rollout?.phase === 'RolledBack',
      stretched(30_000),
    );
    expect(endedOf('crash')).toEqual(['n1', 'n1']);
    expect(await played.revisions('crash-control-plane')).toEqual(before);
    expect(conditionsOf(await stage.config('crash'))).toMatchObject({
      RollbackActive: 'True RolloutFailed',
      Stalled: 'True RolloutFailed',
    });
    expect(imageOf(await live('crash'))).toContain(`:${old}@`);
    await gone('crash');
  });

  it('goes to the last of two edits within a second', async () => {
    await held('twice');
    await stage.change('twice', { version: broken });
    await stage.change('twice', { version: next });
    await untilOver('twice', next);
    expect(endedOf('twice').filter((row) => row.endsWith('holds'))).toHaveLength(1);
    await gone('twice');
  });

  it('is one at a time where two are asked for', async () => {
    await held('left');
    await held('right');
    const from = played.ended.length;
    await Promise.all([stage.change('left', { version: next }), stage.change('right', { version: next })]);
    await untilOver('left', next);
    await untilOver('right', next);
    const configs = played.ended.slice(from).map(({ daemonSet }) => daemonSet);
    expect(new Set(configs.slice(0, 3)).size).toBe(1);
    expect(configs).toHaveLength(6);
    await Promise.all([gone('left'), gone('right')]);
  });
});

describe('kill -9 after every write', () => {
  /** Waits for the end or the kill, and after a kill for the end by another operator. */
  async function endOf(kill: Killed, isDone: () => Promise<boolean>): Promise<void> {
    await until('the kill, or the end', async () => kill.at !== '' || isDone(), stretched(60_000));
    if (kill.at !== '') {
      await restart(stage);
    }
    await until('the end', isDone, stretched(60_000));
  }

  it('ends no node twice, and the holder last', async () => {
    const points = await forEveryWrite(stage, async (count, arm) => {
      const name = `kill-${count}`;
      await held(name, { nodeSelector: pair });
      const kill = arm([name]);
      await stage.change(name, { version: next });
      await endOf(kill, () => isOver(name, next));
      expect([kill.at, endedOf(name)]).toEqual([kill.at, ['n2', 'n3 holds']]);
      await gone(name);
      return kill.at;
    });
    print(`killed after each of ${points.length} writes of a rollout: ${points.join('; ')}`);
    expect(points.length).toBeGreaterThanOrEqual(9);
  });
});
