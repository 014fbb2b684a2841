// What one check says of a Snapshot, in words.
import { describe, expect, it } from '@jest/globals';
import { checks } from '../../src/preflight/checks.ts';
import { runChecks } from '../../src/preflight/run.ts';
import type { Snapshot } from '../../src/plan/snapshot.ts';

/** A row per situation: what it is, the Snapshot, and what the check says; none for one that passes. */
export type Case = readonly [sentence: string, world: Snapshot, ...says: readonly string[]];

/** Messages of one check. */
export function messagesOf(id: string, world: Snapshot): readonly string[] {
  return runChecks(
    world,
    checks.filter((check) => check.id === id),
  ).rows.map(({ message }) => message);
}

/** Runs a table of cases, a check each. */
export function describeChecks(cases: Readonly<Record<string, readonly Case[]>>): void {
  describe.each(Object.entries(cases))('%s', (id, rows) => {
    it.each(rows)('%s', (_, world, ...says) => {
      const found = messagesOf(id, world);
      expect(found).toHaveLength(says.length);
      says.forEach((text, index) => expect(found[index]?.slice(0, text.length)).toBe(text));
    });
  });
}
