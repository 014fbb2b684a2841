// Whether a kube-vip that a rollout has just started stands for election, by its log.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { pino } from 'pino';
import { ApiError } from '../../src/cluster/errors.ts';
import { CampaignReader } from '../../src/controller/campaign-reader.ts';
import type { Campaign } from '../../src/observed/rollout-memory.ts';
import { kubeVipConfig, pod } from '../builders.ts';
import { rolloutStatus } from '../rollout/rollout-status.ts';

const revision = 'abc';
const rolling = kubeVipConfig({ status: { rollout: rolloutStatus({ revision }) } });

const running = (node: string, of = revision, id = 'c1'): V1Pod =>
  pod({
    node,
    revision: of,
    status: {
      containerStatuses: [
        {
          name: 'kube-vip',
          image: '',
          imageID: '',
          ready: true,
          restartCount: 0,
          containerID: id,
          state: { running: {} },
        },
      ],
    },
  });

function makeReader(answer: () => string | Error, configs = [rolling]) {
  const world = { pods: [running('n1'), running('n2'), running('n1', 'old')] as readonly V1Pod[] };
  const [asked, heard] = [[] as string[], [] as string[]];
  const store = new Map<string, Campaign>();
  const reader = new CampaignReader({
    configs: () => configs,
    pods: () => world.pods,
    read: (name) => {
      asked.push(name);
      const said = answer();
      return said instanceof Error ? Promise.reject(said) : Promise.resolve(said);
    },
    store,
    onHeard: (key) => heard.push(key),
    log: pino({ enabled: false }),
  });
  reader.start();
  return { reader, world, asked, heard, store };
}

const said = 'I1129 1 leaderelection.go:257] Attempting to acquire leader lease... lock="x"';

describe('CampaignReader', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('asks the new pods of nodes that are being changed, until they have said it', async () => {
    const lines = ['nothing yet', said];
    const { reader, asked, heard, store } = makeReader(() => lines.shift() ?? said);
    await jest.advanceTimersByTimeAsync(5000);
    expect([asked.length, heard]).toEqual([2, ['edge', 'edge']]);
    expect(store.get('edge-control-plane-n1')).toEqual({ container: 'c1', state: 'seen' });
    reader.stop();
  });

  it('says of a log that cannot be read that it cannot', async () => {
    const { reader, store } = makeReader(() => new ApiError(403, 'GET x', 'forbidden'));
    await jest.advanceTimersByTimeAsync(1000);
    expect(store.get('edge-control-plane-n1')?.state).toBe('unreadable');
    reader.stop();
  });

  it('asks anew when another container runs, and forgets a pod that is gone', async () => {
    const { reader, world, asked, store } = makeReader(() => said);
    await jest.advanceTimersByTimeAsync(1000);
    world.pods = [running('n1', revision, 'c2')];
    await jest.advanceTimersByTimeAsync(1000);
    expect([asked.length, store.get('edge-control-plane-n1')?.container]).toEqual([2, 'c2']);
    world.pods = [];
    await jest.advanceTimersByTimeAsync(1000);
    expect(store.size).toBe(0);
    reader.stop();
  });

  it('asks nothing while nothing is rolled out, and after it was stopped', async () => {
    const { reader, asked } = makeReader(() => said, [kubeVipConfig()]);
    await jest.advanceTimersByTimeAsync(5000);
    reader.stop();
    await jest.advanceTimersByTimeAsync(5000);
    expect(asked).toEqual([]);
  });
});
