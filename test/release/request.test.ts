import { describe, expect, it } from '@jest/globals';
import { refusals, type Request } from '../../release/request.ts';

const fine: Request = {
  version: '0.2.0',
  packageVersion: '0.2.0',
  changelog: '# Changes\n\n## 0.2.0\n\n- More.\n\n## 0.1.0\n\n- First.\n',
  changed: [],
};

describe('a release', () => {
  it('is made of a clean checkout of its version', () => {
    expect(refusals(fine)).toEqual([]);
  });

  it.each<[string, Partial<Request>, string]>([
    [
      'without a version',
      { version: undefined },
      'VERSION: expected a version, found none; run make release VERSION=0.1.0',
    ],
    ['with an empty version', { version: '' }, 'VERSION: expected a version, found none; run make'],
    [
      'of a version with two parts',
      { version: '0.2' },
      'VERSION: expected a semantic version such as 0.1.0, found 0.2; run make release VERSION=0.1.0',
    ],
    [
      'of a version with a v',
      { version: 'v0.2.0' },
      'VERSION: expected a semantic version such as 0.1.0, found v0.2.0; leave out the v',
    ],
    ['of a word', { version: 'next' }, 'found next; run make release VERSION=0.1.0'],
    [
      'of another version than that of the code',
      { packageVersion: '0.1.0' },
      'package.json: expected version 0.2.0, found 0.1.0; run npm version 0.2.0 --no-git-tag-version, and set v0.2.0',
    ],
    [
      'that the changelog does not know',
      { changelog: '# Changes\n\n## Unreleased\n\n- More.\n' },
      'CHANGELOG.md: expected a section "## 0.2.0" with text, found Unreleased; write there',
    ],
    [
      'of which the changelog says nothing',
      { changelog: '# Changes\n\n## 0.2.0\n\n## 0.1.0\n\n- First.\n' },
      'CHANGELOG.md: expected a section "## 0.2.0" with text, found 0.2.0, 0.1.0; write there',
    ],
    [
      'of a changelog without sections',
      { changelog: '# Changes\n' },
      'CHANGELOG.md: expected a section "## 0.2.0" with text, found no section; write there',
    ],
    [
      'while a file differs from the commit',
      { changed: ['src/main.ts'] },
      'work tree: expected no change since the last commit, found src/main.ts; commit or stash it',
    ],
    [
      'while files differ from the commit',
      { changed: ['a', 'b', 'c'] },
      'work tree: expected no change since the last commit, found a and 2 more; commit or stash it',
    ],
  ])('is refused %s', (_, difference, sentence) => {
    expect(refusals({ ...fine, ...difference })).toEqual([expect.stringContaining(sentence)]);
  });

  it('is refused with every reason at once', () => {
    const all = refusals({ ...fine, packageVersion: '1.0.0', changelog: '', changed: ['a'] });
    expect(all.map((sentence) => sentence.split(':')[0])).toEqual([
      'package.json',
      'CHANGELOG.md',
      'work tree',
    ]);
  });
});
