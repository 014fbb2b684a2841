// Each check of the nodes in the situations of cases.ts. That none is left out: ../checks.test.ts.
import { describe, expect, it } from '@jest/globals';
import { nodeChecks } from '../../../src/preflight/nodes/checks.ts';
import { askedSnapshot, type Asked } from '../../node-world.ts';
import { nic, nodeCases, none } from './cases.ts';
import { nodeFindings } from '../../pass.ts';

const say = (asked: Asked): readonly string[] =>
  nodeFindings(askedSnapshot(asked)).map(
    ({ check, object, expected, found, todo }) =>
      `${check}: ${object}: ${found}. Expected ${expected}.${todo === undefined ? '' : ` ${todo}.`}`,
  );

describe('the checks of nodes', () => {
  it.each(nodeCases)('%s', (_, asked, expected) => {
    expect(say(asked)).toEqual(expected);
  });

  it('show the most frequent findings of many nodes, and count the nodes', () => {
    const reports = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [
        `n${index}`,
        index < 490 ? none : { interface: undefined, otherInterfaces: [`x${index}`] },
      ]),
    );
    const found = say({ reports: { ...reports, well: nic('n1') } });
    expect(found).toHaveLength(4);
    expect(found[0]).toContain(' and 486 more: the interface');
    expect(found.join('').length).toBeLessThan(2000);
  });

  it('have ids of their own', () => {
    expect(new Set(nodeChecks.map(({ id }) => id)).size).toBe(nodeChecks.length);
  });
});
