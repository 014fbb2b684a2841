// Runs every check on a Snapshot. All of them, whatever the first says.
import { capital, longestHead, message, toText, type Message } from '../api/words.ts';
import type { Observed } from '../observed/observed.ts';
import { emptySurvey } from '../observed/survey.ts';
import type { Check, Facts, Finding } from './checks/check.ts';
import { checks } from './checks.ts';
import { acknowledgedIn } from './checks/acknowledgement.ts';
import { probeStates, type ProbeStates } from './nodes/probe.ts';

export const results = ['Failed', 'Warned', 'Acknowledged'] as const;
export type Result = (typeof results)[number];

/** What one check found about one object. */
export interface Row extends Message {
  readonly check: string;
  readonly result: Result;
  readonly object: string;
  /** The whole message: the object, what was expected, what was found, and what to do. */
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

/** The heads of a finding from the fullest to the shortest, each with what it leaves to the detail. */
function variantsOf(
  { object, expected, found }: Finding,
  id: string,
): readonly (readonly [string, string])[] {
  const [first = ''] = object.split(', ');
  const rest = `expected ${expected}, found ${found}`;
  return [
    [`${object}: ${rest}`, ''],
    [`${object} does not pass check ${id}`, capital(rest)],
    [`${first} and others do not pass check ${id}`, `${object}: ${rest}`],
    [`Check ${id} does not pass`, `${object}: ${rest}`],
  ];
}

function say(finding: Finding, { id, remedy }: Check): Message {
  const variants = variantsOf(finding, id);
  const [head, detail] = variants.find(([text]) => text.length <= longestHead) ?? variants.at(-1) ?? ['', ''];
  return message(head, { detail, todo: finding.todo ?? remedy });
}

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
    check.find(facts).map((finding): Row => {
      const said = say(finding, check);
      return {
        check: check.id,
        result: resultOf(check, acknowledged),
        object: finding.object,
        ...said,
        message: toText(said),
      };
    }),
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
