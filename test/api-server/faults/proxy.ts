// Between the operator and its API server: sees every request, and can delay, refuse, cut off or withhold. Ends
// TLS with the API server's own certificate, so the operator's kubeconfig differs in its port alone.
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request, createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestCluster } from '../cluster.ts';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly isWatch: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What the operator was answered, also in the middle of a watch; 0 while it waits, or when it never was. */
  status: number;
}

export interface Fault {
  readonly delayMs?: number;
  /** Waits at the proxy until this resolves, and then passes. */
  readonly heldUntil?: Promise<unknown>;
  /** Answered in the API server's place. */
  readonly answer?: { readonly status: number; readonly retryAfter?: string };
  /** The request is carried out, then this is called, and the operator never hears of it. */
  readonly withhold?: () => void;
}

/** What happens to a request; undefined: it passes. */
export type Rule = (seen: Seen) => Fault | undefined;

export interface FaultProxy {
  /** The operator's, leading through here. */
  readonly kubeconfig: string;
  readonly url: string;
  readonly seen: readonly Seen[];
  /** Replaces the rule; none lets everything pass. */
  set(rule?: Rule): void;
  /** How many watches are open. */
  openWatches(): number;
  /** Cuts every open watch in the middle of a line; how many there were. */
  cutWatches(): number;
  /** Every open watch stays open and brings nothing any more, as from a machine without power; how many there were. */
  hangWatches(): number;
  /** Sends a line of its own into every open watch whose path has this text; how many there are. */
  inject(path: string, event: object): number;
  close(): Promise<void>;
}

interface Stream {
  readonly path: string;
  readonly response: ServerResponse;
  /** What the API server sends from now on is lost, its end included. */
  hang(): void;
}

const message = (status: number): string =>
  JSON.stringify({ kind: 'Status', code: status, message: `fault ${status}` });

/** The code of an error that is sent as the event of a watch. */
function toldStatus(chunk: Buffer): number | undefined {
  const [, code] = /^\{"type":"ERROR".*"code":(\d+)/m.exec(chunk.toString()) ?? [];
  return code === undefined ? undefined : Number(code);
}

class Proxy {
  readonly seen: Seen[] = [];
  readonly streams = new Set<Stream>();
  rule: Rule | undefined;
  readonly #cluster: TestCluster;
  readonly agent: Agent;

  constructor(cluster: TestCluster) {
    this.#cluster = cluster;
    this.agent = new Agent({ keepAlive: true, ca: readFileSync(cluster.api.caFile) });
  }

  async handle(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = asked.url ?? '';
    const isWatch = path.includes('watch=true');
    const seen: Seen = { method: asked.method ?? '', path, isWatch, at: Date.now(), status: 0 };
    this.seen.push(seen);
    const { delayMs = 0, heldUntil, answer, withhold } = this.rule?.(seen) ?? {};
    if (delayMs > 0) {
      await sleep(delayMs);
    }
    await heldUntil;
    if (answer !== undefined) {
      seen.status = answer.status;
      response.writeHead(answer.status, {
        'content-type': 'application/json',
        ...(answer.retryAfter !== undefined && { 'retry-after': answer.retryAfter }),
      });
      response.end(message(answer.status));
      return;
    }
    this.#forward(asked, response, { seen, withhold });
  }

  #forward(
    asked: IncomingMessage,
    response: ServerResponse,
    { seen, withhold }: { readonly seen: Seen; readonly withhold: (() => void) | undefined },
  ): void {
    const { host: _, ...headers } = asked.headers;
    const options = { method: seen.method, headers, agent: seen.isWatch ? undefined : this.agent };
    const ca = readFileSync(this.#cluster.api.caFile);
    const sent = request(`${this.#cluster.api.url}${seen.path}`, { ...options, ca }, (answer) => {
      if (withhold !== undefined) {
        answer.resume();
        withhold();
        response.destroy();
        return;
      }
      seen.status = answer.statusCode ?? 0;
      response.writeHead(seen.status, answer.headers);
      const hang = (): void => void answer.unpipe(response).resume();
      const stream = { path: seen.path, response, hang };
      if (seen.isWatch) {
        this.streams.add(stream);
        answer.on('data', (chunk: Buffer) => (seen.status = toldStatus(chunk) ?? seen.status));
      }
      // A watch without events must be open all the same.
      response.flushHeaders();
      answer.on('close', () => this.streams.delete(stream));
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    sent.on('error', () => response.destroy());
    response.on('close', () => sent.destroy());
    asked.pipe(sent);
  }
}

/** Starts a proxy before the API server of a cluster. */
export async function startFaultProxy(cluster: TestCluster): Promise<FaultProxy> {
  const proxy = new Proxy(cluster);
  const file = (name: string): Buffer => readFileSync(join(cluster.api.dir, name));
  const server = createServer(
    { key: file('apiserver.key'), cert: file('apiserver.crt') },
    (asked, response) => void proxy.handle(asked, response),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const kubeconfig = join(cluster.api.dir, `proxied-${port}.kubeconfig`);
  const direct = readFileSync(cluster.kubeconfig, 'utf8');
  const url = `https://127.0.0.1:${port}`;
  writeFileSync(kubeconfig, direct.replace(cluster.api.url, url));
  return {
    kubeconfig,
    url,
    seen: proxy.seen,
    set: (rule) => void (proxy.rule = rule),
    openWatches: () => proxy.streams.size,
    cutWatches() {
      const open = [...proxy.streams];
      for (const { response } of open) {
        response.write('{"type":"MODIFIED","object":{"metadata":{"na', () => response.destroy());
      }
      return open.length;
    },
    hangWatches() {
      const open = [...proxy.streams];
      open.forEach((stream) => stream.hang());
      return open.length;
    },
    inject(path, event) {
      const open = [...proxy.streams].filter((stream) => stream.path.includes(path));
      open.forEach(({ response }) => response.write(`${JSON.stringify(event)}\n`));
      return open.length;
    },
    async close() {
      proxy.agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Requests since a moment, as one line: `GET 3, PATCH 2, watch 7`. */
export function describeTraffic(seen: readonly Seen[]): string {
  const counts = new Map<string, number>();
  for (const { method, isWatch } of seen) {
    const what = isWatch ? 'watch' : method;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => `${what} ${count}`).join(', ') || 'none';
}

const electionLease = /\/leases\/kube-vip-operator/;

// Questions that are asked by POST, or with a write that is not carried out.
const question = /^\/apis\/authorization\.k8s\.io|[?&]dryRun=/;

/** Writes about what the operator works on; its own Lease and Events are not among them. */
export const isWrite = ({ method, path }: Seen): boolean =>
  method !== 'GET' && !electionLease.test(path) && !question.test(path) && !path.includes('/events');
