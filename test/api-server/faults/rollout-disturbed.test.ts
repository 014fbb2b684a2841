// A rollout in the middle of which something else happens, against a real API server: it is paused for 90 s, another replica takes
// over, a node joins, dies or is drained. Nodes and the DaemonSet controller are played.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { conditionsOf } from '../builders.ts';
import { startReplica, type Operator } from '../operator.ts';
import { settled, until } from '../until.ts';
import { stretched } from '../../stretched.ts';
import { imageOf, next, old, RolloutStage } from './rollout-stage.ts';

jest.setTimeout(600_000);

const pausedMs = 90_000;

let stage: RolloutStage;
const standbys: Operator[] = [];

beforeAll(async () => {
  stage = await RolloutStage.start();
}, 60_000);

afterAll(async () => {
  await Promise.all(standbys.map((operator) => operator.stop()));
  await stage?.stop();
});

describe('a rollout in the middle of which', () => {
  it('the API server stands still for longer than a step may take goes on afterwards', async () => {
    await stage.held('paused', {}, { progressDeadlineSeconds: 60 });
    await stage.stage.change('paused', { version: next });
    await stage.untilEnded('paused', 1);
    stage.stage.api.pauseApi();
    await sleep(pausedMs);
    stage.stage.api.resumeApi();
    await stage.untilOver('paused', next, 90_000);
    expect(stage.ended('paused')).toEqual(['n1', 'n2', 'n3 holds']);
    expect(conditionsOf(await stage.stage.config('paused'))).not.toHaveProperty('RollbackActive');
    await stage.gone('paused');
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'the leader gets %s is ended by the replica that stands by, and no node is changed twice',
    async (signal) => {
      const name = `handed-${signal.toLowerCase()}`;
      await stage.held(name);
      const standby = await startReplica({ kubeconfig: stage.stage.proxy.kubeconfig });
      standbys.push(standby.operator);
      const isStandby = ({ msg }: { readonly msg: string }): boolean => msg === 'another operator leads';
      await standby.operator.waitForLog('stands by', isStandby, stretched(40_000));
      await stage.stage.change(name, { version: next });
      await stage.untilEnded(name, 1);
      await stage.stage.operator().stop(signal);
      await stage.untilOver(name, next, 90_000);
      expect(stage.ended(name)).toEqual(['n1', 'n2', 'n3 holds']);
      expect(standby.operator.logs.map(({ msg }) => msg)).toContain('leading');
      await standby.operator.stop();
      await stage.stage.start();
      await stage.gone(name);
    },
  );

  it('a node is drained, one dies and one joins comes to all that report, and to the dead one when it returns', async () => {
    await stage.held('nodes');
    await stage.stage.change('nodes', { version: next });
    await stage.untilEnded('nodes', 1);
    await stage.stage.admin.expect({
      method: 'PATCH',
      path: '/api/v1/nodes/n1',
      body: { spec: { unschedulable: true } },
      type: 'merge',
    });
    // A node that joins in the second in which the new rendering stands for n1 gets that.
    const isPutBack = async (): Promise<boolean> => imageOf(await stage.live('nodes')).includes(`:${old}@`);
    await until('what worked last to stand again', isPutBack, stretched(30_000));
    await stage.played.setAlive('n2', false);
    await stage.played.join('n4');
    const left = async (): Promise<unknown> => {
      const { rollout, version } = (await stage.status('nodes')) ?? {};
      return [version?.running, rollout?.skipped, stage.ended('nodes').filter((row) => row !== 'n4')];
    };
    expect(await settled(left, ['', 1, ['n1', 'n3 holds']], stretched(60_000))).toBeDefined();
    await stage.played.setAlive('n2', true);
    await stage.untilOver('nodes', next, 60_000);
    const order = stage.ended('nodes');
    // n4 has the next rendering already where it joined in the second in which that stood for another node.
    expect(order.toSorted().filter((row) => row !== 'n4')).toEqual(['n1', 'n2', 'n3 holds']);
    expect(new Set(order).size).toBe(order.length);
  });
});
