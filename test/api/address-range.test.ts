import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addressRange,
  cidrRange,
  forbiddenNetworks,
  isPoolEntry,
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
