import { describe, expect, it } from '@jest/globals';
import { isMore } from '../../src/api/quantity.ts';

describe('isMore', () => {
  it.each<[string, string | number, string | number, boolean]>([
    ['compares numbers with texts', 2, '1', true],
    ['compares parts with wholes', '1001m', 1, true],
    ['finds equal amounts equal', '1000m', 1, false],
    ['compares powers of two with powers of ten', '1Ki', '1k', true],
    ['reads exponents', '1e3', '999', true],
    ['tells the exponent from the suffix', '1E', '1E3', true],
    ['rounds up as the API server does', '0.0000000001', '1n', false],
    ['says no of what is no quantity', 'lots', 1, false],
    ['says no of what is not there', '', 1, false],
    ['says no of a limit that is no quantity', 1, 'lots', false],
  ])('%s', (_, a, b, expected) => {
    expect(isMore(a, b)).toBe(expected);
  });
});
