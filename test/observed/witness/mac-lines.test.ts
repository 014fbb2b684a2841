// The MAC addresses of the nodes as the text of a ConfigMap.
import { describe, expect, it } from '@jest/globals';
import { longestMacText, macLines, macsInLines } from '../../../src/observed/witness/mac-lines.ts';
import type { MacOfNode } from '../../../src/observed/witness/witnessed.ts';
import { macBook, macOf } from '../../witness-world.ts';

const everywhere = (): boolean => true;
const second = '02:00:00:00:01:02';
const mac = (index: number): string =>
  `02:${[24, 16, 8, 0].map((bits) => ((index >> bits) & 255).toString(16).padStart(2, '0')).join(':')}:00`;

/** So many nodes with names of 40 characters, each with so many MACs. */
function crowd(nodes: number, macs: number): Readonly<Record<string, MacOfNode>> {
  const rows = Array.from({ length: nodes * macs }, (_, index) => {
    const node = `node-${Math.floor(index / macs)}`.padEnd(40, 'x');
    return [
      mac(index),
      { node, interface: index % macs === macs - 1 ? 'enp129s0f1np1' : undefined },
    ] as const;
  });
  return Object.fromEntries(rows);
}

describe('the text', () => {
  it('has a line for each node, the MAC of its interface first', () => {
    const nodes = {
      [second]: { node: 'n2', interface: undefined },
      [macOf('n2')]: { node: 'n2', interface: 'eth0' },
      [macOf('n1')]: { node: 'n1', interface: 'bond0.7' },
    };
    expect(macLines({ ...macBook(), nodes }, everywhere)).toBe(
      `n1 ${macOf('n1')}/bond0.7\nn2 ${macOf('n2')}/eth0 ${second}\n`,
    );
  });

  it('has no node that is gone', () => {
    const text = macLines(macBook(), (node) => node !== 'n3');
    expect(macsInLines(text).map(({ node }) => node)).toEqual(['n1', 'n2', 'n4', 'n5']);
  });

  it('is what it was when it is read again', () => {
    const { nodes } = macBook();
    const read = macsInLines(macLines(macBook(), everywhere));
    expect(Object.fromEntries(read.map(({ mac: of, ...row }) => [of, row]))).toEqual(nodes);
  });

  it.each<[string, readonly [number, number], readonly [number, number]]>([
    ['all of three', [5000, 3], [5000, 3]],
    ['fewer of sixteen, and of every node that of its interface', [5000, 16], [5000, 6]],
    ['no node in part, and as many as fit', [20_000, 4], [12_328, 1]],
  ])('of a large cluster fits into a ConfigMap: %s', (_, [count, macs], [told, each]) => {
    const text = macLines({ ...macBook(), nodes: crowd(count, macs) }, everywhere);
    const rows = macsInLines(text);
    const nodes = new Set(rows.map(({ node }) => node));
    expect(text.length).toBeLessThanOrEqual(longestMacText);
    expect(rows.length).toBe(nodes.size * each);
    expect(nodes.size).toBe(told);
    expect(rows.filter((row) => row.interface !== undefined).length).toBe(nodes.size);
  });
});

describe('of a text nothing is believed', () => {
  it.each([
    ['that is empty', ''],
    ['that has no MAC', 'n1 eth0\n'],
    ['with a MAC in capitals', 'n1 02:00:00:00:00:0A\n'],
    ['with a MAC and no node', ` ${second}\n`],
    ['with a MAC and half an interface', `n1 ${second}/\n`],
    ['with an interface that no kernel has', `n1 ${second}/${'x'.repeat(16)}\n`],
    ['that is an object', '{"n1":["02:00:00:00:00:01"]}'],
  ])('%s', (_, text) => {
    expect(macsInLines(text)).toEqual([]);
  });

  it('but the rest of a line is', () => {
    expect(macsInLines(`n1 x ${second} y`)).toEqual([{ node: 'n1', mac: second, interface: undefined }]);
  });
});
