// A TCP proxy in front of the API server: a network that swallows what is sent, or never answers.
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** `deaf`: nothing of the client arrives, what the server sends does. `mute`: new and old connections carry nothing. */
export type Mode = 'open' | 'deaf' | 'mute';

export interface Proxy {
  readonly port: number;
  set(mode: Mode): void;
  /** Breaks every connection. */
  cut(): void;
  /** A kubeconfig like this one, by way of the proxy. */
  kubeconfig(path: string): string;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

function apply(mode: Mode, { client, server }: Pair): void {
  client[mode === 'open' ? 'resume' : 'pause']();
  server[mode === 'mute' ? 'pause' : 'resume']();
}

/** Listens on a free port of the loopback interface. */
export async function startProxy(url: string, address = '127.0.0.1'): Promise<Proxy> {
  const { hostname, port } = new URL(url);
  const pairs = new Set<Pair>();
  let mode: Mode = 'open';
  const listener = createServer((client) => {
    const server = connect(Number(port), hostname);
    const pair = { client, server };
    pairs.add(pair);
    client.pipe(server);
    server.pipe(client);
    apply(mode, pair);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        other.destroy();
        pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, address, resolve));
  const own = (listener.address() as AddressInfo).port;
  const cut = (): void => pairs.forEach(({ client }) => client.destroy());
  return {
    port: own,
    cut,
    set(next) {
      mode = next;
      pairs.forEach((pair) => apply(next, pair));
    },
    kubeconfig(path) {
      const file = `${path}-by-proxy`;
      writeFileSync(
        file,
        readFileSync(path, 'utf8').replace(/server: .*/, `server: https://${address}:${own}`),
      );
      return file;
    },
    async close() {
      const closed = new Promise((resolve) => listener.close(resolve));
      cut();
      await closed;
    },
  };
}
