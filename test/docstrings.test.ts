// That every exported type, constant, function and class has a sentence directly above that says what it is.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const declaration =
  /^export (?:default )?(?:abstract |async |declare )*(?:interface|type|const|let|function\*?|class) (\w+)/;

/** The text of a docstring that ends directly above a line, on one line. Empty where there is none. */
function docstringAbove(lines: readonly string[], index: number): string {
  if (!lines[index - 1]?.endsWith('*/')) {
    return '';
  }
  const first = lines.findLastIndex((line, at) => at < index && line.startsWith('/**'));
  return lines
    .slice(Math.max(first, 0), index)
    .map((line) => line.replace(/^\/\*\* ?| ?\*\/$|^ \* ?/g, '').trim())
    .join(' ')
    .trim();
}

const words = (text: string): readonly string[] =>
  text
    .replaceAll(/(?<=[a-z])(?=[A-Z])|[^A-Za-z0-9]/g, ' ')
    .toLowerCase()
    .split(' ')
    .filter((word) => word !== '' && !['a', 'an', 'the', 'of', 'is'].includes(word));

/** A sentence begins with a capital, ends with a full stop and says more than the name. */
function isSentence(text: string, name: string): boolean {
  const own = words(name);
  return /^[A-Z`0-9'"<].*[.!?)]$/.test(text) && words(text).some((word) => !own.includes(word));
}

interface Export {
  readonly name: string;
  readonly isTold: boolean;
}

/** What a source exports by a declaration of its own. Overloads of a function count once, by the first. */
function exportsOf(source: string): readonly Export[] {
  const lines = source.split('\n');
  const found = lines.flatMap((line, index) => {
    const name = declaration.exec(line)?.[1];
    return name === undefined ? [] : [{ name, isTold: isSentence(docstringAbove(lines, index), name) }];
  });
  return found.filter(({ name }, index) => found.findIndex((one) => one.name === name) === index);
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('src', name));
const untold = (path: string): readonly string[] =>
  exportsOf(readFileSync(path, 'utf8'))
    .filter(({ isTold }) => !isTold)
    .map(({ name }) => `${path}: ${name}`);

describe('a docstring', () => {
  it.each([
    ['one sentence', '/** What an export is. */\nexport const row = 1;', true],
    ['sentences over lines', '/**\n * What an export\n * is.\n */\nexport interface Row {', true],
    ['none', 'export type Row = string;', false],
    ['one that a blank line keeps apart', '/** What it is. */\n\nexport class Row {', false],
    ['a comment of one line', '// What it is.\nexport function row() {', false],
    ['words that are no sentence', '/** what it is */\nexport async function row() {', false],
    ['the name again', '/** The row. */\nexport const row = 1;', false],
    [
      'the first of two signatures',
      '/** What it does. */\nexport function a(b: 1);\nexport function a(b: 2);',
      true,
    ],
  ])('%s', (_, source, isTold) => {
    expect(exportsOf(source).map((one) => one.isTold)).toEqual([isTold]);
  });
});

describe('every export has a sentence in', () => {
  it.each(files)('%s', (path) => {
    expect(untold(path)).toEqual([]);
  });
});
