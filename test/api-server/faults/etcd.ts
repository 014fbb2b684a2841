// What an administrator, or the API server itself every five minutes, does to etcd.
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
