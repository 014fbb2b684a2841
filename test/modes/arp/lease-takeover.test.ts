import { describe, expect, it } from '@jest/globals';
import type { DialState } from '../../../src/observed/snapshot.ts';
import { now, snapshot } from '../../builders.ts';
import {
  abandoning,
  config,
  controlPlane,
  heard,
  parked,
  parking,
  services,
  vip,
} from '../../plan/deleting.ts';
import { outline } from '../../pass.ts';

describe('parking', () => {
  it('takes the Lease of the control plane before its DaemonSet goes, and lets the services go at once', () => {
    const plan = outline(snapshot({ config, daemonSets: [controlPlane, services], pods: [] }));
    expect(plan.steps).toEqual([
      {
        kind: 'park-lease',
        name: 'edge-control-plane',
        resourceVersion: '7',
        from: 'n1',
        neverHeld: false,
        leaving: [vip],
        acquiredAt: now,
        renewedAt: now,
        durationSeconds: 3600,
      },
      { kind: 'delete', object: services },
    ]);
    expect(plan.waitingFor).toBe(
      'Lease edge-control-plane (it is being taken from n1), DaemonSet edge-control-plane, DaemonSet edge-services',
    );
  });

  it('makes the Lease when no kube-vip has, and so nothing has to leave', () => {
    const world = snapshot({ config, daemonSets: [controlPlane], pods: [], leases: [] });
    const plan = outline(world);
    expect(plan.steps).toEqual([
      {
        kind: 'park-lease',
        name: 'edge-control-plane',
        resourceVersion: undefined,
        from: '',
        neverHeld: true,
        leaving: [],
        acquiredAt: now,
        renewedAt: now,
        durationSeconds: 3600,
      },
    ]);
    expect(plan.waitingFor).toBe(
      'Lease edge-control-plane (it is being made so that no kube-vip leads), DaemonSet edge-control-plane',
    );
    const made = { ...parked(0, ''), neverHeld: true };
    const next = outline({ ...world, leases: [made], heard: [] });
    expect([next.steps, next.ask]).toEqual([[{ kind: 'delete', object: controlPlane }], undefined]);
    const { steps } = outline({ ...world, daemonSets: [], leases: [made], heard: [] });
    expect(steps.map(({ kind }) => kind)).toEqual(['delete-lease', 'remove-finalizer']);
  });

  it('keeps a Lease that it made for as long as that takes, and what stands on it', () => {
    const made = { ...parked(601, ''), neverHeld: true };
    const [step] = outline(parking(0, { leases: [made] })).steps;
    expect(step).toMatchObject({ kind: 'park-lease', resourceVersion: '7', from: '', neverHeld: true });
  });

  it.each([
    ['while it is fresh', 599, []],
    [
      'by taking it again',
      601,
      [
        expect.objectContaining({
          kind: 'park-lease',
          from: 'n2',
          acquiredAt: now - 601 * 1000,
          renewedAt: now,
          durationSeconds: 3600,
        }),
      ],
    ],
  ])('keeps the Lease %s', (_, secondsAgo, steps) => {
    const world = parking(secondsAgo, { heard: [heard({ answer: 'answers', quietMs: undefined })] });
    expect(outline(world).steps).toEqual(steps);
  });

  it.each<readonly [string, number, readonly DialState[] | undefined, string | undefined]>([
    [
      'kube-vip has had time to lose it',
      14,
      [heard()],
      'kube-vip on n2 to give up 203.0.113.100 (its Lease was taken from it)',
    ],
    ['nobody answered', 15, [heard({ answer: 'silent' })], undefined],
    ['somebody looked', 15, [], 'a look at 203.0.113.100:6443'],
    [
      'nobody answers any more',
      15,
      [heard({ answer: 'answers', quietMs: undefined })],
      '203.0.113.100:6443 to go (it still answers)',
    ],
    ['nothing of the other stage counts', 15, [heard({ stage: 'ended' })], 'a look at 203.0.113.100:6443'],
    [
      'another machine answers, so that silence counts',
      15,
      [heard({ answer: 'unreferenced', quietMs: undefined })],
      'a look at 203.0.113.100:6443 (cannot judge: no other machine of its network answers the operator)',
    ],
    ['nothing can be heard from here', 15, [heard({ answer: 'blind' })], undefined],
    ['nobody asks', 15, undefined, undefined],
  ])('waits until %s (%d s, %j)', (_, secondsAgo, answers, expected) => {
    const plan = outline(parking(secondsAgo, { heard: answers }));
    expect(plan.waitingFor).toBe([expected, 'DaemonSet edge-control-plane'].filter(Boolean).join(', '));
    expect(plan.steps.map(({ kind }) => kind)).toEqual(expected === undefined ? ['delete'] : []);
    const asks = expected !== undefined && secondsAgo > 14;
    expect(plan.ask).toEqual(asks ? { stage: 'parked', targets: [vip] } : undefined);
  });

  it('says what to do about an address that still answers', () => {
    const { todo } = outline(parking(15, { heard: [heard({ answer: 'answers', quietMs: undefined })] }));
    expect(todo).toBe(
      'when kube-vip on n2 has it, delete its pod there: the next one removes the address at its start. When it was never ours, run kubectl annotate --overwrite kubevipconfig edge kubevip.dev/abandon=203.0.113.100',
    );
  });

  it('says what to do about an address that cannot be judged', () => {
    const row = heard({ answer: 'unreferenced', quietMs: undefined });
    expect(outline(parking(15, { heard: [row] })).todo).toBe(
      'let a node or gateway of that network answer the operator at port 10250 (docs/deletion.md). When you have seen that no machine has 203.0.113.100, run kubectl annotate --overwrite kubevipconfig edge kubevip.dev/abandon=203.0.113.100',
    );
  });

  it('goes on when the address was given up', () => {
    const world = parking(15, {
      config: abandoning('203.0.113.100'),
      heard: [heard({ answer: 'answers', quietMs: undefined })],
    });
    expect(outline(world).steps).toEqual([{ kind: 'delete', object: controlPlane }]);
  });
});
