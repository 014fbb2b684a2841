// Whether anybody answers at an address, by one TCP connection. The one place that dials anything but the API server.
import { connect, type Socket } from 'node:net';
import type { DialAnswer, Target } from '../observed/snapshot.ts';

/** What a connection, or its error, tells of the address. */
export interface Told {
  readonly answer: DialAnswer;
  /** Half a sentence. */
  readonly detail: string;
}

const unreachable: Told = { answer: 'unreachable', detail: 'no route to it: nobody answers for its address' };

// Where a packet came back from the address somebody has it, though nobody listens at that port.
const byCode: Readonly<Record<string, Told>> = {
  ECONNREFUSED: { answer: 'answers', detail: 'the connection is refused' },
  ECONNRESET: { answer: 'answers', detail: 'the connection is reset' },
  EHOSTUNREACH: unreachable,
  EHOSTDOWN: unreachable,
  ETIMEDOUT: { answer: 'silent', detail: 'no answer in time' },
};

/** What the code of a connection error says of the address that was dialled. A code that is not known says more of this machine than of the address. */
export const told = (code: string): Told =>
  byCode[code] ?? { answer: 'blind', detail: `${code} where the operator runs` };

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
