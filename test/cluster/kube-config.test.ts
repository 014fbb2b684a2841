import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { User } from '@kubernetes/client-node';
import { explain } from '../../src/cluster/errors.ts';
import { accountNamespace, loadKubeConfig } from '../../src/cluster/kube-config.ts';

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

/** A kubeconfig as people write it, with these lines as its user and this server. */
const kubeConfigOf = (user: string, server = 'https://10.0.0.1:6443'): string => `
clusters: [{ name: c, cluster: { server: "${server}" } }]
contexts: [{ name: x, context: { cluster: c, user: u } }]
current-context: x
users:
  - name: u
    user:
      ${user}
`;

/** What is logged of a kubeconfig that cannot be used. */
function saidOf(text: string): string {
  const path = join(dir, 'config');
  writeFileSync(path, text);
  try {
    loadKubeConfig(path);
    return 'loaded';
  } catch (error) {
    return explain(error).cause;
  }
}

describe('loadKubeConfig', () => {
  const before = process.env['KUBECONFIG'];

  afterAll(() => {
    if (before === undefined) {
      delete process.env['KUBECONFIG'];
    } else {
      process.env['KUBECONFIG'] = before;
    }
  });

  it.each([
    ['a password beside a line that is wrongly indented', 'password: hunter2\n       username: jane'],
    ['a password that is an alias for YAML', 'password: *hunter2'],
    ['a password that is a tag for YAML', 'password: !hunter2'],
    ['a password that is a tag with a handle', 'password: !hunter2!x y'],
    ['a password with an escape that YAML does not know', 'password: "hunter2\\q"'],
    ['a password in JSON that ends too soon', '{"password": "hunter2"'],
    ['two passwords', 'password: hunter2\n      password: hunter2'],
    ['a password before an ending', 'password: hunter2\n      token: "abc'],
  ])('says where it is wrong, and not %s', (_, user) => {
    const said = saidOf(kubeConfigOf(user));
    expect(said).toMatch(/config: expected a kubeconfig in YAML, .*: [a-z ]+ \(line \d+, column \d+\)$/);
    expect(said).not.toContain('hunter2');
  });

  it('names the line and the column as an editor counts them', () => {
    expect(saidOf('a: 1\n  b: 2\n')).toMatch(/: bad indentation of a mapping entry \(line 2, column 4\)$/);
  });

  it.each([
    ['where no https is', 'http://jane:hunter2@10.0.0.1', /an https URL as server, found http:/],
    ['in what is no URL', 'jane:hunter2@', /an https URL as server, found \(redacted\)@/],
    ['that fetch would refuse', 'https://jane:hunter2@10.0.0.1', /without user and password, found https:/],
  ])('does not say the password of a server %s', (_, server, expected) => {
    const said = saidOf(kubeConfigOf('token: abc', server));
    expect(said).toMatch(expected);
    expect(said).not.toContain('hunter2');
  });

  it.each([
    ['a field that is missing', 'contexts: [{ name: x }]', /contexts\[0\]\.context is missing/],
    ['a file that is missing', kubeConfigOf('token-file: /none/token'), /ENOENT: .*'\/none\/token'/],
  ])('still says %s', (_, text, expected) => {
    expect(saidOf(text)).toMatch(expected);
  });

  it('loads one that is right', () => {
    expect(saidOf(kubeConfigOf('token: abc'))).toBe('loaded');
  });
});
