// Runs every check on a Snapshot. All of them, whatever the first says.
import { annotations, componentKinds, type ComponentKind } from '../api/metadata.ts';
import { wasApplied } from '../observed/component.ts';
import type { Observed } from '../observed/observed.ts';
import { emptySurvey } from '../observed/survey.ts';
import type { Check, Facts, Finding } from './checks/check.ts';
import { checks } from './checks.ts';
import { idsIn } from './checks/acknowledgement.ts';
import { probeStates, type ProbeStates } from './nodes/probe.ts';

export const results = ['Failed', 'Overridden', 'Warned', 'Acknowledged'] as const;
export type Result = (typeof results)[number];

/** What one check found about one object. */
export interface Row {
  readonly check: string;
  readonly result: Result;
  readonly object: string;
  /** Names the object, what was expected, what was found, and what to do. */
  readonly message: string;
  /** The components that must neither start nor change; none of what did not fail. */
  readonly holds: readonly ComponentKind[];
}

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

const say = ({ object, expected, found, todo }: Finding, { remedy }: Check): string =>
  `${object}: expected ${expected}, found ${found}; ${todo ?? remedy}.`;

/** The components that a failure of a check holds back: what a tenant can cause, only one that was never applied. */
function heldBack({ severity, holds, by }: Check, { components }: Facts): readonly ComponentKind[] {
  const kinds = holds === undefined ? componentKinds : [holds];
  const isFree = (kind: ComponentKind): boolean => by === 'tenant' && wasApplied(components[kind]);
  return severity === 'blocks' ? kinds.filter((kind) => !isFree(kind)) : [];
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
  return check.find(facts).map((finding) => ({
    check: check.id,
    result,
    object: finding.object,
    message: say(finding, check),
    holds: result === 'Failed' ? held : [],
  }));
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
