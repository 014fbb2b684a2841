import { describe, expect, it } from '@jest/globals';
import { readAnswer, readGoAnswer, registers, verdictOf } from '../../release/advisories.ts';

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

const messages = (...objects: readonly object[]): string =>
  objects.map((object) => `${JSON.stringify(object, undefined, 2)}\n`).join('');

describe('an audit of Go', () => {
  const config = { config: { protocol_version: 'v1' } };
  const inModule = { finding: { osv: 'GO-1', trace: [{ module: 'm', version: 'v1' }] } };
  const called = { finding: { osv: 'GO-2', trace: [{ module: 'm', version: 'v1', function: 'F' }] } };

  it.each([
    ['of nothing known', messages(config), false, 'nothing is known against the Go modules of the witness'],
    ['of a fault that is not called', messages(config, inModule), false, 'nothing is known against'],
    [
      'of a fault that is called twice',
      messages(config, inModule, called, called),
      true,
      'expected no known fault, found m v1 (GO-2); update them in witness/go.mod',
    ],
    ['without an answer', 'no such host', false, 'not made, the Go vulnerability database did not answer'],
    ['that says nothing', '', false, 'govulncheck printed nothing'],
  ])('%s', (_, printed, isFault, sentence) => {
    const verdict = verdictOf(readGoAnswer(printed), false, registers.go);
    expect(verdict).toEqual({ text: expect.stringContaining(sentence), isFault });
  });
});
