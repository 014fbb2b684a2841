// Keys, certificates, tokens and kubeconfigs of a cluster. Components use static tokens: only the API
// server itself, and its way to the kubelets, need certificates.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { run } from './process.ts';

/** Files of a cluster's credentials, all in one folder. */
export interface Credentials {
  readonly dir: string;
  readonly caFile: string;
  readonly tokenFile: string;
  readonly adminToken: string;
  /** Token of a user that was asked for. */
  tokenOf(user: string): string;
}

export interface User {
  readonly name: string;
  readonly group?: string;
}

/** Makes everything that a control plane needs; `names` are the DNS names and addresses of its certificate. */
export async function makeCredentials(
  dir: string,
  names: readonly string[],
  users: readonly User[] = [],
): Promise<Credentials> {
  writeServiceAccountKeys(dir);
  writeTokens(dir, [{ name: 'admin', group: 'system:masters' }, ...users]);
  // An empty configuration, so that the distribution's defaults add nothing.
  writeFileSync(join(dir, 'openssl.cnf'), '[req]\ndistinguished_name=dn\n[dn]\n');
  await certify(dir, 'ca', ['-subj', '/CN=lab-ca', '-addext', 'basicConstraints=critical,CA:TRUE']);
  const san = names.map((name) => `${isIP(name) === 0 ? 'DNS' : 'IP'}:${name}`).join(',');
  const signed = ['-CA', join(dir, 'ca.crt'), '-CAkey', join(dir, 'ca.key')];
  const leaf = [...signed, '-addext', 'basicConstraints=CA:FALSE'];
  await Promise.all([
    certify(dir, 'apiserver', [...leaf, '-subj', '/CN=kube-apiserver', '-addext', `subjectAltName=${san}`]),
    // What the API server shows to kubelets, for logs and exec.
    certify(dir, 'kubelet-client', [...leaf, '-subj', '/O=system:masters/CN=kube-apiserver']),
  ]);
  return readCredentials(dir);
}

/** The credentials that {@link makeCredentials} left in a folder, or in the folder that this one is a copy of. */
export function readCredentials(dir: string): Credentials {
  const tokenFile = join(dir, 'tokens.csv');
  const rows = readFileSync(tokenFile, 'utf8')
    .split('\n')
    .map((row) => row.split(','));
  const tokenOf = (user: string) => {
    const [token] = rows.find(([, name]) => name === user) ?? [];
    if (token === undefined) throw new RangeError(`no token was made for ${user}`);
    return token;
  };
  return { dir, caFile: join(dir, 'ca.crt'), tokenFile, adminToken: tokenOf('admin'), tokenOf };
}

function writeServiceAccountKeys(dir: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(dir, 'sa.key'), privateKey.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 });
  writeFileSync(join(dir, 'sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
}

function writeTokens(dir: string, users: readonly User[]): void {
  const rows = users.map(({ name, group }) => {
    const token = randomBytes(16).toString('hex');
    return `${token},${name},${name}${group ? `,${group}` : ''}`;
  });
  writeFileSync(join(dir, 'tokens.csv'), `${rows.join('\n')}\n`, { mode: 0o600 });
}

/** A key and a certificate of its own, with more arguments of `openssl req`. */
export async function certify(dir: string, name: string, args: readonly string[]): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'];
  const files = ['-keyout', join(dir, `${name}.key`), '-out', join(dir, `${name}.crt`)];
  await run(['openssl', 'req', '-x509', '-config', join(dir, 'openssl.cnf'), ...key, ...files, ...args]);
}

export interface KubeconfigOptions {
  readonly server: string;
  readonly caFile: string;
  readonly token: string;
  readonly namespace?: string;
}

/** Writes a kubeconfig with one user; returns its path. */
export function writeKubeconfig(file: string, options: KubeconfigOptions): string {
  const { server, caFile, token, namespace = 'default' } = options;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'lab',
    clusters: [{ name: 'lab', cluster: { server, 'certificate-authority': caFile } }],
    users: [{ name: 'lab', user: { token } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab', namespace } }],
  };
  writeFileSync(file, stringify(config), { mode: 0o600 });
  return file;
}
