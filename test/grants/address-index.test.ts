// Keys by address, and the first address of a range that has none.
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressOf, addressRange, type AddressRange } from '../../src/api/address-range.ts';
import { AddressIndex } from '../../src/grants/address-index.ts';
import { numRuns } from '../api/arbitraries.ts';

const ranges = ['203.0.113.0/28', '203.0.113.4-203.0.113.6', '2001:db8::/126'].flatMap(
  (text) => addressRange(text) ?? [],
);

function firstOf({ family, first, last }: AddressRange, has: ReadonlySet<string>): bigint {
  let value = first;
  while (value <= last && has.has(addressOf({ family, value }))) {
    value += 1n;
  }
  return value;
}

it('tells the first address without a key as a look at each one does, whatever was added and removed', () => {
  const address = fc.oneof(
    fc.nat({ max: 16 }).map((end) => `203.0.113.${end}`),
    fc.nat({ max: 4 }).map((end) => (end === 0 ? '2001:db8::' : `2001:db8::${end}`)),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), address), { maxLength: 60, size: 'max' }), (changes) => {
      const [index, has] = [new AddressIndex(), new Set<string>()];
      for (const [isAdded, text] of changes) {
        index[isAdded ? 'add' : 'remove'](text, 'a/x');
        has[isAdded ? 'add' : 'delete'](text);
        expect(ranges.map((range) => index.firstWithout(range))).toEqual(
          ranges.map((range) => firstOf(range, has)),
        );
      }
    }),
    { numRuns },
  );
});

it('looks through a range of thousands once', () => {
  const index = new AddressIndex();
  const range = { family: 'IPv4', first: 0x0a000000n, last: 0x0a00ffffn } as const;
  for (let value: bigint = range.first; value <= range.last; value += 1n) {
    index.add(addressOf({ family: 'IPv4', value }), 'a/x');
  }
  const began = performance.now();
  for (let times = 0; times < 1000; times += 1) {
    expect(index.firstWithout(range)).toBe(range.last + 1n);
  }
  // A thousand looks at 65,536 addresses take more than ten seconds.
  expect(performance.now() - began).toBeLessThan(5000);
});

it('tells whether an address is of another key', () => {
  const index = new AddressIndex();
  index.add('203.0.113.1', 'a/x');
  expect(['a/x', 'a/y'].map((key) => index.hasOther('203.0.113.1', key))).toEqual([false, true]);
  index.add('203.0.113.1', 'a/y');
  expect(['a/x', 'a/y'].map((key) => index.hasOther('203.0.113.1', key))).toEqual([true, true]);
});
