// Whether an API server answers at an address, as its clients would find it: a connection of its own each time, since a
// kept one would outlive a hand-over. The certificate is not looked at: it is the address that is asked about.
import type { ClientRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { AddressAnswer } from '../observed/address-state.ts';
import { told } from './dial.ts';

/** Makes a request; replaced in tests. */
export type MakeRequest = (options: RequestOptions) => ClientRequest;

const kindOf = { answers: 'dead', unreachable: 'silent', silent: 'silent', blind: 'blind' } as const;

const alive: AddressAnswer = { kind: 'alive', detail: '' };

// The kernel opens connections for a process that is stopped, until its backlog is full: that proves a listener, no more.
const hangs = (ms: number): AddressAnswer => ({
  kind: 'dead',
  detail: `connections are accepted and then nothing is said within ${ms} ms: it hangs, is stopped, or has far too much to do`,
});
const hangsUp: AddressAnswer = {
  kind: 'dead',
  detail: 'connections are accepted and closed without an answer',
};
const silent = (ms: number): AddressAnswer => ({ kind: 'silent', detail: `no answer within ${ms} ms` });
const hangUpCodes = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT'];

const failure = (code: string, isAccepted: boolean): AddressAnswer => {
  if (isAccepted) {
    return hangUpCodes.includes(code) ? hangsUp : alive;
  }
  const { answer, detail } = told(code);
  return { kind: kindOf[answer], detail };
};

/** Milliseconds. */
export type Limits = Readonly<Record<'timeoutMs' | 'answerMs', number>>;

/**
 * Asks `https://address:port/livez` once. Any answer of HTTP but 5xx is alive, and so is any other word that comes back on
 * a connection: of a listener that is no HTTPS. Never rejects.
 * @param limits `timeoutMs` for the connection, `answerMs` for an answer once it is open.
 */
export function askLivez(
  { address, port }: { readonly address: string; readonly port: number },
  { timeoutMs, answerMs }: Limits,
  makeRequest: MakeRequest = httpsRequest,
): Promise<AddressAnswer> {
  return new Promise((resolve) => {
    let isAccepted = false;
    const asked = makeRequest({
      host: address,
      port,
      path: '/livez',
      agent: false,
      rejectUnauthorized: false,
    });
    const end = (attempt: AddressAnswer): void => {
      clearTimeout(timer);
      asked.destroy();
      resolve(attempt);
    };
    let timer = setTimeout(() => end(silent(timeoutMs)), timeoutMs);
    const accept = (): void => {
      isAccepted = true;
      clearTimeout(timer);
      timer = setTimeout(() => end(hangs(answerMs)), answerMs);
    };
    asked.on('socket', (socket) => socket.on('connect', accept));
    asked.on('response', ({ statusCode = 0 }) =>
      end(statusCode < 500 ? alive : { kind: 'dead', detail: `/livez says HTTP ${statusCode}` }),
    );
    asked.on('error', ({ code = 'an unknown error' }: NodeJS.ErrnoException) =>
      end(failure(code, isAccepted)),
    );
    asked.end();
  });
}
