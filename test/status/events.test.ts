import { describe, expect, it } from '@jest/globals';
import type { Condition, KubeVipConfigStatus } from '../../src/api/types.ts';
import type { NewCondition } from '../../src/status/set-condition.ts';
import type { ComputedStatus } from '../../src/status/status.ts';
import { kubeVipConfig, lease, pod, snapshot } from '../builders.ts';
import { node } from '../cluster-builders.ts';
import { remedy } from '../witness-world.ts';
import * as pass from '../pass.ts';

const condition = (
  type: string,
  status: Condition['status'],
  reason: string,
  message = `${reason}.`,
): Condition => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: '2026-11-24T12:00:00Z',
});
const status = (conditions: readonly Condition[], holder?: string): KubeVipConfigStatus => ({
  conditions: [...conditions],
  controlPlane: {
    addresses: [],
    nodes: { desired: 1, updated: 1, ready: 1 },
    ...(holder !== undefined && { holder }),
  },
});
const held = condition('Ready', 'True', 'Held');
const silent = condition('Ready', 'False', 'AddressSilent');
type Found = NonNullable<KubeVipConfigStatus['preflight']>[number];
const finding = (check: string, result: Found['result']): Found => ({
  check,
  result,
  object: `Node/${check}`,
  message: `Node/${check}: expected ${check}.`,
});
/** While these checks fail, once for each time that one is named. */
const failing = (...checks: readonly string[]): KubeVipConfigStatus => ({
  ...status([condition('PreflightPassed', 'False', 'PreflightFailed')]),
  preflight: checks.map((check) => finding(check, 'Failed')),
});
const config = kubeVipConfig({ spec: { services: undefined } });
const world = snapshot({ config, pods: [pod({ metadata: { uid: 'u1' } })] });
const related = {
  apiVersion: 'v1',
  kind: 'Pod',
  namespace: 'kube-vip-system',
  name: 'edge-control-plane-n1',
  uid: 'u1',
};
/** A status whose conditions say nothing but their head. */
const computed = (status: KubeVipConfigStatus): ComputedStatus => ({
  status,
  conditions: (status.conditions ?? []).map(
    ({ message, ...row }) => ({ ...row, head: message.replace(/\.$/, '') }) as NewCondition,
  ),
});
const eventsOf = (before: KubeVipConfigStatus | undefined, after: KubeVipConfigStatus, of: typeof world) =>
  pass.eventsOf(before, computed(after), of);
const texts = (before: KubeVipConfigStatus | undefined, after: KubeVipConfigStatus) =>
  eventsOf(before, after, world).map(({ type, reason, note }) => `${type} ${reason}: ${note}`);

describe('eventsOf', () => {
  it.each<[string, KubeVipConfigStatus | undefined, KubeVipConfigStatus, readonly string[]]>([
    ['says nothing while nothing changes', status([held], 'n1'), status([held], 'n1'), []],
    [
      'says nothing of a message that changes alone',
      status([held]),
      status([condition('Ready', 'True', 'Held', 'other words.')]),
      [],
    ],
    ['warns of what is bad', status([held]), status([silent]), ['Warning AddressSilent: AddressSilent.']],
    ['tells what is good again', status([silent]), status([held]), ['Normal Held: Held.']],
    [
      'tells a new reason for the same status',
      status([silent]),
      status([condition('Ready', 'False', 'LeaseStale')]),
      ['Warning LeaseStale: LeaseStale.'],
    ],
    [
      'is calm about what is under way',
      undefined,
      status([condition('Ready', 'False', 'Applying')]),
      ['Normal Applying: Applying.'],
    ],
    [
      'says once what two conditions say',
      status([]),
      status([
        condition('Programmed', 'False', 'RollingOut'),
        condition('Reconciling', 'True', 'RollingOut'),
      ]),
      ['Normal RollingOut: RollingOut.'],
    ],
    [
      'tells the end of a condition',
      status([condition('Suspended', 'True', 'Suspended')]),
      status([]),
      ['Normal Suspended: Suspended is over. It said: Suspended.'],
    ],
    [
      'does not tell the end of Reconciling',
      status([condition('Reconciling', 'True', 'Applying')]),
      status([]),
      [],
    ],
    [
      'tells who holds the Lease first',
      status([]),
      status([], 'n1'),
      ['Normal HolderChanged: Lease edge-control-plane is held by n1.'],
    ],
    [
      'tells a move',
      status([], 'n2'),
      status([], 'n1'),
      ['Normal HolderChanged: Lease edge-control-plane is held by n1, before that by n2.'],
    ],
    ['leaves the loss of a holder to the condition', status([], 'n1'), status([]), []],
  ])('%s', (_, before, after, expected) => {
    expect(texts(before, after)).toEqual(expected);
  });

  it.each<[string, KubeVipConfigStatus, KubeVipConfigStatus, readonly string[]]>([
    ['says nothing while the same checks fail', failing('a', 'b'), failing('b', 'a', 'a'), []],
    [
      'tells that another check fails, and what it found',
      failing('a'),
      failing('a', 'b', 'b'),
      ['Warning PreflightFailed: Fails now: b. Still fails: a. Node/b: expected b.'],
    ],
    [
      'tells that one of two fails no longer, and what is left to do',
      failing('a', 'b'),
      failing('b'),
      ['Warning PreflightFailed: Fails no longer: a. Still fails: b. Node/b: expected b.'],
    ],
    [
      'tells that one took the place of another, once',
      failing('a', 'b'),
      failing('c', 'd'),
      ['Warning PreflightFailed: Fails now: c, d. Fails no longer: a, b. Node/c: expected c.'],
    ],
    [
      'leaves the first failure to the condition',
      status([condition('PreflightPassed', 'True', 'PreflightPassed')]),
      failing('a'),
      ['Warning PreflightFailed: PreflightFailed.'],
    ],
    [
      'leaves the end of the last one to the condition',
      failing('a'),
      status([condition('PreflightPassed', 'True', 'PreflightPassed')]),
      ['Normal PreflightPassed: PreflightPassed.'],
    ],
    [
      'is silent about warnings that come and go',
      failing('a'),
      { ...failing('a'), preflight: [finding('a', 'Failed'), finding('b', 'Warned')] },
      [],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(texts(before, after)).toEqual(expected);
  });

  it('takes nothing for mended while facts are being gathered', () => {
    const blind = snapshot({ config, survey: undefined });
    expect(eventsOf(failing('a', 'b'), failing('a'), blind)).toEqual([]);
  });

  it('relates to the pod of the holder', () => {
    expect(eventsOf(status([held], 'n2'), status([silent], 'n1'), world).map((row) => row.related)).toEqual([
      related,
      related,
    ]);
  });

  it.each([
    [
      'to its node, when there is no pod',
      snapshot({ config, pods: [], nodes: [node()] }),
      { apiVersion: 'v1', kind: 'Node', name: 'n1' },
    ],
    [
      'to nobody, when it is a stranger',
      snapshot({ config, pods: [], nodes: [node()], leases: [lease({ holder: 'x' })] }),
      undefined,
    ],
    ['to nobody, when nobody holds it', snapshot({ config, leases: [] }), undefined],
  ])('relates %s', (_, seen, expected) => {
    expect(eventsOf(status([held]), status([silent]), seen).map((row) => row.related)).toEqual([expected]);
  });

  it('says the head and what to do, and leaves the rest to the condition', () => {
    const head = '203.0.113.100: no answer';
    const said = { type: 'Ready', status: 'False', reason: 'AddressSilent', head } as const;
    const after = {
      status: status([silent]),
      conditions: [{ ...said, detail: 'Expected one', todo: 'Look for it', also: 'More' }],
    };
    expect(pass.eventsOf(status([]), after, world).map(({ note }) => note)).toEqual([
      `${head}. Look for it.`,
    ]);
  });

  it('tells of a pod that was ended, and why', () => {
    const plan = pass.planOf([]);
    const ended = plan.kind === 'running' ? { ...plan, remedy: [remedy()] } : plan;
    expect(pass.eventsOf(status([]), computed(status([])), world, ended)).toEqual([
      {
        type: 'Warning',
        reason: 'PodEnded',
        note: 'Ended pod edge-control-plane-n2: n2 answered for 203.0.113.100, whose Lease n1 holds. Look at the load and the kernel log of n2, whose kube-vip did not let go.',
        related: { ...related, name: 'edge-control-plane-n2', uid: 'uid-of-n2' },
      },
    ]);
  });
});
