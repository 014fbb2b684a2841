// Runs every check on a Snapshot. All of them, whatever the first says.
import { effectiveSpec } from '../api/defaults.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import { waitsForNodes } from '../plan/probing.ts';
import { emptySurvey } from '../observed/survey.ts';
import type { Check, Facts, Finding } from './checks/check.ts';
import { checks } from './checks.ts';
import { acknowledgedIn } from './checks/acknowledgement.ts';

export const results = ['Failed', 'Warned', 'Acknowledged'] as const;
export type Result = (typeof results)[number];

/** What one check found about one object. */
export interface Row {
  readonly check: string;
  readonly result: Result;
  readonly object: string;
  /** Names the object, what was expected, what was found, and what to do. */
  readonly message: string;
}

export interface Report {
  /** Failed ones first, then warnings, then what is acknowledged. */
  readonly rows: readonly Row[];
  /** How many checks were run. */
  readonly total: number;
  /** Facts are still being gathered: nothing that passes has passed yet. */
  readonly isPending: boolean;
}

const say = ({ object, expected, found, todo }: Finding, { remedy }: Check): string =>
  `${object}: expected ${expected}, found ${found}; ${todo ?? remedy}.`;

function resultOf({ severity, id }: Check, acknowledged: readonly string[]): Result {
  if (severity === 'blocks') {
    return 'Failed';
  }
  return acknowledged.includes(id) ? 'Acknowledged' : 'Warned';
}

/** @param table the checks to run; given by tests */
export function runChecks(snapshot: Snapshot, table: readonly Check[]): Report {
  const { config, survey } = snapshot;
  const facts: Facts = { snapshot, survey: survey ?? emptySurvey, spec: effectiveSpec(config) };
  const acknowledged = acknowledgedIn(config.metadata);
  const rows = table.flatMap((check) =>
    check.find(facts).map((finding): Row => ({
      check: check.id,
      result: resultOf(check, acknowledged),
      object: finding.object,
      message: say(finding, check),
    })),
  );
  return {
    rows: results.flatMap((result) => rows.filter((row) => row.result === result)),
    total: table.length,
    isPending: survey === undefined || waitsForNodes(snapshot),
  };
}

// The plan and the status of one pass ask the same question of the same Snapshot.
const remembered = new WeakMap<Snapshot, Report>();

/** What preflight says of a config. */
export function preflight(snapshot: Snapshot): Report {
  const report = remembered.get(snapshot) ?? runChecks(snapshot, checks);
  remembered.set(snapshot, report);
  return report;
}

/** Rows of one result. */
export function rowsOf({ rows }: Report, result: Result): readonly Row[] {
  return rows.filter((row) => row.result === result);
}
