// What must not be logged: made by the libraries themselves, for their words are what is recognised.
import { describe, expect, it } from '@jest/globals';
import { KubeConfig, type User } from '@kubernetes/client-node';
import { explain } from '../../src/cluster/errors.ts';
import { Http } from '../../src/cluster/http.ts';
import { withoutSecrets } from '../../src/cluster/secrets.ts';

const pem = `-----BEGIN PRIVATE KEY-----\n${'hunter2'.repeat(100)}\n-----END PRIVATE KEY-----\n`;
const base64 = Buffer.from(pem).toString('base64');
const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.aHVudGVyMg';

/** What is logged of a request that cannot be sent, because of its user. */
async function saidOf(user: Partial<User>, server = 'https://127.0.0.1:1'): Promise<string> {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser({ name: 'c', server, skipTLSVerify: true }, { name: 'u', ...user });
  const http = new Http(kubeConfig, () => 0);
  return http.send({ method: 'GET', path: '/version' }).then(
    () => 'sent',
    (error: unknown) => explain(error).cause,
  );
}

const printing = (text: string): Partial<User> => ({
  exec: { command: process.execPath, args: ['-e', `console.log(${JSON.stringify(text)})`] },
});

describe('what is said of a request that cannot be sent', () => {
  it.each<[string, Partial<User>, RegExp]>([
    ['has no token of two lines', { token: 'hunter2\nhunter2' }, /is an invalid header value/],
    ['has nothing of an exec plugin that prints no JSON', printing('hunter2'), /not valid JSON/],
    [
      'has nothing of one that prints bad JSON',
      printing(`{"status": {"token": hunter2}, "more": "${'x'.repeat(99)}"}`),
      /not valid JSON/,
    ],
    ['has no key where a file is named', { keyFile: `/none/${pem}` }, /ENOENT|ENAMETOOLONG/],
    ['has no key in base64 there', { keyFile: `/none/${base64}` }, /ENOENT|ENAMETOOLONG/],
    [
      'has no token where a file is named',
      { authProvider: { name: 'tokenFile', config: { tokenFile: `/none/${jwt}` } } },
      /ENOENT/,
    ],
  ])('%s', async (_, user, expected) => {
    const said = await saidOf(user);
    expect(said).toMatch(expected);
    expect(said).not.toMatch(/hunter2|LS0t|aHVudGVyMg|eyJ/);
  });

  it('has no password of the URL', async () => {
    const said = await saidOf({}, 'https://jane:hunter2@127.0.0.1:1');
    expect(said).toMatch(/includes credentials: https:\/\/\(redacted\)@127/);
  });
});

describe('withoutSecrets', () => {
  it.each([
    'GET /api/v1/pods: 500 etcdserver: no leader',
    "ENOENT: no such file or directory, open '/root/.kube/client.key'",
    'image "ghcr.io/kube-vip/kube-vip:v1.1.2@sha256:0123456789abcdef" is not allowed',
    'Unexpected end of JSON input',
    'spec.address: "https://10.0.0.1/a@b" is no address',
  ])('leaves alone: %s', (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });

  it('removes each of two keys, and keeps what is between them', () => {
    expect(withoutSecrets(`a ${pem}b ${pem}c`)).toMatch(/^a \(redacted\)\s+b \(redacted\)\s+c$/);
  });
});
