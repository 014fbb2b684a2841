// An operator on a Kubernetes below the floor: it says so, and does nothing. The API server is played: none that old is built.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { freePorts } from '../free-ports.ts';
import { makeCredentials, writeKubeconfig } from '../lab/credentials.ts';
import { playHttps, type HttpsServer } from './https-server.ts';
import { health, startOperator, type Operator } from './operator.ts';
import { settled } from './until.ts';

jest.setTimeout(30_000);

const sentence =
  'API server runs Kubernetes 1.30.9: expected 1.31 or newer, which has ip() in CEL, with which its rules and policies read addresses';
const emptyList = { metadata: { resourceVersion: '1' }, items: [] };

const dir = mkdtempSync(join(tmpdir(), 'old-kubernetes-'));
const seen: string[] = [];
let server: HttpsServer;
let operator: Operator;
let port = 0;

beforeAll(async () => {
  const { caFile, adminToken: token } = await makeCredentials(dir, ['127.0.0.1']);
  server = await playHttps(dir, (path, method) => {
    seen.push(`${method} ${path}`);
    const answer = path === '/version' ? { gitVersion: 'v1.30.9' } : emptyList;
    return { status: 200, body: path.includes('watch=') ? '' : JSON.stringify(answer) };
  });
  const url = `https://127.0.0.1:${server.port}`;
  const kubeconfig = writeKubeconfig(join(dir, 'operator.kubeconfig'), { server: url, caFile, token });
  [port = 0] = await freePorts(1);
  operator = startOperator({ kubeconfig, args: ['--health-port', String(port)] });
});

afterAll(async () => {
  await operator?.stop();
  await server?.stop();
  rmSync(dir, { recursive: true, force: true });
});

it('says in its log what it found, what it expects and what to do', async () => {
  const line = await operator.waitForLog('complains', ({ msg }) => msg.startsWith('Kubernetes is too old'));
  expect(line).toMatchObject({ level: 'error', cause: sentence });
  expect(line['todo']).toMatch(/^upgrade Kubernetes\. What runs keeps running/);
});

it('is not ready, and says why', async () => {
  expect(await settled(() => health(port, '/readyz'), `503 ${sentence}`)).toBe(`503 ${sentence}`);
});

it('is healthy, because a restart would mend nothing', async () => {
  expect(await health(port, '/healthz')).toBe('200 ok');
});

it('only reads, although every list is there', async () => {
  await settled(async () => seen.some((row) => row.includes('daemonsets') && row.includes('watch=')), true);
  expect(seen.filter((row) => !row.startsWith('GET '))).toEqual([]);
  expect(seen.length).toBeGreaterThan(5);
});
