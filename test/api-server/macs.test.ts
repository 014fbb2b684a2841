// Whose a MAC is, on a real API server with two operators: what nodes told one of them the next one knows, and asks no node again. The
// kubelets, kube-vip and the witnesses are played.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { V1ConfigMap } from '@kubernetes/client-node';
import { macOf } from '../node-world.ts';
import { stretched } from '../stretched.ts';
import { namespace } from './cluster.ts';
import { startOperator, type Operator } from './operator.ts';
import { probeArgs } from './played-probe.ts';
import { heard, type Witnesses } from './played-witness.ts';
import { startStage, type Stage } from './stage.ts';
import { address, holdOnTwo, name } from './two-nodes.ts';
import { settled, until } from './until.ts';

jest.setTimeout(120_000);

const stranger = '02:aa:aa:aa:aa:aa';
const path = `/api/v1/namespaces/${namespace}/configmaps/kube-vip-witness-macs`;

let stage: Stage;
let witnesses: Witnesses;
let second: Operator | undefined;

const kept = async (): Promise<string | undefined> =>
  (await stage.admin.get<V1ConfigMap>(path))?.data?.['macs'];
const ownerRows = async (): Promise<readonly object[]> =>
  (await stage.config('edge'))?.status?.controlPlane?.owners ?? [];
const runOfProbe = async (): Promise<string | undefined> =>
  (await stage.config('edge'))?.status?.nodeProbe?.[0]?.startedAt;
const isAsking = async (): Promise<boolean> => (await stage.daemonSet(`${name}-probe`)) !== undefined;

/** Both witnesses repeat themselves, as they do every second, until something is so. */
const whileSaid = (what: string, macs: readonly string[], isSo: () => Promise<boolean>): Promise<unknown> =>
  until(
    what,
    async () => {
      await witnesses.answer('n2', heard(address, macs, false));
      return isSo();
    },
    stretched(20_000),
  );

const startSecond = (): Operator =>
  startOperator({
    kubeconfig: stage.kubeconfig,
    args: ['--probe-addresses', 'off', '--health-port', '0', ...probeArgs],
  });

beforeAll(async () => {
  stage = await startStage({ args: probeArgs });
  witnesses = await holdOnTwo(stage, 'n1');
}, 120_000);

afterAll(async () => {
  await second?.stop();
  await stage?.stop();
});

describe('what a node told of its MACs', () => {
  it('names it where a witness hears it', async () => {
    await whileSaid('the owner', [macOf('n1')], async () => (await ownerRows()).length > 0);
    expect(await ownerRows()).toMatchObject([{ address, node: 'n1' }]);
  });

  it('is kept', async () => {
    await until('the ConfigMap', async () => (await kept()) !== undefined, stretched(30_000));
    expect(await kept()).toBe(`n1 ${macOf('n1')}/eth0\n`);
  });

  it('is known to the next leader, which asks no node again', async () => {
    const before = await runOfProbe();
    second = startSecond();
    await stage.operator.stop('SIGKILL');
    const read = await second.waitForLog(
      'tells what it read',
      ({ msg }) => msg === 'MAC addresses of nodes read',
      stretched(60_000),
    );
    expect(read['macs']).toBe(1);
    let turns = 0;
    await whileSaid('some words', [macOf('n1')], async () => (turns += 1) > 20);
    expect(await ownerRows()).toMatchObject([{ address, node: 'n1' }]);
    expect([await runOfProbe(), await isAsking()]).toEqual([before, false]);
  });

  it('says nothing of a MAC that nobody told: the nodes are asked for that', async () => {
    await whileSaid('the nodes to be asked', [macOf('n1'), stranger], isAsking);
    const { conditions = [] } = (await stage.config('edge'))?.status ?? {};
    expect(conditions.filter(({ type }) => type === 'DuplicateOwner')).toEqual([]);
  });

  it('is deleted where no KubeVipConfig wants witnesses', async () => {
    await stage.change('edge', { witness: 'Off' });
    expect(await settled(kept, undefined, stretched(20_000))).toBeUndefined();
  });
});
