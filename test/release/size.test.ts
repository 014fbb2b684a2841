import { describe, expect, it } from '@jest/globals';
import { grown } from '../../release/size.ts';

describe('the size of the image', () => {
  const before = { amd64: 1000, arm64: 2000 };

  it.each([
    ['as before', 1000, 2000, []],
    ['smaller', 1, 1, []],
    ['a twentieth larger', 1050, 2100, []],
    ['larger for one', 1051, 2100, ['image for amd64: expected at most 1050 bytes, found 1051; find out']],
    [
      'larger for both',
      1051,
      2101,
      ['image for amd64: expected at most 1050', 'image for arm64: expected at most 2100 bytes, found 2101'],
    ],
  ])('%s', (_, amd64, arm64, sentences) => {
    expect(grown({ bytes: { amd64, arm64 } }, before)).toEqual(
      sentences.map((sentence) => expect.stringContaining(sentence)),
    );
  });
});
