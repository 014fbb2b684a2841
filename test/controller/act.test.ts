import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { ApiError } from '../../src/cluster/errors.ts';
import { carryOut } from '../../src/controller/act.ts';
import type { Step } from '../../src/steps/step.ts';
import { planOf } from '../pass.ts';
import { FakeCluster } from '../fake-cluster.ts';
import { daemonSet, kubeVipConfig } from '../builders.ts';
import { recorded } from '../recorded.ts';
import { remedy } from '../witness-world.ts';

const object = daemonSet();
type Example = readonly [step: Step, call: string, logged: object];

/** One row per kind of step: tsc refuses a kind without one. */
const examples: Readonly<Record<Step['kind'], Example>> = {
  'add-finalizer': [{ kind: 'add-finalizer' }, 'addFinalizer edge', {}],
  apply: [
    { kind: 'apply', object, why: 'missing' },
    'applyDaemonSet edge-control-plane',
    { object: 'DaemonSet/edge-control-plane', why: 'missing' },
  ],
  'replace-spec': [
    { kind: 'replace-spec', object, why: 'drifted', path: 'x' },
    'replaceSpec edge-control-plane',
    { object: 'DaemonSet/edge-control-plane', why: 'drifted', path: 'x' },
  ],
  delete: [
    { kind: 'delete', object },
    'deleteDaemonSet edge-control-plane',
    { object: 'DaemonSet/edge-control-plane' },
  ],
  record: [
    { kind: 'record', record: recorded({ name: 'edge-control-plane-x' }), isNew: true },
    'record edge-control-plane-x',
    { object: 'ControllerRevision/edge-control-plane-x' },
  ],
  forget: [
    { kind: 'forget', revision: 'edge-control-plane-x' },
    'forget edge-control-plane-x',
    { object: 'ControllerRevision/edge-control-plane-x' },
  ],
  'park-lease': [
    {
      kind: 'park-lease',
      name: 'edge-control-plane',
      resourceVersion: '7',
      from: 'n1',
      neverHeld: false,
      leaving: [],
      acquiredAt: 0,
      renewedAt: 0,
      durationSeconds: 3600,
    },
    'parkLease edge-control-plane',
    { object: 'Lease/edge-control-plane', from: 'n1' },
  ],
  'return-lease': [
    {
      kind: 'return-lease',
      name: 'edge-control-plane',
      resourceVersion: '7',
      to: 'n1',
      durationSeconds: 15,
      renewedAt: 0,
    },
    'returnLease edge-control-plane',
    { object: 'Lease/edge-control-plane', to: 'n1' },
  ],
  'delete-pod': [
    remedy(),
    'deletePod edge-control-plane-n2',
    {
      object: 'Pod/edge-control-plane-n2',
      node: 'n2',
      why: 'second-owner',
      addresses: ['203.0.113.100'],
      holder: 'n1',
    },
  ],
  'delete-lease': [
    { kind: 'delete-lease', name: 'edge-services' },
    'deleteLease edge-services',
    { object: 'Lease/edge-services' },
  ],
  'remove-finalizer': [
    { kind: 'remove-finalizer', unseen: ['203.0.113.100'] },
    'removeFinalizer edge',
    { unseen: ['203.0.113.100'] },
  ],
};

/** Carries steps out on a cluster that refuses some calls, and keeps what is logged. */
async function run(steps: readonly Step[], refusals: Readonly<Record<string, Error>> = {}) {
  const lines: object[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _, done) => {
      lines.push(JSON.parse(chunk.toString()) as object);
      done();
    },
  });
  const cluster = new FakeCluster({}, refusals);
  const outcome = await carryOut(cluster, kubeVipConfig(), planOf(steps), { log: pino(sink) });
  return { outcome, lines, calls: cluster.calls };
}

describe('carryOut', () => {
  it.each(Object.entries(examples))('%s is one call and one line', async (kind, [step, call, logged]) => {
    const { outcome, lines, calls } = await run([step]);
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls).toEqual([call]);
    expect(lines).toEqual([expect.objectContaining({ msg: 'step done', step: kind, ...logged })]);
  });

  it('keeps the order of the plan', async () => {
    const all = Object.values(examples);
    const { calls } = await run(all.map(([step]) => step));
    expect(calls).toEqual(all.map(([, call]) => call));
  });

  it('does nothing for an empty plan', async () => {
    await expect(run([])).resolves.toEqual({ outcome: { kind: 'done' }, lines: [], calls: [] });
  });

  it('stops at the step that fails, with cause and what to do', async () => {
    const refusal = new ApiError(403, 'PATCH /x', 'forbidden');
    const { outcome, lines, calls } = await run(
      [{ kind: 'add-finalizer' }, { kind: 'apply', object, why: 'missing' }],
      { 'addFinalizer edge': refusal },
    );
    const todo = 'grant the operator what config/rbac says: kubectl apply -k config/rbac';
    expect(calls).toEqual(['addFinalizer edge']);
    expect(outcome).toEqual({
      kind: 'failed',
      error: new Error('PATCH /x: 403 forbidden'),
      todo,
    });
    expect(lines).toEqual([
      expect.objectContaining({
        msg: 'step failed',
        step: 'add-finalizer',
        cause: 'PATCH /x: 403 forbidden',
        todo,
      }),
    ]);
  });
});
