// That a test which gets the API server of another finds nothing of it, and that none gets one to which something was done
// that lasts.
import { cpSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { operatorRequests } from './audit.ts';
import { specWith, written } from './builders.ts';
import { namespace, paths, startCluster, type TestCluster } from './cluster.ts';
import { endKept } from './kept.ts';
import { preparedFolder, preparedVariable, removePrepared } from './prepared.ts';

jest.setTimeout(60_000);

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const role = `${rbac}/namespaces/${namespace}/roles/kube-vip-operator`;
const binding =
  '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/service-limits.kubevip.dev';

beforeAll(() => {
  // A place of its own, where no other file of tests leaves or takes one.
  const own = mkdtempSync(join(tmpdir(), 'prepared-cluster-'));
  cpSync(preparedFolder(), own, { recursive: true, filter: (path) => !path.endsWith('/kept') });
  process.env[preparedVariable] = own;
});

afterAll(async () => {
  await endKept();
  removePrepared();
});

const create = ({ admin }: TestCluster, path: string, body: object): Promise<unknown> =>
  admin.expect({ method: 'POST', path, body });

/** Something of each sort: made, changed and deleted. */
async function use(cluster: TestCluster): Promise<void> {
  const { admin } = cluster;
  await create(cluster, '/api/v1/namespaces', { metadata: { name: 'left' } });
  await create(cluster, '/api/v1/namespaces/left/services', {
    metadata: { name: 'left' },
    spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] },
  });
  await create(cluster, paths.configs, written('edge', specWith()));
  const finalizers = { metadata: { finalizers: ['kubevip.dev/operands'] } };
  await admin.expect({ method: 'PATCH', path: `${paths.configs}/edge`, body: finalizers, type: 'merge' });
  await admin.expect({ method: 'PATCH', path: role, body: { rules: [] }, type: 'merge' });
  await admin.expect({ method: 'DELETE', path: binding });
  await cluster.api.kubectl('--kubeconfig', cluster.kubeconfig, 'get', 'kubevipconfigs');
  expect(operatorRequests(cluster.api)).not.toEqual([]);
}

describe('an API server that a test gives back', () => {
  let rules: unknown;
  let dir = '';
  let next: TestCluster;

  beforeAll(async () => {
    const first = await startCluster();
    dir = first.api.dir;
    ({ rules } = await first.admin.expect<{ rules: unknown }>({ method: 'GET', path: role }));
    await use(first);
    await first.stop();
    next = await startCluster();
  });

  it('is the one that the next test gets', () => {
    expect(next.api.dir).toBe(dir);
  });

  it.each([
    ['a namespace', '/api/v1/namespaces/left'],
    ['a Service', '/api/v1/namespaces/left/services/left'],
    ['a KubeVipConfig that waits for its finalizer', `${paths.configs}/edge`],
  ])('has lost %s that was made', async (_, path) => {
    expect(await next.admin.get(path)).toBeUndefined();
  });

  it('has the rights of a Role again', async () => {
    expect(await next.admin.get(role)).toMatchObject({ rules });
  });

  it('has the binding of a policy again', async () => {
    expect(await next.admin.get(binding)).toBeDefined();
  });

  it('gives the port of a node again', async () => {
    const body = {
      metadata: { name: 'other' },
      spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] },
    };
    const wanted = { method: 'POST', path: '/api/v1/namespaces/default/services', body } as const;
    expect(await next.admin.refusal(wanted)).toBeUndefined();
  });

  it('has forgotten what the operator asked', () => {
    expect(operatorRequests(next.api)).toEqual([]);
  });

  it('ends when a test deleted the CRD', async () => {
    await next.api.kubectl('delete', 'crd', 'kubevipconfigs.kubevip.dev');
    await next.stop();
    expect(existsSync(dir)).toBe(false);
  });
});

it('ends when a test stopped it', async () => {
  const cluster = await startCluster();
  await cluster.api.stopApi();
  await cluster.api.startApi();
  await cluster.stop();
  expect(existsSync(cluster.api.dir)).toBe(false);
});
