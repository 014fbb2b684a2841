// A control plane that leaves the nodes, and what else may be at the same time: a refused spec, a suspended one, preflight.
import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../../src/observed/snapshot.ts';
import { daemonSet, kubeVipConfig } from '../../builders.ts';
import { heard, parked, services } from '../../plan/deleting.ts';
import { away, controlPlane, edge, free, held, park, say, taken, without, world } from './removing.ts';
import { decided, outline } from '../../pass.ts';

describe('what else may be at the same time', () => {
  const refused = kubeVipConfig({ spec: { controlPlane: undefined, version: 'v0.7.2' } });
  const classOwner = kubeVipConfig({
    name: 'other',
    spec: { controlPlane: undefined, services: { loadBalancerClass: 'kubevip.dev/edge' } },
  });
  const classRuns = daemonSet({ config: classOwner, component: 'services' });
  const suspended = kubeVipConfig({ spec: { controlPlane: undefined, suspend: true } });

  it.each<[string, Snapshot, readonly string[]]>([
    ['a spec that is refused begins nothing', world(refused), []],
    [
      'a spec that is refused goes on with what has begun',
      world(refused, { leases: [parked(15)], heard: [heard()] }),
      [away],
    ],
    [
      'a spec that is refused and asks for the control plane has it back',
      world(kubeVipConfig({ spec: { version: 'v0.7.2' } }), { leases: [held] }),
      ['return-lease edge-control-plane'],
    ],
    [
      'a class that another has does not take a control plane down that is put back',
      world(edge, { leases: [held], configs: [classOwner, edge], daemonSets: [classRuns, controlPlane] }),
      ['return-lease edge-control-plane'],
    ],
    [
      'a class that another has does not keep one that has to go',
      world(without, {
        leases: [parked(15)],
        heard: [heard()],
        configs: [classOwner, without],
        daemonSets: [classRuns, controlPlane],
      }),
      [away],
    ],
    [
      'a spec that is refused ends what has begun',
      world(refused, {
        daemonSets: [services],
        leases: [taken(30)],
        heard: [heard({ stage: 'ended' })],
      }),
      [free],
    ],
    ['while suspended nothing moves', world(suspended, { leases: [parked(30)], heard: [heard()] }), []],
    [
      'while suspended a control plane that was put back has its Lease again',
      world(kubeVipConfig({ spec: { suspend: true } }), { leases: [held] }),
      ['return-lease edge-control-plane'],
    ],
    ['while suspended the Lease is kept', world(suspended, { leases: [parked(601)] }), [park]],
  ])('%s', (_, of, steps) => {
    expect(say(outline(of))).toEqual(steps);
  });

  const unread = { survey: undefined };
  it.each<[string, Snapshot, readonly string[], boolean]>([
    ['begins nothing', world(without, unread), [], false],
    ['lets go on what has begun', world(without, { ...unread, leases: [parked(15)] }), [away], true],
    [
      'lets a Lease go back',
      world(edge, { ...unread, leases: [held] }),
      ['return-lease edge-control-plane'],
      false,
    ],
    ['does not let one go back that is lost', world(edge, { ...unread, leases: [taken(15)] }), [], false],
  ])('preflight %s', (_, of, steps, isRemoving) => {
    const plan = decided(of);
    expect([say(plan), plan.isRemoving]).toEqual([steps, isRemoving]);
  });
});
