// What an administrator, or the API server itself every five minutes, does to etcd.
import { cpSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiServer } from '../../lab/api-server.ts';

async function ask<T>({ etcdUrl }: Pick<ApiServer, 'etcdUrl'>, path: string, body: object): Promise<T> {
  const answer = await fetch(`${etcdUrl}/v3/kv/${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) {
    throw new Error(`etcd: POST /v3/kv/${path}: ${answer.status} ${await answer.text()}`);
  }
  return (await answer.json()) as T;
}

/** Forgets everything but the present state of each object; resolves with the revision of that state. */
export async function compact(api: Pick<ApiServer, 'etcdUrl'>): Promise<string> {
  const { header } = await ask<{ header: { revision: string } }>(api, 'range', { key: btoa('/'), limit: 1 });
  await ask(api, 'compaction', { revision: header.revision, physical: true });
  return header.revision;
}

/** The revision of a cluster that much happens in: this many writes of something that no API server looks at. */
export async function advance(api: Pick<ApiServer, 'etcdUrl'>, writes: number): Promise<void> {
  const body = { key: btoa('/elsewhere'), value: btoa('x') };
  for (let done = 0; done < writes; done += 50) {
    await Promise.all(Array.from({ length: 50 }, () => ask(api, 'put', body)));
  }
}

const backupOf = (etcdDir: string): string => `${etcdDir}-backup`;

/** A backup of etcd: a copy of its data while it is down. */
export const backUp = (api: Pick<ApiServer, 'whileDown'>): Promise<void> =>
  api.whileDown((etcdDir) => cpSync(etcdDir, backupOf(etcdDir), { recursive: true }));

// No restore is faster than the term of a leader without a renewal, which then writes nothing before it has renewed.
const restoreMs = 11_000;

/** etcd as it was at {@link backUp}; its revisions go on from there. */
export async function restore(api: Pick<ApiServer, 'whileDown'>): Promise<void> {
  await api.whileDown(async (etcdDir) => {
    rmSync(etcdDir, { recursive: true });
    cpSync(backupOf(etcdDir), etcdDir, { recursive: true });
    await sleep(restoreMs);
  });
}
