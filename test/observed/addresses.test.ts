// Which node has which address, in whatever spelling its object has it.
import { describe, expect, it } from '@jest/globals';
import { contains, nodeAddresses, podRangeWith } from '../../src/observed/addresses.ts';
import { node } from '../cluster-builders.ts';

const spellings: readonly (readonly [text: string, address: string])[] = [
  ['2001:0DB8:0:0:0:0:0:0100', '2001:db8::100'],
  ['2001:db8::0.0.1.0', '2001:db8::100'],
  ['::ffff:203.0.113.100', '203.0.113.100'],
  ['203.0.113.0100', '203.0.113.100'],
];

describe('nodeAddresses', () => {
  it.each(spellings)('has %s as %s', (text, address) => {
    expect([...nodeAddresses([node({ address: text })])]).toEqual([
      [address, { node: 'n1', type: 'InternalIP', isFurther: false }],
    ]);
  });

  it('has a name as it is', () => {
    expect([...nodeAddresses([node({ address: 'n1.example.org' })]).keys()]).toEqual(['n1.example.org']);
  });
});

describe('podRangeWith', () => {
  const nodes = [node({ podRange: '198.18.1.0/24' }), node({ podRange: '2001:0DB8:0:0::/64' })];

  it.each([
    ['198.18.1.255', '198.18.1.0/24'],
    ['198.18.2.0', undefined],
    ['2001:db8::100', '2001:0DB8:0:0::/64'],
    ['2001:db8:0:1::', undefined],
    ['n1', undefined],
  ])('finds %s in %s', (address, range) => {
    expect(podRangeWith(nodes, address)).toBe(range);
  });
});

describe('contains', () => {
  it.each(spellings)('finds %s in a range with %s', (text, address) => {
    expect(contains(`${address}-${address}`, address)).toBe(true);
    expect(contains(text, address)).toBe(text !== '203.0.113.0100');
  });
});
