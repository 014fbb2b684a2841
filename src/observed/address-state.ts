// When it counts that an address answers, or does not: one lost answer is no alarm, and a hand-over is none.
import type { AddressState } from './snapshot.ts';

/** How an address is asked. Milliseconds, and attempts. */
export const asking = {
  /** Between two attempts while it answers. */
  calmMs: 5000,
  /** Between two attempts otherwise. */
  worriedMs: 2000,
  /** For a connection: an address on a node of the cluster answers within milliseconds. */
  timeoutMs: 1500,
  /** For an answer on it: an API server that has much to do takes longer. */
  answerMs: 3000,
  /** Failures in a row that count: 6 s, but for a tick that is late; a graceful hand-over takes 6 s at most. */
  enough: 4,
} as const;

// What is due is looked for once a second.
const tickMs = 1000;

/** The longest time from the last answer to the alarm. */
export const alarmMs = asking.calmMs + (asking.enough - 1) * asking.worriedMs + asking.timeoutMs + tickMs;

/** The same where connections are accepted and nothing is said: each attempt takes its whole time. */
export const hangAlarmMs = asking.calmMs + asking.enough * (asking.answerMs + tickMs);

/** What came of one attempt, with half a sentence that says how. */
export interface AddressAnswer {
  readonly kind: Exclude<AddressState['state'], 'unknown'>;
  readonly detail: string;
}

/** What is known of an address, and how many attempts have failed since. */
export interface CountedState {
  readonly state: AddressState['state'];
  readonly detail: string;
  /** In a row. */
  readonly failures: number;
}

/** Name of an address of a config. */
export const placeOf = (config: string, address: string, port: number): string =>
  `${config} ${address} ${port}`;

/** What is known of an address before the first attempt. */
export const unasked: CountedState = { state: 'unknown', detail: '', failures: 0 };

/** What is known after one more attempt. One answer is proof; silence has to last. */
export function stateAfter(before: CountedState, { kind, detail }: AddressAnswer): CountedState {
  if (kind === 'alive' || kind === 'blind') {
    return { state: kind, detail, failures: 0 };
  }
  const failures = before.failures + 1;
  return failures >= asking.enough ? { state: kind, detail, failures } : { ...before, failures };
}

/** What is still known when another node takes the Lease: failures of the one before do not count. */
export function handedOver({ state, detail }: CountedState): CountedState {
  return state === 'alive' || state === 'blind' ? { state, detail, failures: 0 } : unasked;
}
