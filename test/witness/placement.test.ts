import { describe, expect, it } from '@jest/globals';
import { placeWitnesses, type PlacementInput } from '../../src/witness/placement.ts';
import { at, fiveNodes } from './world.ts';

const place = (overrides: Partial<PlacementInput> & { readonly nodes?: typeof fiveNodes } = {}) => {
  const { nodes = fiveNodes, ...rest } = overrides;
  return placeWitnesses({
    segment: { id: '0123abcd', subnets: ['203.0.113.0/24'], nodes },
    chosen: [],
    holdings: [],
    sinceMoveMs: 60_000,
    ...rest,
  });
};
const [n1, n2, n3, n4, n5] = fiveNodes as [
  (typeof fiveNodes)[0],
  (typeof fiveNodes)[0],
  (typeof fiveNodes)[0],
  (typeof fiveNodes)[0],
  (typeof fiveNodes)[0],
];
const lost = (name: string) => at(name, ['203.0.113.99'], { isReady: false });
const held = (node: string, heldMs = 60_000) => ({ node, heldMs });

type Row = readonly [what: string, input: Parameters<typeof place>[0], nodes: readonly string[]];

const rows: readonly Row[] = [
  ['are on workers', {}, ['n4', 'n5']],
  ['are on nodes of the control plane where there is no worker', { nodes: [n1, n2, n3] }, ['n1', 'n2']],
  ['are not on a holder', { nodes: [n1, n2, n3], holdings: [held('n1')] }, ['n2', 'n3']],
  ['are on a worker and a node of the control plane', { nodes: [n1, n2, n4] }, ['n1', 'n4']],
  [
    'are on workers rather than on what nobody may be scheduled to',
    { nodes: [n1, n2, n4, at('n6', ['203.0.113.16'], { isCordoned: true })] },
    ['n1', 'n4'],
  ],
  ['are on a holder where there are two nodes', { nodes: [n1, n4], holdings: [held('n4')] }, ['n1', 'n4']],
  ['stay where they are', { chosen: ['n1', 'n2'] }, ['n1', 'n2']],
  ['stay where one is new', { chosen: ['n1'] }, ['n1', 'n4']],
  ['are two where there were three', { chosen: ['n1', 'n2', 'n4'] }, ['n1', 'n4']],
  ['leave a node that is gone', { chosen: ['n9', 'n5'] }, ['n4', 'n5']],
  [
    'leave a node that does not report',
    { nodes: [n1, n4, n5, lost('n6')], chosen: ['n5', 'n6'] },
    ['n4', 'n5'],
  ],
  [
    'stay on a node that does not report, where there is no other',
    { nodes: [n4, lost('n6')], chosen: ['n4', 'n6'] },
    ['n4', 'n6'],
  ],
  ['do not go to a node that does not report', { nodes: [n4, lost('n6')] }, ['n4']],
  [
    'leave a node that has held for half a minute',
    { chosen: ['n4', 'n5'], holdings: [held('n4', 30_000)] },
    ['n1', 'n5'],
  ],
  ['do not leave it before', { chosen: ['n4', 'n5'], holdings: [held('n4', 29_999)] }, ['n4', 'n5']],
  [
    'leave one of two holders at a time',
    { chosen: ['n4', 'n5'], holdings: [held('n4'), held('n5')] },
    ['n1', 'n5'],
  ],
  [
    'do not leave the second one at once',
    { chosen: ['n1', 'n5'], holdings: [held('n4'), held('n5')], sinceMoveMs: 29_999 },
    ['n1', 'n5'],
  ],
  [
    'do not leave a holder for another holder',
    { nodes: [n1, n4, n5], chosen: ['n4', 'n5'], holdings: [held('n4'), held('n1')] },
    ['n4', 'n5'],
  ],
  [
    'do not leave a holder for a node that does not report',
    { nodes: [n4, n5, lost('n6')], chosen: ['n4', 'n5'], holdings: [held('n4')] },
    ['n4', 'n5'],
  ],
  [
    'are not on a node whose name leaves no room for that of a Lease',
    { nodes: [n1, n2, at('x'.repeat(228), ['203.0.113.17'])] },
    ['n1', 'n2'],
  ],
];

describe('witnesses', () => {
  it.each(rows)('%s', (_, input, nodes) => {
    expect(place(input)).toMatchObject({ nodes, because: '' });
  });

  it.each([
    ['one node', [n1], 'expected two nodes with an address in 203.0.113.0/24, found n1'],
    ['no node', [], 'expected two nodes with an address in 203.0.113.0/24, found none'],
    [
      'no node that reports',
      [lost('n6'), lost('n7')],
      'expected a node with an address in 203.0.113.0/24 to be Ready, found none',
    ],
  ])('are none in a segment with %s', (_, nodes, because) => {
    expect(place({ nodes })).toMatchObject({ nodes: [], because });
  });

  it('say when they may leave a holder', () => {
    const chosen = ['n4', 'n5'];
    expect(place({ chosen, holdings: [held('n4', 10_000)] }).waitMs).toBe(20_000);
    expect(place({ chosen, holdings: [held('n4')], sinceMoveMs: 5000 }).waitMs).toBe(25_000);
    expect(place({ chosen, holdings: [held('n4')] })).toMatchObject({ hasMoved: true, waitMs: 30_000 });
    expect(place({ chosen }).waitMs).toBeUndefined();
  });
});
