// What each gate asks of a node that was changed.
import { describe, expect, it } from '@jest/globals';
import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Campaign } from '../../src/observed/rollout-memory.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { gates, judge } from '../../src/rollout/gates.ts';
import type { RolloutNode } from '../../src/rollout/nodes.ts';
import { kubeVipConfig, lease, now, pod, snapshot } from '../builders.ts';
import { componentOf } from '../pass.ts';
import { heardBy, outsider, sight, silent, statement, witnessView } from '../witness-world.ts';

const alone = kubeVipConfig({ spec: { services: undefined } });
const container = (of: Partial<V1ContainerStatus>): V1ContainerStatus => ({
  name: 'kube-vip',
  image: '',
  imageID: '',
  ready: true,
  restartCount: 0,
  ...of,
});
const started = '2026-11-24T11:59:00Z' as unknown as Date;
const ended = (exitCode: number) => ({ exitCode, startedAt: started, finishedAt: started });
const running = container({ containerID: 'c1', state: { running: { startedAt: started } } });
const podWith = (row: V1ContainerStatus, isReady = true): V1Pod =>
  pod({
    node: 'n2',
    status: { conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }], containerStatuses: [row] },
  });
const good = podWith(running);

interface Case {
  readonly of?: Partial<Snapshot>;
  readonly on?: V1Pod | undefined;
  readonly campaigns?: Readonly<Record<string, Campaign>>;
}

const campaign = (state: Campaign['state'], of = 'c1') => ({
  'edge-control-plane-n2': { container: of, state },
});

function verdict({ of = {}, on = good, campaigns }: Case): string {
  const world = { ...snapshot({ config: alone, witness: heardBy('n1'), ...of }), campaigns };
  const component = componentOf(world, 'control-plane');
  const node: RolloutNode = {
    name: 'n2',
    pod: on,
    isEnding: false,
    isNew: true,
    isReady: true,
    isHeard: true,
    addresses: 0,
  };
  const said = judge({ component, snapshot: world }, [node]);
  return said.kind === 'passed' ? 'passed' : `${said.kind} ${said.gate}: ${said.says}`;
}

const judged = (of: Partial<Snapshot>): Case => ({ of });
const nobody = witnessView([statement([sight([])])]);
const onNoSegment = witnessView([], {
  coverage: { because: 'expected the subnets of the nodes, found none', segments: [] },
});

const unreachable = [{ address: '203.0.113.100', port: 6443, state: 'dead' as const, detail: '(refused)' }];
const crashed = container({
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: ended(1) },
});
const lostLease = container({
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: ended(0) },
});

describe('a node that was changed', () => {
  it.each<[string, Case, string]>([
    ['passes when all is well', {}, 'passed'],
    ['passes when its log says that it takes part', { campaigns: campaign('seen') }, 'passed'],
    ['passes when its log cannot be read', { campaigns: campaign('unreadable') }, 'passed'],
    [
      'waits until its log was read',
      { campaigns: {} },
      'waiting takes-part: the log of pod edge-control-plane-n2 is being read',
    ],
    [
      'waits for the log of the container that runs now',
      { campaigns: campaign('seen', 'c0') },
      'waiting takes-part: the log of pod edge-control-plane-n2 is being read',
    ],
    [
      'waits for one that never says that it takes part',
      { campaigns: campaign('unseen') },
      'waiting takes-part: pod edge-control-plane-n2 does not say in its log that it stands for election',
    ],
    [
      'fails when its container crashed',
      { on: podWith(crashed, false) },
      'failed pod-stays: pod edge-control-plane-n2 ended with exit code 1',
    ],
    [
      'waits when its container lost the Lease, as in an outage of the API server',
      { on: podWith(lostLease, false) },
      'waiting pod-stays: pod edge-control-plane-n2 ended with exit code 0 and has to stay now',
    ],
    [
      'waits until its pod is ready',
      { on: podWith(running, false) },
      'waiting pod-is-ready: the pod on n2 is not ready',
    ],
    [
      'waits while no node holds the address',
      { of: { leases: [lease({ holder: '' })] } },
      'waiting address-is-held: no node holds 203.0.113.100',
    ],
    [
      'waits while the Lease is stale',
      { of: { leases: [lease({ ageSeconds: 100 })] } },
      'waiting address-is-held: n1 does not renew its Lease',
    ],
    [
      'waits while the address does not answer',
      { of: { reach: unreachable } },
      'waiting address-answers: 203.0.113.100 does not answer (refused)',
    ],
    ['passes when witnesses hear the holder alone', judged({ witness: heardBy('n1') }), 'passed'],
    ['passes where spec.witness is Off', judged({ witness: undefined }), 'passed'],
    ['passes where no witness can run', judged({ witness: onNoSegment }), 'passed'],
    [
      'fails when witnesses hear two nodes',
      judged({ witness: heardBy('n1', 'n2') }),
      'failed heard-alone: 203.0.113.100: n1 and n2 answer for it',
    ],
    [
      'fails when witnesses hear nothing, and the holder has had time',
      judged({ witness: nobody }),
      'failed heard-alone: no machine answers for 203.0.113.100, though n1 holds the Lease',
    ],
    [
      'waits when witnesses hear nothing of a holder that has just begun',
      judged({ witness: nobody, leases: [lease({ acquiredAt: now - 5000 })] }),
      'waiting heard-alone: no machine answers for 203.0.113.100, though n1 holds the Lease',
    ],
    [
      'waits while a machine that is no node answers',
      judged({ witness: heardBy('n1', outsider) }),
      'waiting heard-alone: it is not known who answers for 203.0.113.100: no node has told yet that it has MAC 02:aa:aa:aa:aa:aa',
    ],
    [
      'waits while every witness is silent',
      judged({ witness: witnessView([silent()]) }),
      'waiting heard-alone: no witness says who answers for 203.0.113.100. Set spec.witness to "Off" to go on without one',
    ],
    [
      'waits while no witness has said anything yet',
      judged({ witness: witnessView([]) }),
      'waiting heard-alone: no witness says who answers for 203.0.113.100. Set spec.witness to "Off" to go on without one',
    ],
    [
      'waits while no node holds, whatever witnesses hear',
      judged({ leases: [lease({ holder: '' })], witness: nobody }),
      'waiting address-is-held: no node holds 203.0.113.100',
    ],
  ])('%s', (_, given, expected) => {
    expect(verdict(given)).toBe(expected);
  });

  it('has a reason for every gate, and no gate twice', () => {
    expect(new Set(gates.map(({ id }) => id)).size).toBe(gates.length);
    expect(gates.every(({ because }) => because.length > 20)).toBe(true);
  });
});
