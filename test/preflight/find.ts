// What one check says of a Snapshot, in words.
import { checks } from '../../src/preflight/checks.ts';
import type { Check } from '../../src/preflight/checks/check.ts';
import { preflight } from '../../src/preflight/run.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { observed } from '../pass.ts';

/** A row per situation: what it is, the Snapshot, and what the check says; none for one that passes. */
export type Case = readonly [sentence: string, world: Snapshot, ...says: readonly string[]];

/** By id of the check. */
export type Cases = Readonly<Record<string, readonly Case[]>>;

/** What one check finds, each finding in one sentence: how it is said in a status is a matter of run.ts. */
export function messagesOf(id: string, world: Snapshot): readonly string[] {
  const said: string[] = [];
  const listening = checks
    .filter((check) => check.id === id)
    .map((check): Check => ({
      ...check,
      find: (facts) => {
        const findings = check.find(facts);
        said.push(
          ...findings.map(
            ({ object, expected, found, todo = check.remedy }) =>
              `${object}: expected ${expected}, found ${found}; ${todo}.`,
          ),
        );
        return findings;
      },
    }));
  preflight(observed(world), listening);
  return said;
}
