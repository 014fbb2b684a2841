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

/**
 * A kernel asks for a neighbour three times, a second apart, before it says that there is none. What says so sooner is a firewall
 * or a route, and either knows nothing of the address.
 */
const soonestMs = 500;

/** Opens a connection; replaced in tests. */
export type Open = (target: { readonly host: string; readonly port: number }) => Socket;

/** Where a dial begins and what it is timed by. */
export interface Dialling {
  readonly open: Open;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
}

const steady = (): number => performance.now();

/**
 * Dials once and hangs up.
 * @returns `silent` also when nothing came back within `timeoutMs`, `blind` where `unreachable` came too soon. Never rejects.
 */
export function dial(
  { address, port }: Target,
  timeoutMs: number,
  { open, now }: Dialling = { open: connect, now: steady },
): Promise<DialAnswer> {
  return new Promise((resolve) => {
    const since = now();
    const socket = open({ host: address, port });
    const timer = setTimeout(() => end('silent'), timeoutMs);
    const end = (answer: DialAnswer): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => end('answers'));
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
      const { answer } = told(code);
      end(answer === 'unreachable' && now() - since < soonestMs ? 'blind' : answer);
    });
  });
}
