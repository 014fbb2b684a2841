// What one check says of a Snapshot, in words.
import { checks } from '../../src/preflight/checks.ts';
import { preflight } from '../../src/preflight/run.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { observed } from '../pass.ts';

/** A row per situation: what it is, the Snapshot, and what the check says; none for one that passes. */
export type Case = readonly [sentence: string, world: Snapshot, ...says: readonly string[]];

/** By id of the check. */
export type Cases = Readonly<Record<string, readonly Case[]>>;

/** Messages of one check. */
export function messagesOf(id: string, world: Snapshot): readonly string[] {
  return preflight(
    observed(world),
    checks.filter((check) => check.id === id),
  ).rows.map(({ message }) => message);
}
