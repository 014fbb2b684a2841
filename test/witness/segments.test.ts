import type { V1Node } from '@kubernetes/client-node';
import { describe, expect, it } from '@jest/globals';
import type { ComponentKind } from '../../src/api/metadata.ts';
import { nameOf } from '../../src/observed/pods.ts';
import type { KnownSubnets } from '../../src/witness/known-subnets.ts';
import { nodesToAsk, segmentId, segmentsOf } from '../../src/witness/segments.ts';
import { kubeVipConfig } from '../builders.ts';
import { at, fiveNodes } from './world.ts';

const [a4, b4, a6, b6] = ['203.0.113.0/24', '198.51.100.0/24', '2001:db8::/64', '2001:db8:1::/64'] as const;
const known = (subnets: readonly string[], component: ComponentKind = 'control-plane'): KnownSubnets => ({
  config: kubeVipConfig(),
  component,
  subnets,
});

const n1 = at('n1', ['203.0.113.11'], { isMaster: true });
const n2 = at('n2', ['203.0.113.12']);
const both = at('n3', ['203.0.113.13', '2001:db8::13']);
const rackB = at('n4', ['198.51.100.14']);
const rackB6 = at('n5', ['198.51.100.15', '2001:db8:1::15']);

type Row = readonly [
  what: string,
  known: readonly KnownSubnets[],
  nodes: readonly V1Node[],
  segments: readonly (readonly [subnets: readonly string[], nodes: readonly string[]])[],
];

const rows: readonly Row[] = [
  ['are none where nothing is known', [], [n1, n2], []],
  ['have the nodes with an address in them', [known([a4])], [n1, n2, rackB], [[[a4], ['n1', 'n2']]]],
  [
    'are one for two configs in one network',
    [known([a4]), known([a4], 'services')],
    [n1, n2],
    [[[a4], ['n1', 'n2']]],
  ],
  [
    'join two families that one node has',
    [known([a6, a4])],
    [n1, both],
    [
      [
        [a6, a4],
        ['n1', 'n3'],
      ],
    ],
  ],
  [
    'are two for two racks',
    [known([b4, a4])],
    [n1, n2, rackB],
    [
      [[b4], ['n4']],
      [[a4], ['n1', 'n2']],
    ],
  ],
  [
    'join the families of each rack',
    [known([b4, a6, b6, a4])],
    [both, rackB6, n1],
    [
      [[b4, b6], ['n5']],
      [
        [a6, a4],
        ['n3', 'n1'],
      ],
    ],
  ],
  [
    'take a family that no Node names for the network of its interface',
    [known([a6, a4])],
    [n1, n2],
    [
      [
        [a6, a4],
        ['n1', 'n2'],
      ],
    ],
  ],
  [
    'leave a family alone where it may be of either rack',
    [known([b4, a6, a4], 'services')],
    [n1, n2, rackB],
    [
      [[b4], ['n4']],
      [[a6], ['n2', 'n4']],
      [[a4], ['n1', 'n2']],
    ],
  ],
  [
    'have the nodes of the component where no Node names the network',
    [known([b4, b6], 'services')],
    [n1, n2],
    [[[b4, b6], ['n2']]],
  ],
  [
    'do not join what is on two interfaces of a node',
    [known([a4]), known([a6], 'services')],
    [both, n2],
    [
      [[a6], ['n3']],
      [[a4], ['n3', 'n2']],
    ],
  ],
];

describe('segments', () => {
  it.each(rows)('%s', (_, subnets, nodes, expected) => {
    const found = segmentsOf(subnets, nodes).map(
      (segment) => [[...segment.subnets].sort(), segment.nodes.map(nameOf).sort()] as const,
    );
    const wanted = expected.map(([named, members]) => [[...named].sort(), [...members].sort()] as const);
    const inOrder = (rows: typeof found) => rows.map(([...parts]) => JSON.stringify(parts)).sort();
    expect(inOrder(found)).toEqual(inOrder(wanted));
  });

  it('are called by eight digits, the same in whatever order the subnets come', () => {
    expect(segmentId([a4, a6])).toMatch(/^[0-9a-f]{8}$/);
    expect(segmentId([a4, a6])).toBe(segmentId([a6, a4]));
    expect(segmentId([a4])).not.toBe(segmentId([b4]));
  });

  it('have two nodes that are asked for, the same in whatever order they come', () => {
    const segment = { id: 'x', subnets: ['203.0.113.0/24'], nodes: fiveNodes.toReversed() };
    expect(nodesToAsk(segment)).toEqual(['203.0.113.11', '203.0.113.12']);
    expect(nodesToAsk({ ...segment, subnets: ['198.51.100.0/24'] })).toEqual([]);
  });

  it('of 5,000 nodes in one network are found in less than a second', () => {
    const nodes = Array.from({ length: 5000 }, (_, index) =>
      at(`n${index}`, [`10.${index >> 8}.${index & 255}.7`]),
    );
    const since = performance.now();
    expect(segmentsOf([known(['10.0.0.0/8'])], nodes)[0]?.nodes).toHaveLength(5000);
    expect(performance.now() - since).toBeLessThan(1000);
  });
});
