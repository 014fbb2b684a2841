// Runs every check on what is observed. All of them, whatever the first says.
import { annotations, type ComponentKind } from '../api/metadata.ts';
import { message, sentences, toText, type Message } from '../api/words.ts';
import type { Observed } from '../observed/observed.ts';
import { emptySurvey } from '../observed/neighbours/survey.ts';
import { heldBack, type Check, type Facts, type Finding } from './checks/check.ts';
import { checks } from './checks.ts';
import { idsIn } from './checks/acknowledgement.ts';
import { probeStates, type ProbeStates } from './nodes/probe-run.ts';

/** How a finding counts, the worst first. */
export const results = ['Failed', 'Overridden', 'Warned', 'Acknowledged'] as const;
/** How a finding counts. */
export type Result = (typeof results)[number];

/** What one check found about one object, as it is told. Its head names the object and what is wrong with it. */
export interface Row extends Message {
  readonly check: string;
  readonly result: Result;
  readonly object: string;
  /** The whole message: the head, more of what was found, what was expected, and what to do. */
  readonly message: string;
  /** The components that must neither start nor change; none of what did not fail. */
  readonly holds: readonly ComponentKind[];
}

/** What preflight says of a KubeVipConfig. */
export interface Report {
  /** Failed ones first, then what was overridden, then warnings, then what is acknowledged. */
  readonly rows: readonly Row[];
  /** How many checks were run. */
  readonly total: number;
  /** Facts are still being gathered: nothing that passes has passed yet. */
  readonly isPending: boolean;
  /** What is known of the nodes, and what of it is to be remembered. */
  readonly nodes: ProbeStates;
}

function say({ object, found, detail, expected, todo }: Finding, { id, remedy }: Check): Message {
  const [first = ''] = object.split(', ');
  const ofFirst = first === object ? [] : [`${first} and others: ${found}`];
  const general = [`${object}: does not pass check ${id}`, `Check ${id} does not pass`];
  return message([`${object}: ${found}`, ...ofFirst, ...general], {
    detail: sentences(detail, `Expected ${expected}`),
    todo: sentences(todo ?? remedy),
  });
}

function resultOf({ id }: Check, held: readonly ComponentKind[], { snapshot }: Facts): Result {
  const { metadata } = snapshot.config;
  if (held.length > 0) {
    return idsIn(metadata, annotations.override).includes(id) ? 'Overridden' : 'Failed';
  }
  return idsIn(metadata, annotations.acknowledge).includes(id) ? 'Acknowledged' : 'Warned';
}

function rowsFor(check: Check, facts: Facts): readonly Row[] {
  const held = heldBack(check, facts);
  const result = resultOf(check, held, facts);
  const holds = result === 'Failed' ? held : [];
  return check.find(facts).map((finding) => {
    const said = say(finding, check);
    return { check: check.id, result, object: finding.object, ...said, message: toText(said), holds };
  });
}

/** What preflight says of a config: every check, whatever the first says. */
export function preflight(observed: Observed, table: readonly Check[] = checks): Report {
  const { survey } = observed.snapshot;
  const nodes = probeStates(observed);
  const nodeFindings = [...nodes.values()].flatMap(({ findings }) => findings);
  const facts: Facts = { ...observed, survey: survey ?? emptySurvey, nodeFindings };
  const rows = table.flatMap((check) => rowsFor(check, facts));
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
