// Runs every check on a Snapshot. All of them, whatever the first says.
import type { Observed } from '../observed/observed.ts';
import { emptySurvey } from '../observed/neighbours/survey.ts';
import type { Check, Facts, Finding } from './checks/check.ts';
import { checks } from './checks.ts';
import { acknowledgedIn } from './checks/acknowledgement.ts';
import { probeStates, type ProbeStates } from './nodes/probe-run.ts';

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
  /** What is known of the nodes, and what of it is to be remembered. */
  readonly nodes: ProbeStates;
}

const say = ({ object, expected, found, todo }: Finding, { remedy }: Check): string =>
  `${object}: expected ${expected}, found ${found}; ${todo ?? remedy}.`;

function resultOf({ severity, id }: Check, acknowledged: readonly string[]): Result {
  if (severity === 'blocks') {
    return 'Failed';
  }
  return acknowledged.includes(id) ? 'Acknowledged' : 'Warned';
}

/** What preflight says of a config: every check, whatever the first says. */
export function preflight(observed: Observed, table: readonly Check[] = checks): Report {
  const { config, survey } = observed.snapshot;
  const nodes = probeStates(observed);
  const nodeFindings = [...nodes.values()].flatMap(({ findings }) => findings);
  const facts: Facts = { ...observed, survey: survey ?? emptySurvey, nodeFindings };
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
    isPending: survey === undefined || [...nodes.values()].some(({ holdsBack }) => holdsBack),
    nodes,
  };
}

/** Rows of one result. */
export function rowsOf({ rows }: Report, result: Result): readonly Row[] {
  return rows.filter((row) => row.result === result);
}
