// kubectl and Helm read YAML 1.1, and what writes our files writes YAML 1.2. Where the two differ, Off without quotes is false for one
// and a word for the other: no file that a person applies may depend on who reads it.
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';

const files = globSync(['config/**/*.yaml', 'crds/*.yaml', 'charts/**/crd/*.yaml', 'test/golden/*.yaml']);

// What Helm fills in is text to YAML, and of no matter here.
const withoutActions = (text: string): string =>
  text.replaceAll(/^\s*\{\{.*\}\}\s*$/gm, '').replaceAll(/\{\{.*?\}\}/g, 'x');

const read = (text: string, version: '1.1' | '1.2'): readonly unknown[] =>
  parseAllDocuments(text, { version }).map((document) => document.toJS() as unknown);

describe('YAML 1.1 and 1.2 read alike', () => {
  it.each(files)('%s', (file) => {
    const text = withoutActions(readFileSync(file, 'utf8'));
    expect(read(text, '1.1')).toEqual(read(text, '1.2'));
  });

  it('what is compared, and differs in a word that YAML 1.1 takes for a truth value', () => {
    expect(read('a: Off', '1.1')).not.toEqual(read('a: Off', '1.2'));
    expect(files.length).toBeGreaterThan(100);
  });
});
