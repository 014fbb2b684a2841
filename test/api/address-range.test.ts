import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addressRange,
  cidrRange,
  forbiddenNetworks,
  isPoolEntry,
  endsOf,
  overlap,
} from '../../src/api/address-range.ts';
import { notPoolEntries, poolEntries } from '../api-server/pool-refusals.ts';
import { poolTexts } from '../api-server/specimens.ts';

describe('isPoolEntry', () => {
  it.each(notPoolEntries)('takes not %s', (_, text) => {
    expect(isPoolEntry(text)).toBe(false);
  });

  it.each(poolEntries)('takes %s', (text) => {
    expect(isPoolEntry(text)).toBe(true);
  });

  it('takes nothing that touches a network which no pool may touch', () => {
    const touches = (text: string): readonly string[] => {
      const range = addressRange(text);
      return forbiddenNetworks.filter((network) => {
        const closed = cidrRange(network);
        return range !== undefined && closed !== undefined && overlap(range, closed);
      });
    };
    fc.assert(
      fc.property(poolTexts, (text) => {
        expect([text, isPoolEntry(text) ? touches(text) : []]).toEqual([text, []]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('endsOf', () => {
  it.each<[string, readonly string[]]>([
    ['203.0.113.11/24', ['network 3405803776', 'broadcast 3405804031']],
    ['203.0.113.11/30', ['network 3405803784', 'broadcast 3405803787']],
    ['::b/124', ['first 0', 'last 15']],
    ...['203.0.113.11/31', '203.0.113.11/32', '::b/127', '::b/128', 'x', '203.0.113.11'].map(
      (text): [string, readonly string[]] => [text, []],
    ),
  ])('of %s', (subnet, ends) => {
    expect(endsOf(subnet).map(({ value, called }) => `${called} ${value.value}`)).toEqual(ends);
  });
});
