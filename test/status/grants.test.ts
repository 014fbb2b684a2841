// What status says of grants.
import { describe, expect, it } from '@jest/globals';
import { grantStatus } from '../../src/status/grants.ts';

const last = { services: { waiting: 2, pools: [], loadBalancerClass: 'x' } };
const pool = { name: 'six', family: 'IPv6', size: 2n ** 64n, used: 1, free: 2n ** 64n - 1n } as const;
const waits = { service: 'a/web', reason: 'AddressTaken', message: 'taken' };

describe('status of grants', () => {
  it.each([
    [
      'has sizes as text',
      { pools: [pool], waiting: 0, first: [] },
      {
        waiting: 0,
        pools: [
          {
            name: 'six',
            family: 'IPv6',
            size: '18446744073709551616',
            used: 1,
            free: '18446744073709551615',
          },
        ],
      },
    ],
    [
      'names the first that wait',
      { pools: [], waiting: 7, first: [waits] },
      { waiting: 7, waitingServices: [waits] },
    ],
    ['stays what it was while nothing was counted', undefined, { waiting: 2, pools: [] }],
  ])('%s', (_, tally, wanted) => {
    expect(grantStatus(tally, last)).toEqual(wanted);
  });

  it('is empty before anything was counted', () => {
    expect(grantStatus(undefined, undefined)).toEqual({});
  });
});
