// Takes rows out of the tables that conditions are told by, to show that nothing else tells it.
import { programmingChecks, readinessChecks } from '../../src/status/checks.ts';
import { duplicates } from '../../src/status/duplicate-owner.ts';
import { hazardChecks } from '../../src/status/known-hazard.ts';
import { orphanWays } from '../../src/status/orphan-address.ts';
import { deletionChecks, removalChecks } from '../../src/status/plan-progress.ts';

/** Everything that conditions are told by. */
const tables = [
  programmingChecks,
  readinessChecks,
  deletionChecks,
  removalChecks,
  duplicates,
  hazardChecks,
  orphanWays,
] as unknown as readonly unknown[][];

/** Throws when a row is in no table: a proof that drops nothing is none. */
export function mustExist(dropped: readonly unknown[]): void {
  if (!dropped.every((row) => tables.some((rows) => rows.includes(row)))) {
    throw new Error('there is no such row');
  }
}

/** The result of a function while some rows are not in the tables. */
export function whileDropped<T>(dropped: readonly unknown[], run: () => T): T {
  const whole = tables.map((rows) => [...rows]);
  tables.forEach((rows) => rows.splice(0, rows.length, ...rows.filter((row) => !dropped.includes(row))));
  try {
    return run();
  } finally {
    tables.forEach((rows, index) => rows.splice(0, rows.length, ...(whole[index] ?? [])));
  }
}
