// What one check says of a Snapshot, in words.
import { checks } from '../../src/preflight/checks.ts';
import { preflight, type Row } from '../../src/preflight/run.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { observed } from '../pass.ts';

/** A row per situation: what it is, the Snapshot, and what the check says; none for one that passes. */
export type Case = readonly [sentence: string, world: Snapshot, ...says: readonly string[]];

/** By id of the check. */
export type Cases = Readonly<Record<string, readonly Case[]>>;

/** What one check says. */
export function rowsOf(id: string, world: Snapshot): readonly Row[] {
  return preflight(
    observed(world),
    checks.filter((check) => check.id === id),
  ).rows;
}

/** Messages of one check. */
export const messagesOf = (id: string, world: Snapshot): readonly string[] =>
  rowsOf(id, world).map(({ message }) => message);
