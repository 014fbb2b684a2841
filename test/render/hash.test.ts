import { describe, expect, it } from '@jest/globals';
import { fingerprint } from '../../src/render/hash.ts';

describe('fingerprint', () => {
  it.each([
    ['is the same for fields in another order', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['is the same with a field that is undefined', { a: 1 }, { a: 1, b: undefined }],
  ])('%s', (_, a, b) => {
    expect(fingerprint(a)).toBe(fingerprint(b));
  });

  it.each([
    ['is another for another value', { a: 1 }, { a: 2 }],
    ['is another for text that looks like a number', { a: 1 }, { a: '1' }],
    ['is another for items in another order', [1, 2], [2, 1]],
    ['is another for a list in a list', [1, 2], [[1, 2]]],
    ['is another for null', { a: null }, {}],
    ['is another beyond ASCII', 'ä', 'ö'],
  ])('%s', (_, a, b) => {
    expect(fingerprint(a)).not.toBe(fingerprint(b));
  });

  it('does not change between releases: a new one would write every DaemonSet again', () => {
    expect(fingerprint({ a: [1, 'b', { c: true }] })).toBe('ffd303e033c6bdc0');
  });
});
