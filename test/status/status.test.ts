import { describe, expect, it } from '@jest/globals';
import { reasons, type ConditionType } from '../../src/api/conditions.ts';
import type { Condition } from '../../src/api/types.ts';
import { trimPod } from '../../src/cluster/trim.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import type { Outcome } from '../../src/status/outcome.ts';
import { nowText, snapshot } from '../builders.ts';
import { alone, only, rows as situations } from './cases.ts';
import { deletionRows } from './deletion-cases.ts';
import { remembered } from './remembered.ts';
import { computeStatus, decide } from '../pass.ts';

const rows = [...situations, ...deletionRows];

const done: Outcome = { kind: 'done' };

function statusOf(world: Snapshot, acted: Outcome = done) {
  return computeStatus({ snapshot: world, plan: decide(world), acted, now: nowText });
}

function find(world: Snapshot, type: ConditionType, acted?: Outcome): Condition | undefined {
  return statusOf(world, acted).conditions?.find((row) => row.type === type);
}

const text = (condition: Condition | undefined): string =>
  condition ? `${condition.status} ${condition.reason}: ${condition.message}` : 'absent';

describe('status', () => {
  it.each(rows)('%s', (_, ...[world, type, says, acted]) => {
    expect(text(find(world, type, acted)).slice(0, says.length)).toBe(says);
  });

  it('produces every reason of the table in some row, and no other', () => {
    const produced = rows.flatMap(([, world, , , acted]) => statusOf(world, acted).conditions ?? []);
    expect(new Set(produced.map(({ reason }) => reason))).toEqual(new Set(Object.keys(reasons)));
  });

  it('always has Ready, Accepted, PreflightPassed and Programmed, and the others only while true', () => {
    for (const [, world, , , acted] of rows) {
      const conditions = statusOf(world, acted).conditions ?? [];
      const always = ['Ready', 'Accepted', 'PreflightPassed', 'Programmed'];
      expect(conditions.map(({ type }) => type)).toEqual(expect.arrayContaining(always));
      expect(conditions.filter(({ type, status }) => !always.includes(type) && status !== 'True')).toEqual(
        [],
      );
    }
  });

  it('is the same when asked twice, and keeps the time while a status does not move', () => {
    for (const [, world, , , acted] of rows) {
      const first = statusOf(world, acted);
      const later = remembered(world, first);
      const again = computeStatus({
        snapshot: later,
        plan: decide(later),
        acted: acted ?? done,
        now: '2026-11-24T13:00:00Z',
      });
      expect(again).toEqual(first);
    }
  });

  it('is the same of pods as the watches keep them', () => {
    for (const [, world, , , acted] of rows) {
      const pods = world.pods.map(trimPod);
      expect(statusOf({ ...world, pods }, acted)).toEqual(statusOf(world, acted));
    }
  });

  it('moves the time of a condition whose status moves', () => {
    const before = { ...alone, status: statusOf(only({ leases: [] })) };
    const world = only({ config: before });
    const after = computeStatus({
      snapshot: world,
      plan: decide(world),
      acted: done,
      now: '2026-11-24T13:00:00Z',
    });
    expect(after.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime).toBe(
      '2026-11-24T13:00:00Z',
    );
    expect(after.conditions?.find(({ type }) => type === 'Accepted')?.lastTransitionTime).toBe(nowText);
  });

  it('reports holder, nodes, version and what was applied', () => {
    expect(statusOf(snapshot())).toMatchObject({
      observedGeneration: 1,
      version: { desired: 'v1.1.2', running: 'v1.1.2' },
      controlPlane: {
        addresses: ['203.0.113.100'],
        holder: 'n1',
        nodes: { desired: 3, updated: 3, ready: 3 },
      },
      services: { loadBalancerClass: 'kubevip.dev/edge' },
      summary: { address: '203.0.113.100', holder: 'n1', nodes: '6/6' },
      inventory: [{ name: 'edge-control-plane' }, { name: 'edge-services' }],
    });
  });
});
