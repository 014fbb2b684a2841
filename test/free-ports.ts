// Ports for processes that tests start. Between the moment that one is found free and the moment that its process
// listens nobody else may be given it: neither another worker, nor a connection that somebody opens.
import { createServer } from 'node:net';

export interface PortRange {
  readonly first: number;
  readonly count: number;
}

// Together below 32768, where the ports begin that the kernel gives away (net.ipv4.ip_local_port_range).
const [first, count, workers] = [12_000, 1000, 16];

/** Ports that are those of one worker of jest alone; 0 is who runs without jest. */
export const rangeOf = (worker: number): PortRange => ({ first: first + (worker % workers) * count, count });

/** Whether a process could listen at a port, on every address. */
export function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

/** Gives the free ports of a range in turn, so that none is given twice soon; `start` is where it begins. */
export function portGiver(range: PortRange, start: number, isUsable = isFree) {
  let next = start;
  return async (wanted: number): Promise<number[]> => {
    const found: number[] = [];
    for (let tried = 0; found.length < wanted; tried += 1) {
      if (tried === range.count) {
        const last = range.first + range.count - 1;
        throw new Error(
          `ports: expected ${wanted} free from ${range.first} to ${last}, found ${found.length}; end what listens there`,
        );
      }
      const port = range.first + (next % range.count);
      next += 1;
      if (await isUsable(port)) {
        found.push(port);
      }
    }
    return found;
  };
}

const ownRange = rangeOf(Number(process.env['JEST_WORKER_ID'] ?? 0));

/** Ports that are free, all different. Begins anywhere: the tests of another checkout may run at the same time. */
export const freePorts = portGiver(ownRange, Math.floor(Math.random() * ownRange.count));
