// What is remembered of the names that nodes give themselves.
import { describe, expect, it } from '@jest/globals';
import type { NodeEvidence } from '../../../src/preflight/nodes/evidence.ts';
import { hostNamesOf } from '../../../src/preflight/nodes/host-names.ts';
import { now, nowText } from '../../builders.ts';
import { askedSnapshot, nodeReport, type Said } from '../../node-world.ts';
import { reportOf } from '../../pass.ts';

const evidence = (...said: readonly (Said | null)[]): NodeEvidence =>
  ({
    answers: said.map((row, index) => {
      const node = `n${index + 1}`;
      return row === null ? { node } : { node, report: nodeReport(node, 'x', row) };
    }),
  }) as unknown as NodeEvidence;

describe('hostNamesOf', () => {
  it.each([
    ['tells what a node is called otherwise', [{ hostName: 'Host-A' }], [{ node: 'n1', hostName: 'host-a' }]],
    ['leaves out the name of the node', [{ hostName: 'N1' }], undefined],
    ['also with its domain', [{ hostName: 'n1.example.org' }], undefined],
    ['tells nothing by an older probe', [{}], undefined],
    [
      'keeps what a node told before that is silent now',
      [{ hostName: 'a' }, null],
      [
        { node: 'n1', hostName: 'a' },
        { node: 'n2', hostName: 'before' },
      ],
    ],
  ])('%s', (_, said, hostNames) => {
    const before = said.length > 1 ? ['n1', 'n2'].map((node) => ({ node, hostName: 'before' })) : [];
    expect(hostNamesOf(evidence(...said), before)).toEqual(hostNames === undefined ? {} : { hostNames });
  });

  it('is bounded', () => {
    const said = Array.from({ length: 600 }, () => ({ hostName: 'host' }));
    expect(hostNamesOf(evidence(...said)).hostNames).toHaveLength(500);
  });
});

it('what nodes are called is known while they are asked for another spec', () => {
  const hostNames = [{ node: 'n1', hostName: 'host-1' }];
  const moment = { at: now, text: nowText };
  const before = {
    component: 'control-plane',
    request: 'another',
    started: moment,
    finished: moment,
  } as const;
  const run = { ...before, asked: 1, answered: 1, findings: [], hostNames };
  const state = reportOf({ ...askedSnapshot(), probeRuns: [run] }).nodes.get('control-plane');
  expect(state).toMatchObject({ isAsking: true, run: { hostNames } });
});
