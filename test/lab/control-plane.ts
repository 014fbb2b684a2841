// Command lines of the control plane's programs, and the question whether an API server is ready. Both the
// API tests and the lab start their control plane from here.
import { readFileSync } from 'node:fs';
import { request, type Agent } from 'node:https';
import { join } from 'node:path';
import type { Credentials } from './credentials.ts';
import type { Binaries } from './tools.ts';

export interface ControlPlane {
  readonly binaries: Binaries;
  readonly credentials: Credentials;
  /** Where state is kept. */
  readonly dir: string;
  readonly etcdPorts: { readonly client: number; readonly peer: number };
  readonly api: { readonly bind: string; readonly advertise: string; readonly port: number };
  readonly serviceRange: string;
}

export interface Member {
  readonly name: string;
  readonly address: string;
}

/** etcd, on the loopback of wherever it is started. Its data is thrown away, so it never waits for the disk. */
export function etcdCommand({ binaries, dir, etcdPorts }: ControlPlane): string[] {
  const client = `http://127.0.0.1:${etcdPorts.client}`;
  const peer = `http://127.0.0.1:${etcdPorts.peer}`;
  return command(binaries, 'etcd', {
    name: 'lab',
    'data-dir': join(dir, 'etcd'),
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `lab=${peer}`,
    'unsafe-no-fsync': 'true',
    'log-level': 'warn',
  });
}

/**
 * A member of an etcd on several nodes. Its times are long enough for three of them on two cores: a member
 * that is merely slow must not lose its leader.
 */
export function etcdMemberCommand(
  { binaries, dir, etcdPorts }: ControlPlane,
  member: Member,
  all: readonly Member[],
): string[] {
  const peer = ({ address }: Member) => `http://${address}:${etcdPorts.peer}`;
  const client = `http://${member.address}:${etcdPorts.client}`;
  return command(binaries, 'etcd', {
    name: member.name,
    'data-dir': join(dir, 'etcd'),
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer(member),
    'initial-advertise-peer-urls': peer(member),
    'initial-cluster': all.map((row) => `${row.name}=${peer(row)}`).join(','),
    // Slower than etcd's default, for busy machines, and not by much: what was on its way to a leader that dies is
    // answered after 5 s and two of these timeouts, and kube-vip has 10 s to renew its Lease.
    'heartbeat-interval': '150',
    'election-timeout': '1500',
    'unsafe-no-fsync': 'true',
    'log-level': 'warn',
  });
}

/** The API server, with the admission and authorization of a real one. */
export function apiServerCommand(
  plane: ControlPlane,
  extra: Readonly<Record<string, string>> = {},
): string[] {
  const { binaries, credentials, etcdPorts, api, serviceRange, dir } = plane;
  const file = (name: string) => join(credentials.dir, name);
  return command(binaries, 'kube-apiserver', {
    'etcd-servers': `http://127.0.0.1:${etcdPorts.client}`,
    'bind-address': api.bind,
    'advertise-address': api.advertise,
    'secure-port': String(api.port),
    'service-cluster-ip-range': serviceRange,
    'authorization-mode': 'Node,RBAC',
    'token-auth-file': credentials.tokenFile,
    'client-ca-file': credentials.caFile,
    'tls-cert-file': file('apiserver.crt'),
    'tls-private-key-file': file('apiserver.key'),
    'kubelet-client-certificate': file('kubelet-client.crt'),
    'kubelet-client-key': file('kubelet-client.key'),
    'kubelet-preferred-address-types': 'InternalIP',
    'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
    'service-account-key-file': file('sa.pub'),
    'service-account-signing-key-file': file('sa.key'),
    'allow-privileged': 'true',
    'cert-dir': dir,
    ...extra,
  });
}

export function controllerManagerCommand(plane: ControlPlane, kubeconfig: string): string[] {
  return command(plane.binaries, 'kube-controller-manager', {
    kubeconfig,
    'authentication-kubeconfig': kubeconfig,
    'authorization-kubeconfig': kubeconfig,
    'service-account-private-key-file': join(plane.credentials.dir, 'sa.key'),
    'root-ca-file': plane.credentials.caFile,
    'use-service-account-credentials': 'true',
    // With the default rate its controllers take four seconds to start.
    'kube-api-qps': '500',
    'kube-api-burst': '1000',
    'leader-elect': 'false',
    'bind-address': '127.0.0.1',
    'cert-dir': plane.dir,
  });
}

export function schedulerCommand(plane: ControlPlane, kubeconfig: string): string[] {
  return command(plane.binaries, 'kube-scheduler', {
    kubeconfig,
    'authentication-kubeconfig': kubeconfig,
    'authorization-kubeconfig': kubeconfig,
    'leader-elect': 'false',
    'bind-address': '127.0.0.1',
    'cert-dir': plane.dir,
  });
}

function command(binaries: Binaries, name: string, flags: Readonly<Record<string, string>>): string[] {
  const binary = binaries[name];
  if (binary === undefined) throw new RangeError(`${name} is not among the lab's programs`);
  return [binary, ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)];
}

/** Whether the API server answers that it is ready; throws when nothing answers. */
export const isReady = async (url: string, credentials: Credentials) =>
  (await ask(`${url}/readyz`, credentials)).status === 200;

/** How a question is asked. */
export interface AskOptions {
  /** When to give up. Default: 1000. */
  readonly timeoutMs?: number;
  /** Whose connections it may use. Default: none, so that it makes its own. */
  readonly agent?: Agent | false;
  /** What is sent, with a POST. Default: nothing, with a GET. */
  readonly body?: object;
}

/** One request as administrator: a tenth of the processor time of a kubectl. */
export function ask(
  url: string,
  credentials: Pick<Credentials, 'caFile' | 'adminToken'>,
  { timeoutMs = 1000, agent = false, body: sent }: AskOptions = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = {
      method: sent === undefined ? 'GET' : 'POST',
      ca: readFileSync(credentials.caFile),
      headers: {
        authorization: `Bearer ${credentials.adminToken}`,
        ...(sent !== undefined && { 'content-type': 'application/json' }),
      },
      timeout: timeoutMs,
      agent,
    };
    const asked = request(url, options, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    asked.on('error', (error: NodeJS.ErrnoException) =>
      // The other side may close a connection while it is not used.
      sent === undefined && asked.reusedSocket && error.code === 'ECONNRESET'
        ? resolve(ask(url, credentials, { timeoutMs }))
        : reject(error),
    );
    asked.end(sent && JSON.stringify(sent));
  });
}
