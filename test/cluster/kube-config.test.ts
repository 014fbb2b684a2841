import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { User } from '@kubernetes/client-node';
import { accountNamespace } from '../../src/cluster/kube-config.ts';

const dir = mkdtempSync(join(tmpdir(), 'token-'));
const tokenFile = join(dir, 'token');
const tokenOf = (claims: object): string =>
  `header.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
const token = tokenOf({ sub: 'system:serviceaccount:elsewhere:operator' });
writeFileSync(tokenFile, `${token}\n`);

afterAll(() => rmSync(dir, { recursive: true }));

describe('accountNamespace', () => {
  it.each<[string, Partial<User> | undefined, string | undefined]>([
    ['reads the token of a ServiceAccount', { token }, 'elsewhere'],
    [
      'reads it from the file that a pod has',
      { authProvider: { name: 'tokenFile', config: { tokenFile } } },
      'elsewhere',
    ],
    ['knows none of a person', { token: tokenOf({ sub: 'jane' }) }, undefined],
    ['knows none of a token without claims', { token: 'abc' }, undefined],
    ['knows none of a certificate', { certData: 'x' }, undefined],
    [
      'knows none when the file is missing',
      { authProvider: { name: 'tokenFile', config: { tokenFile: join(dir, 'none') } } },
      undefined,
    ],
    ['knows none without a user', undefined, undefined],
  ])('%s', (_, user, expected) => {
    const getCurrentUser = () => (user === undefined ? null : { name: 'x', ...user });
    expect(accountNamespace({ getCurrentUser })).toBe(expected);
  });
});
