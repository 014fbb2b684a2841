// Two states of status to the events between them: one for each transition of a condition or of a holder, and for each
// change of what preflight fails for.
import type { Reason } from '../api/conditions.ts';
import { componentKinds, statusFields, systemNamespace } from '../api/metadata.ts';
import type { Condition, KubeVipConfigStatus } from '../api/types.ts';
import { headOf, list, message, toNote } from '../api/words.ts';
import type { Component } from '../observed/component.ts';
import type { Observed } from '../observed/observed.ts';
import { isNode } from '../observed/pods.ts';
import { remedyOf } from '../plan/plan.ts';
import type { Report } from '../preflight/run.ts';
import type { StatusInput } from './input.ts';
import { preflightChange } from './preflight.ts';
import type { NewCondition } from './set-condition.ts';
import type { ComputedStatus } from './status.ts';

/** Reasons of events that are no reasons of a condition. */
export const eventReasons = {
  HolderChanged: 'Another node, or the first, holds a Lease.',
  PodEnded: 'The operator ended a pod that answered for an address whose Lease another node holds.',
} as const;

/** The object that an event is about, or relates to. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
}

/** An event that is not yet written. */
export interface EventDraft {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  /** What is so, and what to do: at most 300 characters. */
  readonly note: string;
  /** Pod of the holder, else its node. */
  readonly related?: ObjectReference;
}

// What is good, or under way by itself. All else is for a person.
const normal: readonly Reason[] = [
  'Accepted',
  'PreflightPassed',
  'PreflightPending',
  'Applied',
  'Applying',
  'RollingOut',
  'RolloutPaused',
  'PodsNotReady',
  'NoHolder',
  'LettingGo',
  'AddressUnproven',
  'Held',
  'Deleting',
  'Removing',
  'Suspended',
];

/** Warning where a person should look. */
export const typeOf = ({ reason }: Pick<Condition, 'reason'>): EventDraft['type'] =>
  normal.some((row) => row === reason) ? 'Normal' : 'Warning';

function changed(before: readonly Condition[], after: readonly NewCondition[]): readonly EventDraft[] {
  return after
    .filter(({ type, status, reason }) => {
      const old = before.find((row) => row.type === type);
      return old?.status !== status || old.reason !== reason;
    })
    .map((row) => ({ type: typeOf(row), reason: row.reason, note: toNote(row) }));
}

// The end of Reconciling is the beginning of something that is said.
function over(before: readonly Condition[], after: readonly NewCondition[]): readonly EventDraft[] {
  return before
    .filter(({ type }) => type !== 'Reconciling' && !after.some((row) => row.type === type))
    .map(({ type, reason, message }) => ({
      type: 'Normal',
      reason,
      note: toNote({ head: `${type} is over`, todo: `It said: ${headOf(message)}` }),
    }));
}

// While facts are being gathered, what is not found may only not be seen.
function failsOtherwise(
  before: KubeVipConfigStatus,
  after: KubeVipConfigStatus,
  { isPending }: Pick<Report, 'isPending'>,
): readonly EventDraft[] {
  const note = isPending ? undefined : preflightChange(before, after);
  return note === undefined ? [] : [{ type: 'Warning', reason: 'PreflightFailed', note: toNote(note) }];
}

/** The pod of a component's holder, else its node; undefined while no node of the cluster holds it. */
function holderOf({ snapshot }: Observed, { holderPod, holder }: Component): ObjectReference | undefined {
  if (holderPod) {
    const { name = '', namespace = '', uid = '' } = holderPod.metadata ?? {};
    return { apiVersion: 'v1', kind: 'Pod', namespace, name, uid };
  }
  const node = snapshot.nodes.find(({ metadata }) => holder !== '' && isNode(holder, metadata?.name ?? ''));
  const { name, uid } = node?.metadata ?? {};
  return name === undefined
    ? undefined
    : { apiVersion: 'v1', kind: 'Node', name, ...(uid !== undefined && { uid }) };
}

function moved(
  before: KubeVipConfigStatus,
  after: KubeVipConfigStatus,
  observed: Observed,
): readonly EventDraft[] {
  return componentKinds.flatMap((kind) => {
    const field = statusFields[kind];
    const [from = '', to = ''] = [before[field]?.holder, after[field]?.holder];
    if (to === '' || from === to) {
      return [];
    }
    const component = observed.components[kind];
    const related = holderOf(observed, component);
    const last = from === '' ? '' : `, before that by ${from}`;
    const note = toNote(
      message([
        `Lease ${component.name} is held by ${to}${last}`,
        `Lease ${component.name} is held by ${to}`,
      ]),
    );
    return [{ type: 'Normal', reason: 'HolderChanged', note, ...(related && { related }) } as const];
  });
}

/** The pods that were ended in this pass. */
function ended({ plan, acted }: Pick<StatusInput, 'plan' | 'acted'>): readonly EventDraft[] {
  return (acted.kind === 'failed' ? [] : remedyOf(plan)).map(({ pod, uid, node, addresses, holder }) => ({
    type: 'Warning',
    reason: 'PodEnded',
    note: toNote(
      message(
        [
          `Ended pod ${pod}: ${node} answered for ${list(addresses)}, whose Lease ${holder} holds`,
          `Ended pod ${pod}: ${node} answered for an address of ${holder}`,
          `Ended a pod on ${node}, which answered for an address of ${holder}`,
        ],
        { todo: `look at the load and the kernel log of ${node}, whose kube-vip did not let go` },
      ),
    ),
    related: { apiVersion: 'v1', kind: 'Pod', namespace: systemNamespace, name: pod, uid },
  }));
}

/** What happened between two states of one config; equal words are said once. */
export function eventsOf(
  before: KubeVipConfigStatus = {},
  { status: after, conditions: present }: ComputedStatus,
  { observed, report, ...input }: Pick<StatusInput, 'observed' | 'report' | 'plan' | 'acted'>,
): readonly EventDraft[] {
  const old = before.conditions ?? [];
  const { components } = observed;
  const related = holderOf(observed, components['control-plane']) ?? holderOf(observed, components.services);
  const told = [...changed(old, present), ...failsOtherwise(before, after, report), ...over(old, present)];
  const said = told.map((row) => ({
    ...row,
    ...(related && { related }),
  }));
  const all = [...said, ...moved(before, after, observed), ...ended(input)];
  return all.filter(
    ({ reason, note }, index) => all.findIndex((row) => row.reason === reason && row.note === note) === index,
  );
}
