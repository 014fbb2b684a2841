import { once, EventEmitter } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { dial } from '../../src/cluster/dial.ts';
import type { DialAnswer } from '../../src/observed/snapshot.ts';

const target = { address: '203.0.113.100', port: 6443 };

/** A socket that nothing but the test moves. */
function fakeSocket() {
  const hung: string[] = [];
  const socket = Object.assign(new EventEmitter(), { destroy: () => hung.push('up') });
  return { hung, socket, open: () => socket as unknown as Socket };
}

describe('dial', () => {
  it('hears who listens, and who refuses', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(dial({ address: '127.0.0.1', port }, 2000)).resolves.toBe('answers');
    await new Promise((resolve) => server.close(resolve));
    await expect(dial({ address: '127.0.0.1', port }, 2000)).resolves.toBe('answers');
  });

  it.each<[string, number, DialAnswer]>([
    ['ECONNREFUSED', 0, 'answers'],
    ['ECONNRESET', 0, 'answers'],
    ['EHOSTUNREACH', 3000, 'unreachable'],
    // A kernel that looked for it needs longer.
    ['EHOSTUNREACH', 20, 'blind'],
    ['EHOSTDOWN', 20, 'blind'],
    ['ETIMEDOUT', 3000, 'silent'],
    ['ENETUNREACH', 0, 'blind'],
    ['EACCES', 0, 'blind'],
  ])('takes %s after %d ms for %s', async (code, afterMs, answer) => {
    const { socket, open, hung } = fakeSocket();
    let now = 0;
    const dialled = dial(target, 4000, { open, now: () => now });
    now = afterMs;
    socket.emit('error', Object.assign(new Error(code), { code }));
    await expect(dialled).resolves.toBe(answer);
    expect(hung).toEqual(['up']);
  });

  it('takes nothing for silence, and hangs up', async () => {
    const { open, hung } = fakeSocket();
    await expect(dial(target, 1, { open, now: () => 0 })).resolves.toBe('silent');
    expect(hung).toEqual(['up']);
  });
});
