// What an error of a TCP connection says of the address that was dialled.
import type { DialAnswer } from '../observed/snapshot.ts';

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

/** By the code of the error; one that is not known says more of this machine than of the address. */
export const told = (code: string): Told =>
  byCode[code] ?? { answer: 'blind', detail: `${code} where the operator runs` };
