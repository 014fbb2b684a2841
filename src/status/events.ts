// Two states of status to the events between them: one for each transition of a condition or of a holder, and for each
// change of what preflight fails for.
import type { Reason } from '../api/conditions.ts';
import { componentKinds, statusFields } from '../api/metadata.ts';
import type { Condition, KubeVipConfigStatus } from '../api/types.ts';
import type { Component } from '../observed/component.ts';
import type { Observed } from '../observed/observed.ts';
import { isNode } from '../observed/pods.ts';
import type { Report } from '../preflight/run.ts';
import type { StatusInput } from './input.ts';
import { preflightChange } from './preflight-change.ts';

/** Reasons of events that are no reasons of a condition. */
export const eventReasons = {
  HolderChanged: 'Another node, or the first, holds a Lease.',
} as const;

export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
}

export interface EventDraft {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
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
  'PodsNotReady',
  'NoHolder',
  'LettingGo',
  'AddressUnproven',
  'Held',
  'Deleting',
  'Removing',
  'Suspended',
];

// The API server takes 1024 bytes.
const longestNote = 1024;

const size = (text: string): number => new TextEncoder().encode(text).length;

function fit(text: string): string {
  let end = text.length;
  while (size(text.slice(0, end)) > longestNote) {
    end -= Math.ceil((size(text.slice(0, end)) - longestNote) / 4);
  }
  return text.slice(0, end);
}

export const typeOf = ({ reason }: Pick<Condition, 'reason'>): EventDraft['type'] =>
  normal.some((row) => row === reason) ? 'Normal' : 'Warning';

function changed(before: readonly Condition[], after: readonly Condition[]): readonly EventDraft[] {
  return after
    .filter(({ type, status, reason }) => {
      const old = before.find((row) => row.type === type);
      return old?.status !== status || old.reason !== reason;
    })
    .map((row) => ({ type: typeOf(row), reason: row.reason, note: fit(row.message) }));
}

// The end of Reconciling is the beginning of something that is said.
function over(before: readonly Condition[], after: readonly Condition[]): readonly EventDraft[] {
  return before
    .filter(({ type }) => type !== 'Reconciling' && !after.some((row) => row.type === type))
    .map(({ type, reason, message }) => ({
      type: 'Normal',
      reason,
      note: fit(`${type} is over. It said: ${message}`),
    }));
}

// While facts are being gathered, what is not found may only not be seen.
function failsOtherwise(
  before: KubeVipConfigStatus,
  after: KubeVipConfigStatus,
  { isPending }: Pick<Report, 'isPending'>,
): readonly EventDraft[] {
  const note = isPending ? undefined : preflightChange(before, after);
  return note === undefined ? [] : [{ type: 'Warning', reason: 'PreflightFailed', note: fit(note) }];
}

/** The pod of a component's holder, else its node; undefined while no node of the cluster holds it. */
function holderOf({ snapshot }: Observed, { holderPod, lease }: Component): ObjectReference | undefined {
  if (holderPod) {
    const { name = '', namespace = '', uid = '' } = holderPod.metadata ?? {};
    return { apiVersion: 'v1', kind: 'Pod', namespace, name, uid };
  }
  const node = snapshot.nodes.find(
    ({ metadata }) => lease && lease.holder !== '' && isNode(lease.holder, metadata?.name ?? ''),
  );
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
    const note = `Lease ${component.name} is held by ${to}${from === '' ? '' : `, before that by ${from}`}.`;
    return [{ type: 'Normal', reason: 'HolderChanged', note, ...(related && { related }) } as const];
  });
}

/** What happened between two states of one config; equal words are said once. */
export function eventsOf(
  before: KubeVipConfigStatus = {},
  after: KubeVipConfigStatus,
  { observed, report }: Pick<StatusInput, 'observed' | 'report'>,
): readonly EventDraft[] {
  const [old, present] = [before.conditions ?? [], after.conditions ?? []];
  const { components } = observed;
  const related = holderOf(observed, components['control-plane']) ?? holderOf(observed, components.services);
  const told = [...changed(old, present), ...failsOtherwise(before, after, report), ...over(old, present)];
  const said = told.map((row) => ({
    ...row,
    ...(related && { related }),
  }));
  const all = [...said, ...moved(before, after, observed)];
  return all.filter(
    ({ reason, note }, index) => all.findIndex((row) => row.reason === reason && row.note === note) === index,
  );
}
