// Against a server of its own on the loopback: what is sent when, by a clock that is passed in.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { Http } from '../../src/cluster/http.ts';

type Answer = readonly [status: number, retryAfter?: string];

let server: Server;
let answers: Answer[];
let asked: number;
let now: number;
let pauses: number[];
let http: Http;

beforeEach(async () => {
  [answers, asked, now, pauses] = [[], 0, 0, []];
  server = createServer((_, response) => {
    asked += 1;
    const [status, retryAfter] = answers.shift() ?? [200];
    response.setHeader('date', 'Tue, 24 Nov 2026 12:00:00 GMT');
    response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter });
    response.end(JSON.stringify({ message: `answer ${asked}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromOptions({
    clusters: [
      {
        name: 'x',
        server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        skipTLSVerify: true,
      },
    ],
    users: [{ name: 'x' }],
    contexts: [{ name: 'x', cluster: 'x', user: 'x' }],
    currentContext: 'x',
  });
  const pause = async (ms: number): Promise<void> => {
    pauses.push(ms);
    now += ms;
  };
  http = new Http(kubeConfig, () => now, pause);
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const send = () => http.send<{ message: string }>({ method: 'GET', path: '/x' });

describe('an API server that asks for patience', () => {
  it.each<[string, Answer[], number[]]>([
    ['with seconds is given them', [[429, '3']], [3000]],
    ['with a date is given until then', [[503, 'Tue, 24 Nov 2026 12:00:07 GMT']], [7000]],
    [
      'twice is given it twice',
      [
        [429, '1'],
        [429, '2'],
      ],
      [1000, 2000],
    ],
  ])('%s, and then asked again', async (_, given, expected) => {
    answers = [...given];
    await expect(send()).resolves.toEqual({ message: `answer ${given.length + 1}` });
    expect(pauses).toEqual(expected);
  });

  it.each<[string, Answer[], string]>([
    ['without saying how long', [[429]], 'GET /x: 429 answer 1'],
    ['with a word that is none', [[429, 'soon']], 'GET /x: 429 answer 1'],
    ['in an answer of another kind', [[500, '3']], 'GET /x: 500 answer 1'],
    ['for longer than a reconcile waits', [[429, '60']], 'GET /x: 429 answer 1'],
  ])('%s is an error at once', async (_, given, message) => {
    answers = [...given];
    await expect(send()).rejects.toThrow(message);
    expect(pauses).toEqual([]);
  });

  it('for ever is an error after three attempts', async () => {
    answers = Array.from({ length: 9 }, (): Answer => [429, '1']);
    await expect(send()).rejects.toThrow('GET /x: 429 answer 3');
    expect(pauses).toEqual([1000, 1000]);
  });

  it('holds back the next request too', async () => {
    answers = [
      [429, '5'],
      [429, '5'],
      [429, '5'],
    ];
    await expect(send()).rejects.toThrow('429');
    now += 2000;
    await send();
    expect(pauses).toEqual([5000, 5000, 3000]);
  });

  it('for a long time is not asked before that, and whoever asks is told', async () => {
    answers = [[429, '60']];
    await expect(send()).rejects.toThrow('429');
    now += 10_000;
    await expect(send()).rejects.toThrow('not sent: the API server asked to wait, 50 s are left');
    expect(asked).toBe(1);
    now += 50_000;
    await expect(send()).resolves.toEqual({ message: 'answer 2' });
  });
});

describe('an answer', () => {
  const read = (mostBytes: number) =>
    http.send<{ message: string }>({ method: 'GET', path: '/x?limit=5', mostBytes });

  it('that is longer than there is room for is given up', async () => {
    await expect(read(21)).rejects.toThrow('GET /x: expected at most 21 bytes, found more');
  });

  it('that has just room is read', async () => {
    await expect(read(22)).resolves.toEqual({ message: 'answer 1' });
  });
});
