import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { makeLogger } from '../src/logger.ts';
import type { LogLevel } from '../src/options.ts';

/** What is written when something is logged. */
async function written(
  isTerminal: boolean,
  fields: object,
  level: LogLevel = 'info',
): Promise<readonly string[]> {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  const log = await makeLogger(level, { isTerminal, stream });
  log.child({ kubeVipConfig: 'edge' }).info(fields, 'step done');
  return lines;
}

const secret = 'do-not-print';

describe('makeLogger', () => {
  it('writes one line of JSON: level in words, time as RFC 3339, message, fields of the object', async () => {
    const lines = await written(false, { step: 'apply' });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      kubeVipConfig: 'edge',
      step: 'apply',
      msg: 'step done',
    });
  });

  it('writes one line for people on a terminal, at once', async () => {
    const lines = await written(true, { step: 'apply' });
    expect(lines).toHaveLength(1);
    expect(stripVTControlCharacters(lines[0] ?? '')).toMatch(
      /^\[\d\d:\d\d:\d\d\] INFO: step done \{"kubeVipConfig":"edge","step":"apply"\}\n$/,
    );
  });

  it('is silent below its level', async () => {
    expect(await written(false, {}, 'warn')).toEqual([]);
  });

  it.each<[string, object]>([
    ['a token', { token: secret }],
    ['a token of a user', { user: { token: secret } }],
    ['a password', { user: { password: secret } }],
    ['a header', { request: { headers: { Authorization: `Bearer ${secret}` } } }],
    ['a header in lower case', { headers: { authorization: `Bearer ${secret}` } }],
  ])('never prints %s', async (_, fields) => {
    for (const isTerminal of [true, false]) {
      const text = (await written(isTerminal, fields)).join('');
      expect(text).not.toContain(secret);
      expect(text).toContain('redacted');
    }
  });
});
