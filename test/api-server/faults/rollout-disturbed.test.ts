// A rollout in the middle of which something else happens, against a real API server: it is paused for 90 s, another replica takes
// over, a node joins, dies or is drained. Nodes and the DaemonSet controller are played.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { conditionsOf } from '../builders.ts';
import { startReplica } from '../operator.ts';
import { settled, until } from '../until.ts';
import { stretched } from '../../stretched.ts';
import { next, RolloutStage } from './rollout-stage.ts';

jest.setTimeout(300_000);

const pausedMs = 90_000;

let stage: RolloutStage;

beforeAll(async () => {
  stage = await RolloutStage.start();
}, 60_000);

afterAll(() => stage?.stop());

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
      await standby.operator.waitForLog('stands by', ({ msg }) => msg === 'another operator leads', 40_000);
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
    expect(order.toSorted()).toEqual(['n1', 'n2', 'n3 holds', 'n4']);
    await until('nothing more to be ended', () => stage.ended('nodes').length === 4);
  });
});
