// A server that a test plays: a kubelet, or the API server of a node. Its certificate is the test cluster's.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';

export interface Played {
  readonly status: number;
  readonly body: string;
}

export interface HttpsServer {
  readonly port: number;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** An address of this machine that is not loopback: a spec takes no loopback address. */
export function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((rows) => rows ?? []);
  const found = all.find(({ family, internal }) => family === 'IPv4' && !internal);
  if (found === undefined) {
    throw new Error('expected this machine to have an IPv4 address besides loopback, found none');
  }
  return found.address;
}

/**
 * Listens on every address.
 * @param dir folder of the test cluster's credentials.
 * @param port 0: a free one.
 * @param certificate name of its files there.
 */
export async function playHttps(
  dir: string,
  answer: (path: string, method: string) => Played,
  port = 0,
  certificate = 'apiserver',
): Promise<HttpsServer> {
  const asked: string[] = [];
  const [key, cert] = [`${certificate}.key`, `${certificate}.crt`].map((file) =>
    readFileSync(join(dir, file)),
  );
  const server = createServer(
    { ...(key && { key }), ...(cert && { cert }) },
    ({ url = '', method = '' }, response) => {
      asked.push(url);
      const { status, body } = answer(url, method);
      response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' });
      response.end(body);
    },
  );
  await new Promise<void>((resolve) => server.listen(port, '0.0.0.0', resolve));
  return {
    asked,
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
