import { afterEach, describe, expect, it } from '@jest/globals';
import { EventEmitter } from 'node:events';
import { createServer as createHttp, request, type ClientRequest } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { askLivez, type MakeRequest } from '../../src/cluster/livez.ts';

const open: Server[] = [];

async function listen(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const answering = (status: number): Promise<number> =>
  listen(createHttp((_, response) => response.writeHead(status).end()));

const address = '127.0.0.1';
const limits = { timeoutMs: 1000, answerMs: 200 };
const plain: MakeRequest = (options) => request(options);
/** A request that is never connected; with a code it fails. */
const played =
  (code?: string): MakeRequest =>
  () => {
    const asked = Object.assign(new EventEmitter(), { destroy: () => undefined, end: () => undefined });
    if (code !== undefined) {
      setImmediate(() => asked.emit('error', Object.assign(new Error(code), { code })));
    }
    return asked as unknown as ClientRequest;
  };

afterEach(() => open.splice(0).forEach((server) => server.close()));

describe('askLivez', () => {
  it.each([
    ['takes 200 for alive', 200, 'alive', ''],
    ['takes 401 for alive: it answers', 401, 'alive', ''],
    ['takes 500 for dead', 500, 'dead', '/livez says HTTP 500'],
    ['takes 503 for dead', 503, 'dead', '/livez says HTTP 503'],
  ])('%s', async (_, status, kind, detail) => {
    const port = await answering(status);
    await expect(askLivez({ address, port }, limits, plain)).resolves.toEqual({ kind, detail });
  });

  it('takes any word for alive, also of a listener that speaks no TLS', async () => {
    const port = await answering(500);
    await expect(askLivez({ address, port }, limits)).resolves.toMatchObject({ kind: 'alive' });
  });

  it('does not take a connection that the kernel accepts for alive, when nothing is said on it', async () => {
    const port = await listen(createServer());
    await expect(askLivez({ address, port }, limits)).resolves.toEqual({
      kind: 'dead',
      detail:
        'connections are accepted and then nothing is said within 200 ms: it hangs, is stopped, or has far too much to do',
    });
  });

  it('nor one that is closed at once', async () => {
    const port = await listen(createServer((socket) => socket.destroy()));
    await expect(askLivez({ address, port }, limits)).resolves.toEqual({
      kind: 'dead',
      detail: 'connections are accepted and closed without an answer',
    });
  });

  it('waits for an answer longer than for a connection', async () => {
    const slow = createHttp((_, response) => setTimeout(() => response.writeHead(200).end(), 100));
    const port = await listen(slow);
    const answer = askLivez({ address, port }, { timeoutMs: 50, answerMs: 1000 }, plain);
    await expect(answer).resolves.toMatchObject({ kind: 'alive' });
  });

  it('takes a refusal for dead', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    await expect(askLivez({ address, port }, limits)).resolves.toEqual({
      kind: 'dead',
      detail: 'the connection is refused',
    });
  });

  it.each([
    ['EHOSTUNREACH', 'silent'],
    ['ETIMEDOUT', 'silent'],
    ['ENETUNREACH', 'blind'],
    ['EACCES', 'blind'],
  ])('takes %s for %s', async (code, kind) => {
    await expect(askLivez({ address, port: 1 }, limits, played(code))).resolves.toMatchObject({ kind });
  });

  it('takes it for silent when nobody answers in time', async () => {
    await expect(
      askLivez({ address, port: 1 }, { timeoutMs: 50, answerMs: 5000 }, played()),
    ).resolves.toEqual({
      kind: 'silent',
      detail: 'no answer within 50 ms',
    });
  });
});
