// Ends a second owner of ours: the pod of a node that answers for an address whose Lease another node holds. Its process is
// stopped, starved or stuck, so that it neither renews its Lease nor lets the address go. The next one takes the address off as it
// starts (lab run, v0.6.4 to v1.2.3).
import type { V1Pod } from '@kubernetes/client-node';
import { arp } from '../modes/arp/arp.ts';
import type { Component } from '../observed/component.ts';
import type { Observed } from '../observed/observed.ts';
import { isAmong, isNode, nameOf, nodeOf } from '../observed/pods.ts';
import type { Remedied } from '../observed/snapshot.ts';
import type { RemedyStep, Step } from '../steps/step.ts';
import type { ComponentPlan } from './plan.ts';

/** A pod is not ended again before. A DaemonSet makes the next one on the same node, so the node counts. */
const perPodMs = 5 * 60_000;
/** One at a time for each address: what was done last has this long to show. */
const perAddressMs = 20_000;

/** How long it takes until a pod may be ended again that was ended. */
export const longestRestMs = perPodMs;

/** What is said at once is acted on when it has lasted: the wrong one may be about to let go. */
const lastingMs = 1000;

interface Wrong {
  readonly address: string;
  readonly pod: V1Pod;
}

// The clock may have been set back: what lies ahead has just been.
const isWithin = ({ at }: Remedied, now: number, ms: number): boolean => Math.abs(now - at.at) < ms;

function isResting(done: readonly Remedied[], { kind, now }: Component, { address, pod }: Wrong): boolean {
  return done.some(
    (row) =>
      (row.address === address && isWithin(row, now, perAddressMs)) ||
      (row.component === kind && row.node === nodeOf(pod) && isWithin(row, now, perPodMs)),
  );
}

/** It has a process, or had one. What has not started has put no address anywhere, and takes a left-over off as it starts. */
const hasStarted = ({ status }: V1Pod): boolean => status?.phase !== 'Pending';

/** Whether a node holds the Lease now: without that nobody knows which of two owners is the wrong one. */
function isHeld({ holder, lease, nodes, now }: Component): boolean {
  const ageMs = lease && arp.holders.leaseAgeMs(lease, now);
  return (
    holder !== '' &&
    lease?.parkedFrom === undefined &&
    isAmong(holder, nodes) &&
    ageMs !== undefined &&
    ageMs <= (lease?.durationSeconds ?? 0) * 1000
  );
}

/** The first pod of ours of each address that two nodes answer for, of those that do not hold. */
function wrongPods({ witnessed, holder, pods }: Component): readonly Wrong[] {
  return (witnessed?.verdicts ?? [])
    .filter(({ kind, owners }) => kind === 'two' && owners.every(({ sinceMs }) => sinceMs >= lastingMs))
    .flatMap(({ address, owners }) => {
      const wrong = owners.filter(({ node }) => node !== undefined && !isNode(holder, node));
      const pod = wrong.flatMap(({ node }) =>
        pods.filter((row) => nodeOf(row) === node && hasStarted(row)),
      )[0];
      return pod === undefined ? [] : [{ address, pod }];
    });
}

function stepsFor(component: Component, done: readonly Remedied[]): readonly RemedyStep[] {
  const due = wrongPods(component).filter((row) => !isResting(done, component, row));
  return [...Map.groupBy(due, ({ pod }) => pod)].map(([pod, rows]) => ({
    kind: 'delete-pod',
    why: 'second-owner',
    pod: nameOf(pod),
    uid: pod.metadata?.uid ?? '',
    component: component.kind,
    node: nodeOf(pod),
    addresses: rows.map(({ address }) => address),
    holder: component.holder,
  }));
}

// What is changed on admission is written again and again, and stays as it is.
const hasEffect = (step: Step): boolean => !('why' in step && step.why === 'admission');

/** What leaves the nodes has nobody who should answer. */
const isLeaving = (plans: readonly ComponentPlan[], { kind }: Component): boolean =>
  plans.some((plan) => plan.component === kind && plan.kind === 'removing');

/** A pod that ends now should get what the rollout has just written, and the DaemonSet controller has to see that first. */
const isWritten = (plans: readonly ComponentPlan[], { kind }: Component): boolean =>
  plans.some((plan) => plan.component === kind && plan.kind === 'rolling' && plan.steps.some(hasEffect));

/** The pods that are to be ended now, within all limits. */
export function planRemedy(
  { spec, asked, snapshot }: Observed,
  plans: readonly ComponentPlan[],
): readonly RemedyStep[] {
  return spec.remedy === 'Report'
    ? []
    : asked
        .filter(
          (component) => isHeld(component) && !isLeaving(plans, component) && !isWritten(plans, component),
        )
        .flatMap((component) => stepsFor(component, snapshot.remedies));
}
