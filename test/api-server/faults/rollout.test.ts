// A rollout against a real API server: its order, a release that crashes, two edits at once, and kill -9 of the operator after every
// single write. Nodes and the DaemonSet controller are stage.played.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { conditionsOf } from '../builders.ts';
import { paths } from '../cluster.ts';
import { pair } from '../played-nodes.ts';
import { stretched } from '../../stretched.ts';
import { until } from '../until.ts';
import { forEveryWrite, restart, type Killed } from './killing.ts';
import { broken, imageOf, next, old, RolloutStage } from './rollout-stage.ts';
import { print } from './stage.ts';

jest.setTimeout(500_000);

let stage: RolloutStage;

beforeAll(async () => {
  stage = await RolloutStage.start();
}, 60_000);

afterAll(() => stage?.stop());

describe('a rollout', () => {
  it('comes to the holder last, and what worked last stands until then', async () => {
    await stage.held('order');
    await stage.stage.change('order', { version: next });
    await until('the holder to be next', () => stage.ended('order').length === 2, stretched(30_000));
    expect((await stage.live('order')).spec?.updateStrategy).toMatchObject({ type: 'OnDelete' });
    await stage.untilOver('order', next);
    expect(stage.ended('order')).toEqual(['n1', 'n2', 'n3 holds']);
    expect(imageOf(await stage.live('order'))).toContain(`:${next}@`);
  });

  it('puts back a strategy that a person sets, and ends no pod for it', async () => {
    const before = stage.ended('order').length;
    await stage.stage.admin.expect({
      method: 'PATCH',
      path: `${paths.daemonSets}/order-control-plane`,
      body: { spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 2 } } } },
      type: 'merge',
    });
    await until(
      'the strategy to be put back',
      async () => (await stage.live('order')).spec?.updateStrategy?.type === 'OnDelete',
    );
    expect(stage.ended('order').length).toBe(before);
  });

  it('goes back from a release that crashes, which never reaches the holder', async () => {
    await stage.held('crash');
    const before = await stage.played.revisions('crash-control-plane');
    await stage.stage.change('crash', { version: broken });
    await until(
      'the rollback',
      async () => (await stage.status('crash'))?.rollout?.phase === 'RolledBack',
      stretched(30_000),
    );
    expect(stage.ended('crash')).toEqual(['n1', 'n1']);
    expect(await stage.played.revisions('crash-control-plane')).toEqual(before);
    expect(conditionsOf(await stage.stage.config('crash'))).toMatchObject({
      RollbackActive: 'True RolloutFailed',
      Stalled: 'True RolloutFailed',
    });
    expect(imageOf(await stage.live('crash'))).toContain(`:${old}@`);
    await stage.gone('crash');
  });

  it('goes to the last of two edits within a second', async () => {
    await stage.held('twice');
    await stage.stage.change('twice', { version: broken });
    await stage.stage.change('twice', { version: next });
    await stage.untilOver('twice', next);
    expect(stage.ended('twice').filter((row) => row.endsWith('holds'))).toHaveLength(1);
    await stage.gone('twice');
  });

  it('is one at a time where two are asked for', async () => {
    await stage.held('left');
    await stage.held('right');
    const from = stage.played.ended.length;
    await Promise.all([
      stage.stage.change('left', { version: next }),
      stage.stage.change('right', { version: next }),
    ]);
    await stage.untilOver('left', next);
    await stage.untilOver('right', next);
    const configs = stage.played.ended.slice(from).map(({ daemonSet }) => daemonSet);
    expect(new Set(configs.slice(0, 3)).size).toBe(1);
    expect(configs).toHaveLength(6);
    await Promise.all([stage.gone('left'), stage.gone('right')]);
  });
});

describe('kill -9 after every write', () => {
  /** Waits for the end or the kill, and after a kill for the end by another operator. */
  async function endOf(kill: Killed, isDone: () => Promise<boolean>): Promise<void> {
    await until('the kill, or the end', async () => kill.at !== '' || isDone(), stretched(60_000));
    if (kill.at !== '') {
      await restart(stage.stage);
    }
    await until('the end', isDone, stretched(60_000));
  }

  it('ends no node twice, and the holder last', async () => {
    const points = await forEveryWrite(stage.stage, async (count, arm) => {
      const name = `kill-${count}`;
      await stage.held(name, { nodeSelector: pair });
      const kill = arm([name]);
      await stage.stage.change(name, { version: next });
      await endOf(kill, () => stage.isOver(name, next));
      expect([kill.at, stage.ended(name)]).toEqual([kill.at, ['n2', 'n3 holds']]);
      await stage.gone(name);
      return kill.at;
    });
    print(`killed after each of ${points.length} writes of a rollout: ${points.join('; ')}`);
    expect(points.length).toBeGreaterThanOrEqual(9);
  });
});
