// A control plane leaves the nodes while its config lives on.
import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../../src/observed/snapshot.ts';
import { daemonSet, kubeVipConfig, pod, snapshot } from '../../builders.ts';
import { abandoning, ending, heard, node, parked, services } from '../../plan/deleting.ts';
import {
  edge,
  without,
  servicesLease,
  controlPlane,
  both,
  held,
  taken,
  world,
  say,
  waitOf,
  park,
  away,
  free,
} from './removing.ts';
import { removalsOf } from '../../../src/plan/plan.ts';
import { makePlan, outline } from '../../pass.ts';

const edgeAlone = kubeVipConfig({ spec: { services: undefined } });
const made = { ...parked(5, ''), neverHeld: true };
const gaveUp =
  'kube-vip on n2 to give up 203.0.113.100 (its Lease was taken from it), DaemonSet edge-control-plane';

describe('a control plane that the spec does not ask for any more', () => {
  it.each<[string, Snapshot, readonly string[], string | undefined]>([
    [
      'loses its Lease first',
      world(without),
      [park],
      'Lease edge-control-plane (it is being taken from n1), DaemonSet edge-control-plane',
    ],
    ['has time to let the address go', world(without, { leases: [held] }), [], gaveUp],
    [
      'goes when nobody answers any more',
      world(without, { leases: [parked(15)], heard: [heard()] }),
      [away],
      'DaemonSet edge-control-plane',
    ],
    [
      'stays while somebody answers',
      world(without, { leases: [parked(15)], heard: [heard({ answer: 'answers', quietMs: undefined })] }),
      [],
      '203.0.113.100:6443 to go (it still answers), DaemonSet edge-control-plane',
    ],
    [
      'is waited for until its pods are gone',
      world(without, { daemonSets: [ending, services], pods: [pod({ node: 'n2' })], leases: [taken(30)] }),
      [],
      'DaemonSet edge-control-plane, pod edge-control-plane-n2 on n2',
    ],
    [
      'is not waited for where pods of the services run',
      world(without, {
        daemonSets: [services],
        pods: [pod({ component: 'services' })],
        leases: [taken(30)],
        heard: [heard({ stage: 'ended' })],
      }),
      [free],
      undefined,
    ],
    [
      'is asked for when it is gone, by what the Lease remembers',
      world(without, { daemonSets: [services], leases: [taken(30)], heard: [] }),
      [],
      'a look at 203.0.113.100:6443',
    ],
    [
      'keeps the Lease for as long as that takes',
      world(without, { daemonSets: [services], leases: [taken(601)], heard: [] }),
      [park],
      'a look at 203.0.113.100:6443',
    ],
    [
      'frees the Lease when nobody has the address',
      world(without, {
        daemonSets: [services],
        leases: [taken(30)],
        heard: [heard({ stage: 'ended' })],
      }),
      [free],
      undefined,
    ],
    [
      'cannot begin to lead where none of its pods ever did',
      world(without, { leases: [servicesLease] }),
      [park],
      'Lease edge-control-plane (it is being made so that no kube-vip leads), DaemonSet edge-control-plane',
    ],
    [
      'then goes at once',
      world(without, { leases: [made, servicesLease] }),
      [away],
      'DaemonSet edge-control-plane',
    ],
    [
      'and leaves nothing to ask for',
      world(without, { daemonSets: [services], leases: [made, servicesLease], heard: [] }),
      [free],
      undefined,
    ],
    ['is over', world(without, { daemonSets: [services], leases: [servicesLease] }), [], undefined],
  ])('%s', (_, of, steps, wait) => {
    expect([say(outline(of)), waitOf(of)]).toEqual([steps, wait]);
  });

  it('lets everything else go on', () => {
    const edited = { ...services, metadata: { ...services.metadata, labels: {} } };
    const plan = outline(world(without, { daemonSets: [controlPlane, edited], leases: [held] }));
    expect(say(plan)).toEqual(['apply edge-services']);
    expect(plan.desired.map(({ metadata }) => metadata?.name)).toEqual(['edge-services']);
  });

  it('is overdue after three minutes', () => {
    const of = (secondsAgo: number) =>
      outline(world(without, { daemonSets: [ending], leases: [taken(secondsAgo)] }))?.overdue;
    expect([of(180), of(181)]).toEqual([undefined, true]);
  });

  it('gives up what a person gives up, and names the way', () => {
    const dead = {
      daemonSets: [ending, services],
      pods: [pod({ node: 'n2' })],
      leases: [taken(30)],
      nodes: [node('n2', 'Unknown')],
      heard: [heard({ stage: 'ended' })],
    };
    expect(outline(world(without, dead)).todo).toContain('kubevip.dev/abandon=n2');
    const { annotations } = abandoning('n2').metadata;
    const config = kubeVipConfig({ metadata: { annotations }, spec: { controlPlane: undefined } });
    expect(say(outline(world(config, dead)))).toEqual([free]);
  });

  it('elects as its pods were started, whatever the spec says since', () => {
    const slow = kubeVipConfig({
      spec: { leaderElection: { leaseDurationSeconds: 60, renewDeadlineSeconds: 27, retryPeriodSeconds: 5 } },
    });
    const of = (secondsAgo: number) =>
      waitOf(
        world(without, {
          daemonSets: [daemonSet({ config: slow })],
          leases: [parked(secondsAgo)],
          heard: [],
        }),
      );
    expect(of(37)).toContain('to give up');
    expect(of(39)).toContain('a look at');
  });
});

describe('a second owner', () => {
  const older = kubeVipConfig({ name: 'older', metadata: { creationTimestamp: '2026-11-24T09:00:00Z' } });
  const olderRuns = daemonSet({ config: older });
  const two = { configs: [older, edge], daemonSets: [olderRuns, ...both] };

  it.each<[string, Partial<Snapshot>, readonly string[]]>([
    ['loses its Lease first', {}, [park]],
    ['has time to let the address go', { leases: [held] }, []],
    ['is not asked for: the first answers there', { leases: [parked(15)], heard: [] }, [away]],
    [
      'frees the Lease in the end',
      { daemonSets: [olderRuns, services], leases: [taken(30)], heard: [] },
      [free],
    ],
  ])('%s', (_, overrides, steps) => {
    const plan = outline(world(edge, { ...two, ...overrides }));
    expect([say(plan), plan.rejection?.reason, plan.desired]).toEqual([steps, 'AddressConflict', []]);
  });

  it('waits for an address that is leaving the nodes of another', () => {
    const waiting = kubeVipConfig({
      name: 'waiting',
      metadata: { creationTimestamp: '2026-11-24T08:00:00Z' },
    });
    const of = (leases: Snapshot['leases'], configs = [without, waiting]) =>
      outline(snapshot({ config: waiting, configs, daemonSets: [services], pods: [], leases }));
    expect(of([taken(30)]).rejection?.head).toContain('belongs to KubeVipConfig edge');
    expect(of([]).rejection).toBeUndefined();
    // A Lease that somebody forgot keeps nobody out.
    expect(of([taken(30)], [waiting]).rejection).toBeUndefined();
  });
});

describe('another release', () => {
  const of = (version: string, more: object = {}) =>
    kubeVipConfig({ spec: { version, services: undefined, ...more } });
  const from = (version: string, next: Snapshot['config'], more: Partial<Snapshot> = {}): Snapshot =>
    world(next, { daemonSets: [daemonSet({ config: of(version) })], ...more });
  const resources = { limits: { memory: '64Mi' } };
  const old = of('v0.6.4', { controlPlane: { addresses: ['203.0.113.100'], resources } });

  it.each<[string, Snapshot, readonly string[]]>([
    ['takes the Lease of one that leaves the address behind', from('v0.8.9', edgeAlone), [park]],
    [
      'has its pods ended when nobody answers any more',
      from('v0.8.9', edgeAlone, { leases: [parked(15)], heard: [heard()] }),
      [away],
    ],
    [
      'gives the Lease back when that is taken back',
      from('v0.8.9', of('v0.8.9'), { leases: [held] }),
      ['return-lease edge-control-plane'],
    ],
    ['rolls out after one that does not', from('v1.2.3', edgeAlone), ['apply edge-control-plane']],
    ['rolls out where it is the one that does', from('v1.1.2', of('v0.6.4')), ['apply edge-control-plane']],
    ['is no other while something else changes', from('v0.6.4', old), ['apply edge-control-plane']],
  ])('%s', (_, world_, steps) => {
    expect(say(outline(world_)).filter((step) => !step.startsWith('record'))).toEqual(steps);
  });

  it('says why', () => {
    const [removal] = removalsOf(makePlan(from('v0.8.9', edgeAlone)));
    expect(removal?.why).toBe('kube-vip v0.8.9 may leave the address behind when its pods end');
  });
});
