import { describe, expect, it } from '@jest/globals';
import { judgeUse, type Use } from './api-server/permissions.ts';

describe('judgeUse', () => {
  const granted = ['* /nodes list', '* /nodes watch'];

  it.each<[string, Use, boolean, readonly RegExp[]]>([
    ['is content with what is used and granted', { used: granted, refused: [] }, true, []],
    [
      'finds what nobody used',
      { used: ['* /nodes list'], refused: [] },
      true,
      [/^\* \/nodes watch: no test made/],
    ],
    ['does not look for that when tests were left out', { used: ['* /nodes list'], refused: [] }, false, []],
    [
      'finds what was refused and is not granted',
      { used: granted, refused: ['* /secrets get'] },
      false,
      [/^\* \/secrets get: .* refused/],
    ],
    ['lets a test take a binding away', { used: granted, refused: ['* /nodes list'] }, true, []],
    [
      'finds a right that comes from elsewhere',
      { used: [...granted, '* /pods list'], refused: [] },
      false,
      [/^\* \/pods list: .* not in the file/],
    ],
    [
      'knows that a right in the whole cluster is one in each namespace, and not the other way round',
      { used: ['default /nodes list', '* /nodes watch'], refused: ['default /pods get'] },
      false,
      [/^default \/pods get: .* refused/],
    ],
    [
      'takes what was done in a namespace for the use of a right in the whole cluster',
      { used: ['* /nodes list', 'default /nodes watch'], refused: [] },
      true,
      [],
    ],
    [
      'finds every permission unused when nothing was noted',
      { used: [], refused: [] },
      true,
      [/list/, /watch/],
    ],
  ])('%s', (_, use, isWhole, expected) => {
    const findings = judgeUse(use, granted, isWhole);
    expect(findings).toHaveLength(expected.length);
    expected.forEach((pattern, index) => expect(findings[index]).toMatch(pattern));
  });
});
