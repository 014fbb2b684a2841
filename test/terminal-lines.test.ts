import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { forTerminal } from '../src/terminal-lines.ts';

const time = '2026-11-29T12:34:56.789Z';
const shown = (line: object): string =>
  stripVTControlCharacters(forTerminal(JSON.stringify({ level: 'info', time, ...line }))).replace(
    /^\[\d\d:\d\d:56\]/,
    'TIME',
  );

describe('a line for a person', () => {
  it.each<[string, object, string]>([
    ['a message', { msg: 'done' }, 'TIME INFO: done\n'],
    ['no message', {}, 'TIME INFO: \n'],
    ['fields', { msg: 'done', a: 1, b: 'x' }, 'TIME INFO: done {"a":1,"b":"x"}\n'],
    ['another level', { level: 'warn', msg: 'late' }, 'TIME WARN: late\n'],
    ['a level that is new', { level: 'odd', msg: 'x' }, 'TIME ODD: x\n'],
    [
      'an error with a stack',
      { level: 'error', msg: 'failed', err: { type: 'Error', message: 'no', stack: 'Error: no\n at a' } },
      'TIME ERROR: failed {"err":{"type":"Error","message":"no"}}\n    Error: no\n     at a\n',
    ],
    [
      'an error without',
      { msg: 'failed', err: { message: 'no' } },
      'TIME INFO: failed {"err":{"message":"no"}}\n',
    ],
  ])('shows %s', (_, line, text) => {
    expect(shown(line)).toBe(text);
  });
});
