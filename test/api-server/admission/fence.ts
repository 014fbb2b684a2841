// A cluster with the shipped admission policies, and a question: what does the API server say to this write?
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { ApiServer } from '../../lab/api-server.ts';
import { contentTypes, type Answer } from '../admin.ts';
import { startCluster, type ClusterOptions, type TestCluster } from '../cluster.ts';
import { makeBinding, policyPaths } from '../prepared.ts';
import { until } from '../until.ts';

export interface Write {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly type?: keyof typeof contentTypes;
  /** Who writes; a member of group `writers`, who may write but not everything. Default: a cluster administrator. */
  readonly as?: string;
  /** Groups of that user, in place of `writers`. */
  readonly groups?: readonly string[];
}

/** A row of a table: a sentence, a write, and what the API server says; `allowed` when it says nothing. */
export type Row = readonly [what: string, write: Write, said: string];

export interface Fence extends TestCluster {
  /** The policy's sentence, or `allowed`. Nothing is stored. */
  ask(write: Write): Promise<string>;
  /** The same, and an allowed write is stored. */
  write(write: Write): Promise<string>;
  /** Stores something that must be allowed. */
  must(write: Write): Promise<void>;
  /** Gives the user `admin` every right; resolves when a write that needs one is allowed to it. */
  makeAdmin(probe: Write): Promise<void>;
  /** Resolves when a policy refuses a write: it becomes effective a moment after it, or a parameter, is stored. */
  inForce(policy: string, probe: Write): Promise<void>;
  /** Deletes the binding of a policy; resolves when the probe, which it refuses, is allowed. */
  open(policy: string, probe: Write): Promise<void>;
  /** Makes the binding of an open policy; resolves when the policy refuses the probe. */
  close(policy: string, probe: Write): Promise<void>;
}

// The API server looks for a new kind of parameter every 30 s.
const effectiveMs = 75_000;

// What a write of an ordinary tool may do: everything but everything.
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const apiGroup = 'rbac.authorization.k8s.io';
const writers = [
  [
    `${rbac}/clusterroles`,
    {
      metadata: { name: 'writers' },
      rules: [{ apiGroups: ['', 'apps', 'batch', 'coordination.k8s.io'], resources: ['*'], verbs: ['*'] }],
    },
  ],
  [
    `${rbac}/clusterrolebindings`,
    {
      metadata: { name: 'writers' },
      roleRef: { apiGroup, kind: 'ClusterRole', name: 'writers' },
      subjects: [{ apiGroup, kind: 'Group', name: 'writers' }],
    },
  ],
] as const;

const byWriter: Write = {
  method: 'POST',
  path: '/api/v1/namespaces/default/services',
  body: { metadata: { name: 'any' }, spec: { ports: [{ port: 80 }] } },
  as: 'writer',
};

const denial = /^.*? ValidatingAdmissionPolicy '([^']+)' with binding '\1' denied request: (.*)$/s;
const messageOf = ({ body }: Answer): string => (body as { message?: string }).message ?? '';

/** What a policy says, `allowed`, or what the API server said otherwise. */
function said(answer: Answer): string {
  const sentence = denial.exec(messageOf(answer))?.[2];
  return answer.status < 300 ? 'allowed' : (sentence ?? `${answer.status} ${messageOf(answer)}`);
}

/** The object in an answer; what is no object, as for a path that is not served, becomes a message. */
function parse(text: string): unknown {
  return text.startsWith('{') ? JSON.parse(text) : { message: text };
}

function send(
  api: ApiServer,
  agent: Agent,
  { method, path, body, type = 'json', as, groups = ['writers', 'system:authenticated'] }: Write,
): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${api.adminToken}`,
    ...(body !== undefined && { 'content-type': contentTypes[type] }),
    ...(as !== undefined && {
      'impersonate-user': as,
      'impersonate-group': [...groups],
    }),
  };
  return new Promise((resolve, reject) => {
    const asked = request(`${api.url}${path}`, { method, headers, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parse(text) }));
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function dry(write: Write): Write {
  return { ...write, path: `${write.path}${write.path.includes('?') ? '&' : '?'}dryRun=All` };
}

/** Starts an API server with `config/default`, and with no policy that is not in force after {@link Fence.inForce}. */
export async function startFence(options: ClusterOptions = {}): Promise<Fence> {
  const cluster = await startCluster(options);
  const { api, admin } = cluster;
  const agent = new Agent({ keepAlive: true, ca: readFileSync(api.caFile) });
  const ask = async (one: Write) => said(await send(api, agent, dry(one)));
  const write = async (one: Write) => said(await send(api, agent, one));
  const inForce = async (policy: string, probe: Write) => {
    await until(
      `${policy} to be in force`,
      async () => {
        const answer = await send(api, agent, dry(probe));
        const by = denial.exec(messageOf(answer))?.[1];
        if (by !== policy) {
          throw new Error(by === undefined ? said(answer) : `refused by ${by}`);
        }
        return true;
      },
      effectiveMs,
    );
  };
  for (const [path, body] of writers) {
    await admin.expect({ method: 'POST', path, body });
  }
  // A role becomes effective a moment after it is stored.
  await until('group writers to write', async () => (await ask(byWriter)) === 'allowed');
  return {
    ...cluster,
    ask,
    write,
    inForce,
    async must(one) {
      const answer = await write(one);
      if (answer !== 'allowed') {
        throw new Error(`${one.method} ${one.path}: ${answer}`);
      }
    },
    async makeAdmin(probe) {
      const grant = ['--clusterrole=cluster-admin', '--user=admin'];
      await api.kubectl('create', 'clusterrolebinding', 'admin', ...grant);
      await until('admin to do everything', async () => (await ask(probe)) === 'allowed');
    },
    async open(policy, probe) {
      await admin.expect({ method: 'DELETE', path: `${policyPaths.bindings}/${policy}` });
      await until(`${policy} to be gone`, async () => (await ask(probe)) === 'allowed', effectiveMs);
    },
    async close(policy, probe) {
      await makeBinding(admin, policy);
      await inForce(policy, probe);
    },
    async stop() {
      agent.destroy();
      await cluster.stop();
    },
  };
}
