import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  clip,
  headOf,
  list,
  longestHead,
  longestNote,
  message,
  sentences,
  toNote,
  toText,
} from '../../src/api/words.ts';
import './arbitraries.ts';

const word = fc.stringMatching(/^[a-z0-9:.-]{1,70}$/);
const clause = fc.array(word, { minLength: 1, maxLength: 30 }).map((words) => words.join(' '));

describe('list', () => {
  it.each([
    [[], 3, ''],
    [['a', 'b', 'c'], 3, 'a, b, c'],
    [['a', 'b', 'c', 'd'], 3, 'a, b, c and 1 more'],
    [['a', 'b', 'c'], 1, 'a and 2 more'],
  ])('of %j, %i shown, is %s', (names, shown, expected) => {
    expect(list(names, shown)).toBe(expected);
  });
});

describe('sentences', () => {
  it.each([
    ['each end with one full stop', ['a', 'b.'], 'a. b.'],
    ['leave out what is empty', ['', 'a', undefined], 'a.'],
    ['are nothing of nothing', [], ''],
  ])('%s', (_, texts, expected) => {
    expect(sentences(...texts)).toBe(expected);
  });
});

describe('clip', () => {
  it.each([
    ['leaves what fits', 'one two', 7, 'one two'],
    ['cuts between two words', 'one two three', 12, 'one two…'],
    ['leaves no comma behind', 'one, two', 7, 'one…'],
    ['cuts a word that is too long by itself', 'abcdefgh', 5, 'abcd…'],
  ])('%s', (_, text, longest, expected) => {
    expect(clip(text, longest)).toBe(expected);
  });

  it('is never longer than it may be', () => {
    fc.assert(fc.property(clause, fc.integer({ min: 2, max: 200 }), (text, n) => clip(text, n).length <= n));
  });
});

describe('message', () => {
  const long = `${'x'.repeat(60)} on ${'n'.repeat(60)}`;

  it.each<readonly [string, Parameters<typeof message>, string]>([
    ['begins with its head', ['A is so', { detail: 'B', todo: 'do c', also: 'D' }], 'A is so. B. Do c. D.'],
    [
      'says a shorter head where names are long, and the full one behind it',
      [[long, 'A is so']],
      `A is so. ${long}.`,
    ],
    [
      'goes on with what the head leaves out in brackets',
      [[`a is so (the ${long})`, 'a is so']],
      `a is so. The ${long}.`,
    ],
    [
      'goes on with what the head leaves out behind a comma',
      [[`a is so, ${long}`, 'a is so']],
      `a is so. ${long}.`,
    ],
    ['cuts its head where none fits', [long], `${'x'.repeat(60)} on…`],
  ])('%s', (_, parts, expected) => {
    expect(toText(message(...parts)).slice(0, expected.length)).toBe(expected);
  });

  it('has a head that fits, with which the text begins, and which can be read from it again', () => {
    fc.assert(
      fc.property(fc.array(clause, { minLength: 1, maxLength: 3 }), clause, ([first = '', ...rest], todo) => {
        const said = message([first, ...rest], { todo });
        expect(said.head.length).toBeLessThanOrEqual(longestHead);
        expect(toText(said).startsWith(said.head)).toBe(true);
        expect(toNote(said).length).toBeLessThanOrEqual(longestNote);
      }),
    );
  });
});

describe('toNote', () => {
  it.each([
    ['is the head alone where nothing is to be done', message('A'), 'A.'],
    ['leaves out the detail', message('A', { detail: 'B', todo: 'c' }), 'A. C.'],
    [
      'leaves out the orders for which there is no room',
      message('A', { todo: `Do b. ${'C '.repeat(150)}. Do d.` }),
      'A. Do b. Do d.',
    ],
  ])('%s', (_, said, expected) => {
    expect(toNote(said)).toBe(expected);
  });
});

describe('headOf', () => {
  it.each([
    ['is the first sentence', '203.0.113.100: no answer. Expected one.', '203.0.113.100: no answer'],
    ['is all of a text without full stop', 'A is so', 'A is so'],
    ['is cut where an older operator wrote more', `${'abc '.repeat(50)}.`, `${'abc '.repeat(24)}abc…`],
  ])('%s', (_, text, expected) => {
    expect(headOf(text)).toBe(expected);
  });
});
