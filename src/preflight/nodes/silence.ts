// Nodes that did not say anything, and why.
import { probeName } from '../../api/metadata.ts';
import type { Finding } from '../checks/check.ts';
import { listOf, nodes, reported, type NodeEvidence } from './evidence.ts';

const nameOf = ({ spec, component }: NodeEvidence): string => `DaemonSet/${probeName(spec.name, component)}`;

/** Said when no DaemonSet could be made, or no controller acted upon it. */
export function someNodeWasAsked(evidence: NodeEvidence): readonly Finding[] {
  return evidence.isOver && evidence.asked === undefined
    ? [
        {
          object: nameOf(evidence),
          expected: 'it to ask every selected node',
          found: 'that it could not be made, or that no controller acted upon it',
        },
      ]
    : [];
}

/** The nodes that were asked and did not answer in time. */
export function everyNodeAnswered(evidence: NodeEvidence): readonly Finding[] {
  const { answers, asked = 0, isOver } = evidence;
  const silent = answers.filter(({ report }) => report === undefined);
  const answered = reported(evidence).length;
  if (!isOver || answered >= asked) {
    return [];
  }
  const [first] = silent;
  const noPod = asked - answered - silent.length;
  const found = [
    `${answered}`,
    first && `nothing from ${listOf(silent.map(({ node }) => node))}, where ${first.pod.trouble}`,
    noPod > 0 && `no pod for ${noPod} nodes`,
  ];
  return [
    {
      object: silent.length > 0 ? nodes(silent.map(({ node }) => node)) : nameOf(evidence),
      expected: `${asked} answers to ${nameOf(evidence)}`,
      found: found.filter(Boolean).join('; '),
    },
  ];
}
