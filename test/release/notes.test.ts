import { describe, expect, it } from '@jest/globals';
import { notesOf, versionsIn } from '../../release/notes.ts';

const changelog = '# Changes\n\n## 0.10.0 (2026-12-01)\n\nTen.\n\n### More\n\n- a\n\n## 0.1.0\n\nOne.\n';

describe('the notes of a release', () => {
  it.each([
    ['0.1.0', 'One.\n'],
    ['0.10.0', 'Ten.\n\n### More\n\n- a\n'],
    ['0.2.0', ''],
    ['0.1', ''],
  ])('of %s are its section alone', (version, notes) => {
    expect(notesOf(changelog, version)).toBe(notes);
  });

  it('are found by the headings of versions', () => {
    expect(versionsIn(changelog)).toEqual(['0.10.0', '0.1.0']);
  });
});
