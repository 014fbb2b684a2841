// A machine that loses its power closes no connection: only its silence tells. So the kernel asks it every second, which is no
// request, and after three questions without an answer the connection has ended with ETIMEDOUT.
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const idleMs = 1000;
const intervalMs = 1000;
const questions = 3;

let isOn = false;

/** Has the peer of a connection asked whether it is there. */
export function askWhetherThere(socket: Socket): void {
  socket.setKeepAlive(true, idleMs, intervalMs, questions);
}

/** Has the peer of every connection to an API server asked whether it is there. */
export function keepAlive(): void {
  if (isOn) {
    return;
  }
  isOn = true;
  // client-node makes the connections, and has no setting for this.
  subscribe('undici:client:connected', (message) => {
    askWhetherThere((message as { readonly socket: Socket }).socket);
  });
}
