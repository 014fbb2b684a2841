// Whether anybody answers at an address, by one TCP connection. The one place that dials anything but the API server.
import { connect, type Socket } from 'node:net';
import type { DialAnswer, Target } from '../observed/snapshot.ts';
import { told } from './connection-errors.ts';

/** Opens a connection; replaced in tests. */
export type Open = (target: { readonly host: string; readonly port: number }) => Socket;

/**
 * Dials once and hangs up.
 * @returns `silent` also when nothing came back within `timeoutMs`. Never rejects.
 */
export function dial(
  { address, port }: Target,
  timeoutMs: number,
  open: Open = connect,
): Promise<DialAnswer> {
  return new Promise((resolve) => {
    const socket = open({ host: address, port });
    const timer = setTimeout(() => end('silent'), timeoutMs);
    const end = (answer: DialAnswer): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => end('answers'));
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => end(told(code).answer));
  });
}
