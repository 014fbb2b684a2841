// What one run of a probe has brought to light about the nodes of one component: the input of its checks.
import type { EffectiveSpec } from '../../api/defaults.ts';
import type { ComponentKind } from '../../api/metadata.ts';
import type { InterfaceReport, NodeReport } from '../../api/node-report.ts';
import { list as listOf } from '../../api/words.ts';
import type { Finding } from '../checks/check.ts';
import type { NodeAnswer } from '../../observed/node-answers.ts';
import { placementOf } from '../../observed/placement.ts';

/** What is known of the nodes of one component at one moment of a run. */
export interface NodeEvidence {
  readonly spec: EffectiveSpec;
  readonly component: ComponentKind;
  readonly answers: readonly NodeAnswer[];
  /** Nodes that should answer, by the DaemonSet controller; undefined when it has not counted. */
  readonly asked: number | undefined;
  /** Whether kube-vip of this component runs already: an address on a node is then its own. */
  readonly runs: boolean;
  /** Node that the Lease names; empty while no node has it. */
  readonly holder: string;
  /** False while nodes may still answer. */
  readonly isOver: boolean;
}

/** A node that has said something. */
export interface Reported {
  readonly node: string;
  readonly report: NodeReport;
}

/** The nodes that have said something. */
export function reported({ answers }: NodeEvidence): readonly Reported[] {
  return answers.flatMap(({ node, report }) => (report ? [{ node, report }] : []));
}

/** The nodes whose interface works, with it. */
export function working(
  evidence: NodeEvidence,
): readonly { readonly node: string; readonly nic: InterfaceReport }[] {
  return reported(evidence).flatMap(({ node, report }) =>
    report.interface?.isUp ? [{ node, nic: report.interface }] : [],
  );
}

/** The addresses of the component; those of Services are not known beforehand. */
export function addressesOf({ spec, component }: NodeEvidence): readonly string[] {
  return component === 'control-plane' ? (spec.controlPlane?.addresses ?? []) : [];
}

/** The part of the spec that a component is written in, for messages. */
export const partOf = ({ component }: NodeEvidence): string =>
  component === 'control-plane' ? 'spec.controlPlane' : 'spec.services';

/** How the interface is called in messages. */
export function interfaceName({ spec, component }: NodeEvidence): string {
  return placementOf(spec, component)?.interface ?? 'the interface of the default route';
}

const shownNodes = 4;

/** For example `n1, n2, n3, n4 and 12 more`. */
export const list = (names: readonly string[]): string => listOf(names, shownNodes);

/** Nodes as the object of a finding: `Node/n1, Node/n2`. */
export const nodes = (names: readonly string[]): string => list(names.map((name) => `Node/${name}`));

const shownFindings = 4;

/**
 * Findings of many nodes: equal ones once, with their nodes, and the most frequent only when there are many.
 * @param rows What was found, and on which node.
 */
export function together(
  expected: string,
  rows: readonly (readonly [node: string, found: string])[],
): readonly Finding[] {
  const groups = new Map<string, string[]>();
  for (const [node, found] of rows) {
    groups.set(found, [...(groups.get(found) ?? []), node]);
  }
  return [...groups]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, shownFindings)
    .map(([found, names]) => ({ object: nodes(names), found, expected }));
}
