import { describe, expect, it } from '@jest/globals';
import { readAnswer, verdictOf } from '../../release/advisories.ts';

const found = { ws: { severity: 'high', range: '<8.17' } };

describe('an audit', () => {
  it.each([
    ['of nothing known', { vulnerabilities: {} }, false, 'audit: nothing is known against'],
    [
      'of a package with a fault',
      { vulnerabilities: found },
      true,
      'audit: expected no known fault, found ws <8.17 (high); update',
    ],
    ['without an answer', { message: '405 Not Allowed' }, false, 'audit: not made, the npm registry did not'],
    ['that says nothing', {}, false, 'npm reported no packages'],
  ])('%s', (_, report, isFault, sentence) => {
    const verdict = verdictOf(readAnswer(JSON.stringify(report)), false);
    expect(verdict).toEqual({ text: expect.stringContaining(sentence), isFault });
  });

  it.each([
    ['no JSON', 'npm error offline\nmore', 'npm error offline'],
    ['nothing', '', 'npm printed nothing'],
  ])('is not made where npm prints %s', (_, printed, why) => {
    expect(readAnswer(printed)).toEqual({ kind: 'silent', why });
  });

  it('fails without an answer where one must come', () => {
    expect(verdictOf({ kind: 'silent', why: 'offline' }, true).isFault).toBe(true);
  });
});
