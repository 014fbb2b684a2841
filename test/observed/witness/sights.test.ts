// Which MAC answers for everything, as a router with proxy ARP does.
import { describe, expect, it } from '@jest/globals';
import { proxiesIn } from '../../../src/observed/witness/sights.ts';
import { group, macBook, macOf, outsider, sight, statement } from '../../witness-world.ts';

const control = (count: number, ...owners: readonly string[]) =>
  Array.from({ length: count }, (_, i) => sight(owners, { address: `203.0.113.${100 + i}` }));

const nodes = (...macs: readonly string[]) =>
  group({
    name: 'nodes',
    count: 2,
    owners: [
      ...macs.map((mac) => ({ mac, count: 2 })),
      { mac: macOf('n1'), count: 1 },
      { mac: macOf('n2'), count: 1 },
    ],
  });

describe('a MAC answers for every address', () => {
  it.each([
    ['when it answers for all of three', statement(control(3, 'n1', outsider)), [outsider]],
    ['not when it answers for one of three', statement([...control(2, 'n1'), sight(['n1', outsider])]), []],
    ['not when there are two alone', statement(control(2, 'n1', outsider)), []],
    ['not when it is a node, which may hold all', statement(control(3, 'n1')), []],
    [
      'when it answers for all Services as well',
      statement(control(1, 'n1', outsider), {
        groups: [
          group({
            owners: [
              { mac: macOf('n1'), count: 3 },
              { mac: outsider, count: 3 },
            ],
          }),
        ],
      }),
      [outsider],
    ],
    [
      'not when it answers for a Service alone',
      statement(control(3, 'n1'), {
        groups: [
          group({
            owners: [
              { mac: macOf('n1'), count: 3 },
              { mac: outsider, count: 1 },
            ],
          }),
        ],
      }),
      [],
    ],
    [
      'when it answers for the only one, and for those of nodes as well',
      statement(control(1, 'n1', outsider), { nodes: nodes(outsider) }),
      [outsider],
    ],
    [
      'when the other node is that of the witness, which does not ask for itself',
      statement(control(1, 'n1', outsider), {
        nodes: group({
          name: 'nodes',
          count: 2,
          owners: [macOf('n4'), macOf('n1'), outsider].map((mac) => ({ mac, count: 1 })),
        }),
      }),
      [outsider],
    ],
    [
      'not when it answers for the only one, and for those of nodes does not',
      statement(control(1, 'n1', outsider), { nodes: nodes() }),
      [],
    ],
    [
      'not when it answers for all of three, and for those of nodes does not',
      statement(control(3, 'n1', outsider), { nodes: nodes() }),
      [],
    ],
  ])('%s', (_, one, expected) => {
    expect([...proxiesIn([one], macBook())]).toEqual(expected);
  });
});
