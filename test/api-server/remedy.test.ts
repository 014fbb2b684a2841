// A second owner on a real API server: the operator ends its pod with the right that it has for that, and says so. The kubelets,
// kube-vip and the witnesses are played.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { macOf } from '../node-world.ts';
import { podName } from './actors.ts';
import { conditionsOf, messageOf } from './builders.ts';
import { paths } from './cluster.ts';
import { probeArgs } from './played-probe.ts';
import { heard, type Witnesses } from './played-witness.ts';
import { startStage, type Stage } from './stage.ts';
import { address, holdOnTwo, name } from './two-nodes.ts';
import { settled, until } from './until.ts';

jest.setTimeout(60_000);

let stage: Stage;
let witnesses: Witnesses;

const podOn = (node: string): Promise<V1Pod | undefined> =>
  stage.admin.get<V1Pod>(`${paths.pods}/${podName(name, node)}`);

/** The witness repeats itself, as it does every second, until something is so. */
const whileSaid = (what: string, isSo: () => Promise<boolean>): Promise<unknown> =>
  until(
    what,
    async () => {
      await witnesses.answer('n2', heard(address, [macOf('n1')], true));
      return isSo();
    },
    20_000,
  );

beforeAll(async () => {
  stage = await startStage({ args: probeArgs });
  witnesses = await holdOnTwo(stage, 'n2');
}, 120_000);

afterAll(() => stage?.stop());

describe('a node that answers beside the holder of the Lease', () => {
  it('is said, with its name', async () => {
    const verdict = async () => conditionsOf(await stage.config('edge'))['DuplicateOwner'];
    await whileSaid('two owners', async () => (await verdict()) === 'True TwoNodesAnswer');
    expect(messageOf(await stage.config('edge'), 'DuplicateOwner')).toContain(
      `${address}: n1 and n2 answer for it. Expected n2 alone, which holds Lease ${name}`,
    );
  });

  it('has its pod ended within a second, and the holder keeps its own', async () => {
    const isEnding = async () => (await podOn('n1'))?.metadata?.deletionTimestamp !== undefined;
    await whileSaid('the pod of n1 to be ended', isEnding);
    expect((await podOn('n1'))?.metadata?.deletionGracePeriodSeconds).toBe(1);
    expect((await podOn('n2'))?.metadata?.deletionTimestamp).toBeUndefined();
    await whileSaid('what was done to be in status', async () => {
      const { remedies = [] } = (await stage.config('edge'))?.status ?? {};
      return remedies.length > 0;
    });
    expect((await stage.config('edge'))?.status?.remedies).toMatchObject([
      { function: 'control-plane', address, node: 'n1' },
    ]);
  });

  it('is not ended again within five minutes', async () => {
    await stage.play.endPod(name, 'n1');
    await stage.play.runPod(name, 'n1');
    const uid = (await podOn('n1'))?.metadata?.uid;
    let turns = 0;
    await whileSaid('a few more words', async () => (turns += 1) > 8);
    expect(await podOn('n1')).toMatchObject({ metadata: { uid } });
    expect((await podOn('n1'))?.metadata?.deletionTimestamp).toBeUndefined();
  });

  it('is said no longer once the holder answers alone', async () => {
    await witnesses.answer('n2', heard(address, [], true));
    const verdict = async () => conditionsOf(await stage.config('edge'))['DuplicateOwner'];
    expect(await settled(verdict, undefined)).toBeUndefined();
  });
});
