// That whoever reads what is wrong learns of which object, and what to do next.
import { describe, expect, it } from '@jest/globals';
import type { Condition } from '../../src/api/types.ts';
import { typeOf } from '../../src/status/events.ts';
import { nowText } from '../builders.ts';
import { rows as situations } from './cases.ts';
import { deletionRows } from './deletion-cases.ts';
import { computeStatus, decide } from '../pass.ts';

// What is False and passes by itself as a rule is no warning; what is Stalled always asks for a person.
const asksForPerson = (row: Condition): boolean =>
  row.type === 'Stalled' ||
  (['Ready', 'Accepted', 'Programmed'].includes(row.type) &&
    row.status === 'False' &&
    typeOf(row) === 'Warning') ||
  ['KnownHazard', 'Drifted', 'DuplicateOwner', 'Unguarded'].includes(row.type);

const messages = [...situations, ...deletionRows].flatMap(([sentence, world, , , acted]) => {
  const plan = decide(world);
  const input = { snapshot: world, plan, acted: acted ?? { kind: 'done' }, now: nowText } as const;
  return (computeStatus(input).conditions ?? [])
    .filter(asksForPerson)
    .map(({ type, reason, message }) => [`${type} ${reason}: ${message}`, message, sentence] as const);
});
const unique = [...new Map(messages.map((row) => [row[0], row])).values()];

const object =
  /\b(DaemonSet|Lease|pod|Pod|Node|Service|KubeVipConfig|namespace|operator|PATCH) ?\S+|\bspec\.\w+|metrics port|API server on \S+|\bv\d+\.\d+\.\d+/;
const verbs =
  'look|see|read on|set|change|check|raise|free|end|make|label|add|find|give|delete|start|bring|take|mend|choose|correct|remove|acknowledge|grant|run|turn|wait';
// An order or a command after what was found; or which values a field may have.
const nextStep = new RegExp(`\\. (When [^.]*, )?(${verbs})\\b|spec\\.\\w+: expected one `, 'i');

describe('what asks for a person', () => {
  it('is said in many situations', () => {
    expect(unique.length).toBeGreaterThan(40);
  });

  it.each(unique)('names an object: %s', (_, message) => {
    expect(message).toMatch(object);
  });

  it.each(unique)('has a next step: %s', (_, message) => {
    expect(message).toMatch(nextStep);
  });
});
