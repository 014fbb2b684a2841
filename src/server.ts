// /healthz and /readyz, the two questions that the kubelet asks, and /metrics on a port of its own.
import { createServer, type Server } from 'node:http';

/** The two questions of the kubelet, asked anew for each request. */
export interface Health {
  /** Why the process should be restarted, or undefined. */
  readonly broken: () => string | undefined;
  /** Why it cannot do its work yet, or undefined. */
  readonly notReady: () => string | undefined;
}

/** Listens on a port; 0 picks a free one. */
export function serveHealth(health: Health, port: number): Server {
  const questions: Readonly<Record<string, () => string | undefined>> = {
    '/healthz': health.broken,
    '/readyz': health.notReady,
  };
  const server = createServer((request, response) => {
    const ask = questions[request.url ?? ''];
    const trouble = ask ? ask() : 'expected /healthz or /readyz';
    response.writeHead(trouble === undefined ? 200 : ask ? 503 : 404, { 'content-type': 'text/plain' });
    response.end(`${trouble ?? 'ok'}\n`);
  });
  server.listen(port);
  return server;
}

/** What /metrics serves. */
export interface Metrics {
  readonly contentType: string;
  readonly read: () => Promise<string>;
}

/** Listens on a port; 0 picks a free one. */
export function serveMetrics({ contentType, read }: Metrics, port: number): Server {
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    };
    if (request.url?.split('?')[0] !== '/metrics') {
      answer(404, 'text/plain', 'expected /metrics\n');
      return;
    }
    read().then(
      (text) => answer(200, contentType, text),
      (error: unknown) => answer(500, 'text/plain', `${String(error)}\n`),
    );
  });
  server.listen(port);
  return server;
}
