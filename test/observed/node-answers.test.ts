import { describe, expect, it } from '@jest/globals';
import { parseReport } from '../../src/api/node-report.ts';
import type { ProbePod } from '../../src/observed/snapshot.ts';
import { nodeAnswers, nodesHolding } from '../../src/observed/node-answers.ts';
import { nodeReport } from '../node-world.ts';

const pod = (node: string, ...messages: readonly string[]): ProbePod => ({
  component: 'control-plane',
  node,
  messages,
  boundAt: undefined,
  takenOnAt: undefined,
  trouble: '',
});
const said = (node: string, run = 'r-1', bound: readonly string[] = []): string =>
  JSON.stringify(nodeReport(node, run, { bound }));

describe('nodeAnswers', () => {
  it.each<[string, readonly ProbePod[], readonly string[]]>([
    ['takes what was said last', [pod('n1', said('n1'))], ['n1 true']],
    ['takes what was said before a restart', [pod('n1', 'killed', said('n1'))], ['n1 true']],
    ['knows the nodes that said nothing', [pod('n2'), pod('n1')], ['n1 false', 'n2 false']],
    ['takes nothing of another run', [pod('n1', said('n1', 'r-2'))], ['n1 false']],
    ['takes the pod of a node that has answered', [pod('n1'), pod('n1', said('n1')), pod('n1')], ['n1 true']],
  ])('%s', (_, pods, expected) => {
    expect(nodeAnswers(pods, 'r-1').map(({ node, report }) => `${node} ${report !== undefined}`)).toEqual(
      expected,
    );
  });
});

describe('nodesHolding', () => {
  it('names the nodes that have an address, and no other', () => {
    const pods = [pod('n1', said('n1', 'r-1', ['203.0.113.100'])), pod('n2', said('n2')), pod('n3')];
    const answers = nodeAnswers(pods, 'r-1');
    expect(nodesHolding(answers, '203.0.113.100')).toEqual(['n1']);
    expect(nodesHolding(answers, '203.0.113.10')).toEqual([]);
  });
});

describe('parseReport', () => {
  it.each<[string, string | undefined, boolean]>([
    ['reads a report of the run', said('n1'), true],
    ['knows none where nothing was said', undefined, false],
    ['knows none in a text that only names the run', 'r-1 failed', false],
    ['knows none in a report about another run that names this one', said('n1', 'x-r-1'), false],
  ])('%s', (_, message, isOne) => {
    expect(parseReport(message, 'r-1') !== undefined).toBe(isOne);
  });
});
