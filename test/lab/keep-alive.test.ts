// A connection whose other end is gone without a word: the kernel asks, and nothing answers.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { makeCredentials } from './credentials.ts';
import { stretched } from '../stretched.ts';
import { run } from './process.ts';

jest.setTimeout(60_000);

const dir = mkdtempSync(join(tmpdir(), 'kube-vip-lost-'));

beforeAll(() => makeCredentials(dir, ['203.0.113.1']));

afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function end(
  ...flags: readonly string[]
): Promise<{ readonly afterMs: number; readonly cause: string }> {
  const node = [process.execPath, 'test/lab/lost-peer.ts', dir, ...flags];
  const ended = JSON.parse(await run(['unshare', '--net', ...node])) as { afterMs: number; cause: string };
  process.stdout.write(`power lost: the watch ended after ${ended.afterMs} ms: ${ended.cause}\n`);
  return ended;
}

it('ends a watch within 5 s of the loss of its API server', async () => {
  const { afterMs, cause } = await end();
  expect(cause).toContain('ETIMEDOUT');
  expect(afterMs).toBeLessThan(stretched(5000));
});

it('would not end by what client-node does alone', async () => {
  const { cause } = await end('as-client-node-does');
  expect(cause).toContain('aborted due to timeout');
});
