// A real etcd and kube-apiserver on free loopback ports, for tests of what the API server does with our
// objects. Needs no root. Nothing runs controllers: a DaemonSet stays as written.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../free-ports.ts';
import { apiServerCommand, ask, etcdCommand, isReady, type ControlPlane } from './control-plane.ts';
import { makeCredentials, readCredentials, writeKubeconfig, type Credentials } from './credentials.ts';
import { isAlive, run, signal, startDaemon, stopDaemon, waitFor, type Daemon } from './process.ts';
import { auditFlags, auditLogIn } from './audit-log.ts';
import { ensureTools, type Binaries, type Log } from './tools.ts';

export interface ApiServerOptions {
  /** Folder for data and logs; a temporary one, removed on stop, when omitted. */
  readonly dir?: string;
  /** Folder that a stopped API server left: this one begins with a copy of its data and its credentials. */
  readonly copyOf?: string;
  /** Write an audit log (one JSON event per line, metadata level) to `auditLog`. */
  readonly audit?: boolean;
  /** Flags of the API server beside those that every test has, for example `feature-gates`. */
  readonly flags?: Readonly<Record<string, string>>;
  readonly log?: Log;
}

export interface ApiServer {
  readonly dir: string;
  readonly url: string;
  readonly caFile: string;
  /** Its etcd, for what would take an API server hours. */
  readonly etcdUrl: string;
  /** Token of a member of system:masters. */
  readonly adminToken: string;
  /** Kubeconfig of that administrator. */
  readonly kubeconfig: string;
  readonly kubectlPath: string;
  /** Where the audit log is, when one is written. */
  readonly auditLog: string;
  /** Runs kubectl as administrator; rejects with what it printed. */
  kubectl(...args: string[]): Promise<string>;
  /** `kubectl apply -f -` as administrator. */
  apply(manifest: string): Promise<string>;
  /** Writes a kubeconfig for a ServiceAccount that exists, with a token from TokenRequest. */
  serviceAccountKubeconfig(namespace: string, name: string): Promise<string>;
  /** Kills the API server; etcd and its data stay. */
  stopApi(): Promise<void>;
  /** Starts it again on the same port and data; waits until it is ready. */
  startApi(): Promise<void>;
  /** Ends the API server and its etcd, does something with the folder of etcd's data, and starts both again. */
  whileDown(act: (etcdDir: string) => Promise<void> | void): Promise<void>;
  /** Freezes the API server: connections stay open, nothing answers. */
  pauseApi(): void;
  resumeApi(): void;
  /** Ends everything and removes the temporary folder. */
  stop(): Promise<void>;
  /** Lets it run without this one; undefined where a test has stopped or frozen it. */
  leave(): LeftApiServer | undefined;
}

/** An API server that {@link ApiServer.leave} left running; survives JSON, so another process can take it. */
export interface LeftApiServer {
  readonly plane: Omit<ControlPlane, 'credentials'>;
  readonly flags: Readonly<Record<string, string>>;
  readonly daemons: Daemons;
}

interface Daemons {
  readonly etcd: Daemon;
  readonly api: Daemon;
}

/** Starts etcd and an API server; the promise resolves when the API server is ready. */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const binaries = await ensureTools(['etcd', 'kubernetes'], options.log);
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'kube-vip-api-'));
  mkdirSync(dir, { recursive: true });
  const credentials = await credentialsIn(dir, options.copyOf);
  const server = new RunningApi(await planeIn(dir, binaries, credentials), options);
  const end = async () => {
    await server.end();
    if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
  };
  try {
    await server.startApi();
  } catch (error) {
    await end();
    throw error;
  }
  return { ...describe(server.plane), ...verbs(server.plane, server), stop: end };
}

/** Takes over an API server in a temporary folder that was left running; its end is that of the new owner's. */
export function takeApiServer({ plane: { dir, ...plane }, flags, daemons }: LeftApiServer): ApiServer {
  const taken = { ...plane, dir, credentials: readCredentials(dir) };
  const server = new RunningApi(taken, { flags }, daemons);
  const stop = async () => {
    await server.end();
    rmSync(dir, { recursive: true, force: true });
  };
  return { ...describe(taken), ...verbs(taken, server), stop };
}

function credentialsIn(dir: string, copyOf?: string): Promise<Credentials> | Credentials {
  if (copyOf === undefined) {
    return makeCredentials(dir, ['127.0.0.1', 'localhost', 'kubernetes.default.svc']);
  }
  cpSync(copyOf, dir, { recursive: true, filter: (file) => !file.endsWith('.log') });
  return readCredentials(dir);
}

async function planeIn(dir: string, binaries: Binaries, credentials: Credentials): Promise<ControlPlane> {
  // Last: what follows at once is that they are listened at.
  const [client = 0, peer = 0, port = 0] = await freePorts(3);
  return {
    binaries,
    credentials,
    dir,
    etcdPorts: { client, peer },
    // Never listened on: the API server only wants an address that is not a loopback one.
    api: { bind: '127.0.0.1', advertise: '192.0.2.1', port },
    // Some tests have hundreds of Services.
    serviceRange: '10.200.0.0/20',
  };
}

const start = (plane: ControlPlane, name: string, command: readonly string[]) =>
  startDaemon({ name, command, logFile: join(plane.dir, `${name}.log`), dieWithParent: true });

class RunningApi {
  readonly plane: ControlPlane;
  private readonly flags: Readonly<Record<string, string>>;
  private etcd: Daemon;
  private api: Daemon | undefined;
  private isUntouched = true;

  constructor(plane: ControlPlane, { audit = false, flags = {} }: ApiServerOptions, running?: Daemons) {
    this.plane = plane;
    this.etcd = running?.etcd ?? start(plane, 'etcd', etcdCommand(plane));
    this.api = running?.api;
    // Without a reconciler the `kubernetes` Service has no endpoints, which nothing here uses.
    this.flags = { 'endpoint-reconciler-type': 'none', ...(audit ? auditFlags(plane.dir) : {}), ...flags };
  }

  async startApi(): Promise<void> {
    const { plane } = this;
    this.api = start(plane, 'kube-apiserver', apiServerCommand(plane, this.flags));
    await waitFor('the API server to be ready', () => isReady(urlOf(plane), plane.credentials), {
      seconds: 180,
      needs: [this.etcd, this.api],
    });
  }

  async stopApi(): Promise<void> {
    this.isUntouched = false;
    if (this.api !== undefined) await stopDaemon(this.api);
  }

  async whileDown(act: (etcdDir: string) => Promise<void> | void): Promise<void> {
    await this.end();
    await act(join(this.plane.dir, 'etcd'));
    this.etcd = start(this.plane, 'etcd', etcdCommand(this.plane));
    await this.startApi();
  }

  signalApi(name: NodeJS.Signals): void {
    this.isUntouched = false;
    if (this.api !== undefined) signal(this.api, name);
  }

  leave(): LeftApiServer | undefined {
    const { plane, flags, etcd, api } = this;
    const { credentials: _, ...rest } = plane;
    const isFit = this.isUntouched && api !== undefined && [etcd, api].every(isAlive);
    return isFit ? { plane: rest, flags, daemons: { etcd, api } } : undefined;
  }

  async end(): Promise<void> {
    await this.stopApi();
    await stopDaemon(this.etcd);
  }
}

const urlOf = (plane: ControlPlane) => `https://127.0.0.1:${plane.api.port}`;

/** A token of a ServiceAccount, good for a day. */
async function tokenOf(plane: ControlPlane, namespace: string, name: string): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const options = { body: { spec: { expirationSeconds: 86_400 } }, timeoutMs: 30_000 };
  const { status, body } = await ask(`${urlOf(plane)}${path}`, plane.credentials, options);
  if (status !== 201) throw new Error(`POST ${path}: expected 201, found ${status}: ${body}`);
  return (JSON.parse(body) as { readonly status: { readonly token: string } }).status.token;
}

function describe(plane: ControlPlane) {
  const { dir, credentials, binaries } = plane;
  const { caFile, adminToken } = credentials;
  const url = urlOf(plane);
  return {
    dir,
    url,
    caFile,
    etcdUrl: `http://127.0.0.1:${plane.etcdPorts.client}`,
    adminToken,
    kubeconfig: writeKubeconfig(join(dir, 'admin.kubeconfig'), { server: url, caFile, token: adminToken }),
    kubectlPath: binaries['kubectl'] ?? '',
    auditLog: auditLogIn(dir),
  };
}

function verbs(plane: ControlPlane, server: RunningApi) {
  const { dir, credentials, binaries } = plane;
  const kubectl = [binaries['kubectl'] ?? '', '--kubeconfig', join(dir, 'admin.kubeconfig')];
  return {
    kubectl: (...args: string[]) => run([...kubectl, ...args]),
    apply: (manifest: string) => run([...kubectl, 'apply', '-f', '-'], { input: manifest }),
    async serviceAccountKubeconfig(namespace: string, name: string): Promise<string> {
      const token = await tokenOf(plane, namespace, name);
      const file = join(dir, `${namespace}-${name}.kubeconfig`);
      const { caFile } = credentials;
      return writeKubeconfig(file, { server: urlOf(plane), caFile, token, namespace });
    },
    stopApi: () => server.stopApi(),
    startApi: () => server.startApi(),
    whileDown: (act: (etcdDir: string) => Promise<void> | void) => server.whileDown(act),
    pauseApi: () => server.signalApi('SIGSTOP'),
    resumeApi: () => server.signalApi('SIGCONT'),
    leave: () => server.leave(),
  };
}
