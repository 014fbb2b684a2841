// What one reconcile came to, and when to look again.

export type Outcome =
  | { readonly kind: 'done' }
  /** Something is under way; look again even if no event comes. */
  | { readonly kind: 'waiting'; readonly afterSeconds: number }
  /** A person must act; an event about the object brings it back. */
  | { readonly kind: 'stalled' }
  /** Retry with back-off. */
  | { readonly kind: 'failed'; readonly error: Error };

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
