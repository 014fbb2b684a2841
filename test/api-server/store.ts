// What is in an etcd, and how it is put back as it was.
import { each } from './each.ts';

/** Key and value as etcd's gateway spells them, in base64; the revision says whether it was written since. */
interface Entry {
  readonly key: string;
  readonly value?: string;
  readonly mod_revision: string;
}

/** Everything that an API server has stored at a moment. */
export type Stored = readonly Entry[];

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const nameOf = ({ key }: Entry): string => Buffer.from(key, 'base64').toString();

async function call<T>(etcdUrl: string, verb: string, body: object): Promise<T> {
  const answer = await fetch(`${etcdUrl}/v3/kv/${verb}`, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) {
    throw new Error(`etcd: ${answer.status} ${await answer.text()}`);
  }
  return (await answer.json()) as T;
}

/** Reads everything, or only which keys there are and when each was written. */
export async function readStore(
  etcdUrl: string,
  what: 'everything' | 'keys' = 'everything',
): Promise<Stored> {
  const body = { key: base64('/registry/'), range_end: base64('/registry0'), keys_only: what === 'keys' };
  const { kvs = [] } = await call<{ readonly kvs?: Stored }>(etcdUrl, 'range', body);
  return kvs;
}

/** What differs from before: entries to write again, and keys to delete. */
export interface Difference {
  readonly written: Stored;
  readonly added: Stored;
}

// What the API server writes by itself while nobody asks it.
const ofItself = ['/registry/leases/kube-system/apiserver-', '/registry/apiregistration.k8s.io/'];

/** What was written since, by others than the API server itself. */
export function differenceOf(before: Stored, now: Stored): Difference {
  const revisions = new Map(now.map((entry) => [entry.key, entry.mod_revision]));
  const known = new Set(before.map(({ key }) => key));
  const isForeign = (entry: Entry): boolean => !ofItself.some((prefix) => nameOf(entry).startsWith(prefix));
  return {
    written: before.filter((entry) => isForeign(entry) && revisions.get(entry.key) !== entry.mod_revision),
    added: now.filter((entry) => isForeign(entry) && !known.has(entry.key)),
  };
}

/** Names of all keys of a difference. */
export const namesOf = ({ written, added }: Difference): readonly string[] =>
  [...written, ...added].map(nameOf);

/** Undoes it behind the API server, which hears of it as of every write. */
export async function undo(etcdUrl: string, { written, added }: Difference): Promise<void> {
  await each(added, ({ key }) => call(etcdUrl, 'deleterange', { key }));
  await each(written, ({ key, value }) => call(etcdUrl, 'put', { key, value }));
}
