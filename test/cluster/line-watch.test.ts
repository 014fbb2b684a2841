// A watch as the API server sends it, over a connection of this machine.
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { KubeConfig, type KubernetesObject } from '@kubernetes/client-node';
import { Lines, lineWatch } from '../../src/cluster/line-watch.ts';

describe('Lines', () => {
  it.each<[string, readonly (string | Buffer)[], readonly string[]]>([
    ['gives whole lines', ['a\nb\n'], ['a', 'b']],
    ['keeps the beginning of a line', ['a\nb'], ['a']],
    ['joins pieces', ['a', 'b\nc', 'd\n'], ['ab', 'cd']],
    ['joins a character that was cut in two', [Buffer.from([0xc3]), Buffer.from([0xa9, 0x0a])], ['é']],
    ['gives nothing without a line', ['a'], []],
    ['gives nothing of nothing', [], []],
  ])('%s', (_, pieces, expected) => {
    const lines = new Lines();
    pieces.forEach((piece) => lines.push(Buffer.from(piece as string)));
    expect(lines.take()).toEqual(expected);
  });

  it('gives each line once', () => {
    const lines = new Lines();
    lines.push(Buffer.from('a\nb'));
    expect(lines.take()).toEqual(['a']);
    lines.push(Buffer.from('c\n'));
    expect([lines.take(), lines.take()]).toEqual([['bc'], []]);
  });
});

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

type Answer = (...of: Parameters<RequestListener>) => unknown;

interface Heard {
  readonly lines: string[];
  readonly ends: unknown[];
  readonly controller: AbortController;
  readonly ended: Promise<unknown>;
}

/** Watches what a server answers, which is asked once. */
async function watchOf(answer: Answer, { silenceMs = 10_000, gapMs = 0 } = {}): Promise<Heard> {
  const listening = (server = createServer((request, response) => void answer(request, response)));
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser(
    { name: 'a', server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: 'b', token: 'secret' },
  );
  const [lines, ends]: [string[], unknown[]] = [[], []];
  const { promise: ended, resolve } = Promise.withResolvers<unknown>();
  const take = (phase: string, { metadata }: KubernetesObject): void =>
    void lines.push(`${phase} ${metadata?.name}`);
  const end = (error: unknown): void => {
    ends.push(error);
    resolve(error);
  };
  const watch = lineWatch(kubeConfig, { silenceMs, gapMs });
  const controller = await watch.watch(
    '/api/v1/nodes',
    { resourceVersion: '7', limit: undefined },
    take,
    end,
  );
  return { lines, ends, controller, ended };
}

const line = (name: string): string =>
  `${JSON.stringify({ type: 'ADDED', object: { metadata: { name } } })}\n`;

const started = (response: ServerResponse): ServerResponse => {
  response.writeHead(200);
  response.flushHeaders();
  return response;
};

describe('a watch', () => {
  it('asks as the account, and tells every line and a regular end', async () => {
    let asked = '';
    const { lines, ends, ended } = await watchOf(({ url, headers }, response) => {
      asked = `${url} ${headers.authorization}`;
      started(response).end(`${line('a')}no JSON\n${line('b')}`);
    });
    await ended;
    expect(asked).toBe('/api/v1/nodes?watch=true&resourceVersion=7 Bearer secret');
    expect(lines).toEqual(['ADDED a', 'ADDED b']);
    expect(ends).toEqual([null]);
  });

  it('tells what the API server refuses', async () => {
    const { ended } = await watchOf((_, response) => void response.writeHead(403).end('no'));
    await expect(ended).resolves.toMatchObject({ statusCode: 403, message: 'Forbidden' });
  });

  it('tells that nothing listens', async () => {
    const { ended } = await watchOf((request) => request.socket.destroy());
    await expect(ended).resolves.toMatchObject({ code: 'ECONNRESET' });
  });

  it('tells a connection that is cut', async () => {
    const { ended, lines } = await watchOf((_, response) => {
      started(response).write(line('a'));
      setTimeout(() => response.destroy(), 50);
    });
    await expect(ended).resolves.toMatchObject({ code: 'ECONNRESET' });
    expect(lines).toEqual(['ADDED a']);
  });

  it('ends once when it is given up, also before it has begun', async () => {
    const { controller, ends, ended } = await watchOf((_, response) => started(response));
    controller.abort();
    await ended;
    await sleep(20);
    expect(ends).toHaveLength(1);
  });

  it('ends when nothing comes for too long', async () => {
    const { ended } = await watchOf((_, response) => void started(response).write(line('a')), {
      silenceMs: 200,
    });
    await expect(ended).resolves.toMatchObject({ name: 'TimeoutError' });
  });

  it('lives as long as something comes', async () => {
    const { ended, lines } = await watchOf(
      async (_, response) => {
        started(response);
        for (let index = 0; index < 8; index += 1) {
          await sleep(100);
          response.write(line('a'));
        }
        response.end();
      },
      { silenceMs: 400 },
    );
    await expect(ended).resolves.toBeNull();
    expect(lines).toHaveLength(8);
  });
});

describe('a watch that rests between two looks', () => {
  it('tells the first at once, and all of what comes quickly after it together', async () => {
    const first = Promise.withResolvers<void>();
    const heard = await watchOf(
      async (_, response) => {
        started(response).write(line('a'));
        await first.promise;
        ['b', 'c', 'd'].forEach((name) => response.write(line(name)));
      },
      { gapMs: 500 },
    );
    const until = async (count: number): Promise<number> => {
      for (let ms = 0; heard.lines.length < count && ms < 4000; ms += 1) await sleep(1);
      return heard.lines.length;
    };
    await until(1);
    const since = performance.now();
    first.resolve();
    expect(await until(2)).toBe(4);
    expect(performance.now() - since).toBeGreaterThan(400);
  });

  it('loses nothing of what came before the end', async () => {
    const { ended, lines } = await watchOf(
      async (_, response) => {
        started(response).write(line('a'));
        await sleep(50);
        response.end(line('b'));
      },
      { gapMs: 200 },
    );
    await ended;
    expect(lines).toEqual(['ADDED a', 'ADDED b']);
  });
});
