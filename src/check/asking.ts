// What the check asks the API server and the replicas for, over plain HTTP: it needs no client of Kubernetes.
import { readFileSync } from 'node:fs';
import { request as plain, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as secure } from 'node:https';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { unsafeConfig, unsafeName, type ObjectAnswer, type ReplicaAnswer } from './judge.ts';

const timeoutMs = 5000;
const pods =
  '/api/v1/namespaces/kube-vip-system/pods?labelSelector=app.kubernetes.io%2Fname%3Dkube-vip-operator';
const configs = '/apis/kubevip.dev/v1alpha1/kubevipconfigs';
const unsafe = `${configs}/${unsafeName}?dryRun=All&fieldManager=${unsafeName}&force=true`;

/** Where the API server is, and who asks. */
export interface Cluster {
  readonly host: string;
  readonly port: string;
  readonly token: string;
  readonly ca: string;
}

/** The cluster of a pod, from its environment and the folder of its ServiceAccount. */
export function clusterOf(env: Readonly<Record<string, string | undefined>>, account: string): Cluster {
  return {
    host: env['KUBERNETES_SERVICE_HOST'] ?? '',
    port: env['KUBERNETES_SERVICE_PORT'] ?? '443',
    token: readFileSync(join(account, 'token'), 'utf8').trim(),
    ca: readFileSync(join(account, 'ca.crt'), 'utf8'),
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

type Send = (options: RequestOptions, use: (answer: IncomingMessage) => void) => ReturnType<typeof plain>;

function ask(send: Send, options: RequestOptions, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = send({ ...options, timeout: timeoutMs }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      answer.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

interface Request {
  readonly method?: string;
  readonly path: string;
  readonly body?: object;
}

function askCluster({ host, port, token, ca }: Cluster, { method, path, body }: Request): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/apply-patch+yaml' };
  const send: Send = (wanted, use) => secure({ ...wanted, ca }, use);
  return ask(send, { host, port, method, path, headers }, body && JSON.stringify(body));
}

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
    readonly status?: { readonly podIP?: string };
  }[];
}

async function replica(pod: string, host: string | undefined, port: string): Promise<ReplicaAnswer> {
  if (host === undefined) {
    return { pod, status: undefined, text: 'it has no address yet' };
  }
  try {
    const headers = { host: isIPv6(host) ? `[${host}]` : host };
    return { pod, ...(await ask(plain, { host, port, path: '/readyz', headers })) };
  } catch (error) {
    return { pod, status: undefined, text: error instanceof Error ? error.message : String(error) };
  }
}

/** What every pod of the operator that is not ending answers. */
export async function askReplicas(cluster: Cluster, port: string): Promise<readonly ReplicaAnswer[]> {
  const { status, text } = await askCluster(cluster, { path: pods });
  if (status !== 200) {
    throw new Error(`API server: expected the pods of the operator, found ${status} (${text.slice(0, 300)})`);
  }
  return Promise.all(
    (JSON.parse(text) as PodList).items
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata, status: seen }) => replica(metadata.name, seen?.podIP, port)),
  );
}

/** What the API server says to an unsafe KubeVipConfig, which it does not store: it is a dry run. */
export async function askUnsafe(cluster: Cluster): Promise<ObjectAnswer> {
  const { status, text } = await askCluster(cluster, { method: 'PATCH', path: unsafe, body: unsafeConfig });
  return { status, message: text };
}

/** What the API server answers to the question for every KubeVipConfig. */
export async function askConfigs(cluster: Cluster): Promise<ObjectAnswer> {
  const { status, text } = await askCluster(cluster, { path: configs });
  return { status, message: text };
}
