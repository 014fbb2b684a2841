// What witnesses may say at a moment, and the same later.
import fc from 'fast-check';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import type { OwnerSight, WitnessStatement } from '../../src/observed/witness/witnessed.ts';
import { outsider, owner, sight, statement, witnessView } from '../witness-world.ts';

const heard = fc.oneof(
  fc.constantFrom<OwnerSight[]>(
    [owner('n1')],
    [owner('n2')],
    [owner('n1', { isSelf: true })],
    [owner('n1'), owner('n2')],
    [owner('n1'), owner(outsider)],
    [],
  ),
  fc.integer({ min: 0, max: 20_000 }).map((sinceMs) => [owner('n1'), owner('n2', { sinceMs })]),
);
/** Two witnesses that may disagree. */
export const witnesses: fc.Arbitrary<Snapshot['witness']> = fc
  .record({
    here: heard,
    there: heard,
    trouble: fc.constantFrom('', 'it is broken'),
    former: fc.constantFrom([], [8000], [20_000]),
  })
  .map(({ here, there, trouble, former: ages }) => ({
    ...witnessView([statement([sight(here)]), statement([sight(there)], { node: 'n5', trouble })]),
    former: ages.map((sinceMs) => ({ address: '203.0.113.70', sinceMs })),
  }));

/** The witnesses say the same again, and what they have heard is older. */
export function laterHeard(view: Snapshot['witness'], ms: number, ageMs: number): Snapshot['witness'] {
  const older = (row: WitnessStatement): WitnessStatement => ({
    ...row,
    ageMs,
    control: row.control.map(({ owners, silentMs, ...rest }) => ({
      ...rest,
      silentMs: silentMs === undefined ? undefined : silentMs + row.ageMs + ms - ageMs,
      owners: owners.map((one) => ({ ...one, sinceMs: one.sinceMs + row.ageMs + ms - ageMs })),
    })),
  });
  return (
    view && {
      ...view,
      statements: view.statements.map(older),
      former: view.former.map(({ sinceMs, ...row }) => ({ ...row, sinceMs: sinceMs + ms })),
    }
  );
}
