// Which ports of a node are taken.
import { createServer } from 'node:net';

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EADDRINUSE'));
    // All addresses of both families, as kube-vip listens.
    server.listen(port, () => server.close(() => resolve(false)));
  });
}

/** Of some TCP ports, those that something listens on. */
export async function takenPorts(ports: readonly number[]): Promise<readonly number[]> {
  const taken = await Promise.all(ports.map(isTaken));
  return ports.filter((_, index) => taken[index]);
}
