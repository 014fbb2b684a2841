// What one reconcile came to, and when to look again.
import { message, type Message } from '../api/words.ts';
import { arp } from '../modes/arp/arp.ts';
import type { Component } from '../observed/component.ts';
import { isUncertain } from '../observed/witness/witnessed.ts';
import { rejectionOf, rollingIn, waitingOf, type Plan } from '../plan/plan.ts';

/** What one reconcile came to. */
export type Outcome =
  | { readonly kind: 'done' }
  /** Something is under way; look again even if no event comes. */
  | {
      readonly kind: 'waiting';
      readonly afterSeconds: number;
      /** For so many seconds nothing but an event, or a Lease that goes stale, changes anything; undefined: time does. */
      readonly restSeconds?: number;
    }
  /** A person must act; an event about the object brings it back. */
  | { readonly kind: 'stalled' }
  /** Retry with back-off. */
  | {
      readonly kind: 'failed';
      /** Its message is the cause, in one line. */
      readonly error: Error;
      /** What a person does about it. */
      readonly todo?: string;
    };

const firstRetryMs = 250;
const longestRetryMs = 60_000;

/**
 * Milliseconds until the object is looked at again, or undefined for "when an event comes". What fails waits twice as
 * long each time, by the time that it has lasted: events bring attempts between, which must not make it wait longer.
 * @param failingMs since the first of the failures in a row.
 * @param jitter from 0 to 1, so that many objects do not come back together.
 */
export function requeueAfterMs(outcome: Outcome, failingMs: number, jitter: number): number | undefined {
  if (outcome.kind === 'waiting') {
    return outcome.afterSeconds * 1000;
  }
  return outcome.kind === 'failed'
    ? Math.min(longestRetryMs, firstRetryMs + failingMs) * (1 + jitter / 4)
    : undefined;
}

// For example `PATCH /apis/apps/v1/namespaces/x/daemonsets/y?fieldManager=z: 403 daemonsets "y" is forbidden`.
const refusal = /^(?<verb>[A-Z]+) (?<path>[^\s?]+)\S*: (?<code>\d{3}) /;

function headsOf(cause: string): readonly [string, ...string[]] {
  const { verb, path = '', code } = refusal.exec(cause)?.groups ?? {};
  const object = path.split('/').slice(-2).join('/');
  return verb === undefined ? [cause] : [cause, `The API server answers ${code} to ${verb} ${object}`];
}

/** What the API server refused, or why it did not answer. Undefined: nothing of the kind. */
export const actedMessage = (acted: Outcome): Message | undefined =>
  acted.kind === 'failed' ? message(headsOf(acted.error.message), { todo: acted.todo }) : undefined;

/** Whether time alone brings a rollout on. One that was taken back waits for a person. */
function isMoving(plan: Plan): boolean {
  const phase = rollingIn(plan)?.rollout.phase;
  return phase !== undefined && phase !== 'RolledBack' && phase !== 'Failed';
}

/** A witness is looked at a moment later, so that it counts as silent by then. */
export const silentForMs = 250;

const hasUncertainOwner = ({ witnessed }: Component): boolean =>
  witnessed?.verdicts.some(isUncertain) ?? false;

/** Seconds until a witness counts as silent that does not renew its Lease meanwhile. */
function untilSilent(components: readonly Component[]): number {
  const all = components.flatMap(({ witnessed }) => witnessed?.silentInMs ?? []);
  return (Math.min(...all) + silentForMs) / 1000;
}

/**
 * When to look again, where nothing happens before.
 * @param restSeconds for how long time alone changes nothing; undefined: it does.
 */
export function nextLook(
  plan: Plan,
  components: readonly Component[],
  acted: Outcome,
  restSeconds?: number,
): Outcome {
  if (acted.kind === 'failed') {
    return acted;
  }
  if (plan.probing.isAsking) {
    return { kind: 'waiting', afterSeconds: 1 };
  }
  if (isMoving(plan)) {
    return { kind: 'waiting', afterSeconds: 1 };
  }
  if (waitingOf(plan)) {
    return { kind: 'waiting', afterSeconds: 2 };
  }
  // What was rendered before a refusal may run on, and its Lease may go stale without an event.
  if (rejectionOf(plan) && components.every(({ daemonSet }) => daemonSet === undefined)) {
    return { kind: 'stalled' };
  }
  return {
    kind: 'waiting',
    afterSeconds: components.some((row) => arp.readiness.isAwaited(row) || hasUncertainOwner(row))
      ? 1
      : Math.min(arp.readiness.secondsToLook(components), untilSilent(components)),
    ...(restSeconds !== undefined && { restSeconds }),
  };
}
