// What `helm test` and `helm uninstall` run, with the rights of their accounts, against a real API server and a real operator.
import { execFile } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { unsafeConfig, unsafeName } from '../../../src/check/judge.ts';
import { freePorts } from '../../free-ports.ts';
import { inFolder } from '../../lab/helm.ts';
import { written, specWith } from '../builders.ts';
import { namespace, paths, startCluster, type TestCluster } from '../cluster.ts';
import { health, startOperator, type Operator } from '../operator.ts';
import { until } from '../until.ts';
import { rendered } from './rendering.ts';

jest.setTimeout(90_000);

const uninstallName = 'kube-vip-operator-uninstall';
let cluster: TestCluster;
let operator: Operator;
let port = 0;

interface Said {
  readonly code: number;
  readonly text: string;
}

/** The program as a pod of an account runs it, in another folder than that of its ServiceAccount. */
const runAs = (account: string, ...flags: readonly string[]): Promise<Said> =>
  inFolder(async (folder) => {
    const token = await cluster.api.kubectl('create', 'token', account, '-n', namespace);
    writeFileSync(join(folder, 'token'), token);
    copyFileSync(cluster.api.caFile, join(folder, 'ca.crt'));
    const { hostname, port: apiPort } = new URL(cluster.api.url);
    const env = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: apiPort };
    const args = ['dist/check.js', '--account', folder, ...flags];
    return new Promise((resolve) => {
      execFile(process.execPath, args, { env }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: stdout + stderr }),
      );
    });
  });

const check = (...flags: readonly string[]): Promise<Said> =>
  runAs(unsafeName, `--health-port=${port}`, '--seconds=2', ...flags);
const mayGo = (): Promise<Said> => runAs(uninstallName, '--uninstall');

async function makePod(name: string, podIP: string): Promise<void> {
  const labels = { 'app.kubernetes.io/name': 'kube-vip-operator' };
  const containers = [{ name: 'operator', image: 'example.org/x:v1' }];
  const spec = { serviceAccountName: 'kube-vip-operator', automountServiceAccountToken: false, containers };
  await cluster.admin.expect({
    method: 'POST',
    path: paths.pods,
    body: { metadata: { name, labels }, spec },
  });
  const body = { status: { phase: 'Running', podIP, podIPs: [{ ip: podIP }] } };
  await cluster.admin.expect({ method: 'PATCH', path: `${paths.pods}/${name}/status`, type: 'merge', body });
}

const asAccount = (name: string): readonly string[] => ['--as', `system:serviceaccount:${namespace}:${name}`];
const may = (name: string, ...question: readonly string[]): Promise<boolean> =>
  cluster.api.kubectl('auth', 'can-i', ...question, ...asAccount(name)).then(
    (answer) => answer.startsWith('yes'),
    () => false,
  );

beforeAll(async () => {
  cluster = await startCluster();
  const hooks = Object.values(await rendered({})).filter(
    ({ kind, metadata }) => [unsafeName, uninstallName].includes(metadata?.name ?? '') && kind !== 'Pod',
  );
  await cluster.api.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: hooks }));
  [port = 0] = await freePorts(1);
  operator = startOperator({ kubeconfig: cluster.kubeconfig, args: ['--health-port', String(port)] });
  await until('the operator to be ready', async () => (await health(port, '/readyz')) === '200 ok');
}, 90_000);

afterAll(async () => {
  await operator?.stop();
  await cluster?.stop();
});

describe('the check of helm test', () => {
  it('says that there is no pod of the operator', async () => {
    expect(await check()).toEqual({
      code: 1,
      text: 'Pods of the operator: expected 1 in kube-vip-system, found 0; see kubectl describe deployment kube-vip-operator -n kube-vip-system\n',
    });
  });

  it('is content with a replica that is ready', async () => {
    await makePod('a', '127.0.0.1');
    expect(await check()).toEqual({
      code: 0,
      text: 'ready: 1 or more replicas, and an unsafe KubeVipConfig is refused\n',
    });
  });

  it('names a replica that does not answer', async () => {
    await makePod('b', '127.0.0.2');
    const { code, text } = await check('--replicas=2', '--health-port=1');
    expect(code).toBe(1);
    expect(text).toMatch(
      /^Pod b: expected \/readyz to answer 200, found no answer \(.*ECONNREFUSED.*\); read its log$/m,
    );
  });

  it('fails where the API server takes the unsafe object', async () => {
    const path =
      '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/version/x-kubernetes-validations';
    const body = [{ op: 'remove', path }];
    await cluster.admin.expect({ method: 'PATCH', path: paths.crd, type: 'patch', body });
    const create = { method: 'POST', path: `${paths.configs}?dryRun=All`, body: unsafeConfig } as const;
    await until('the rule to be gone', async () => (await cluster.admin.send(create)).status === 201);
    const { code, text } = await check();
    expect(code).toBe(1);
    expect(text).toContain(
      'API server: expected to refuse kube-vip v0.7.2 for Services, found that it takes it',
    );
    expect(await cluster.config(unsafeName)).toBeUndefined();
  });
});

describe('the question of helm uninstall', () => {
  it('is answered with yes where there is no KubeVipConfig', async () => {
    expect(await mayGo()).toEqual({ code: 0, text: 'no KubeVipConfig is left\n' });
  });

  it('is answered with no, and with the name of each', async () => {
    await cluster.admin.expect({ method: 'POST', path: paths.configs, body: written('edge', specWith()) });
    expect(await mayGo()).toEqual({
      code: 1,
      text: 'KubeVipConfigs: expected none before an uninstall, found edge; kubectl delete kubevipconfig --all, and wait until it returns\n',
    });
  });

  it('is not answered with yes to who may not ask', async () => {
    const { code, text } = await runAs(unsafeName, '--uninstall');
    expect(code).toBe(1);
    expect(text).toContain('API server: expected every KubeVipConfig, found 403');
  });

  it.each([
    [true, ['list', 'kubevipconfigs']],
    [false, ['delete', 'kubevipconfigs']],
    [false, ['list', 'pods', '-n', namespace]],
  ])('has an account with rights to nothing else: %s for %j', async (expected, question) => {
    expect(await may(uninstallName, ...question)).toBe(expected);
  });
});

describe('the account of the check', () => {
  it.each([
    ['list', 'pods', '-n', namespace],
    ['patch', `kubevipconfigs/${unsafeName}`],
    ['create', `kubevipconfigs/${unsafeName}`],
  ])('may %s %s', async (...question) => {
    expect(await may(unsafeName, ...question)).toBe(true);
  });

  it.each([
    ['list', 'pods', '-n', 'default'],
    ['get', 'pods', '-n', namespace],
    ['create', 'kubevipconfigs'],
    ['patch', 'kubevipconfigs/edge'],
    ['delete', `kubevipconfigs/${unsafeName}`],
    ['list', 'kubevipconfigs'],
    ['get', 'secrets', '-n', namespace],
    ['create', 'pods', '-n', namespace],
  ])('may not %s %s', async (...question) => {
    expect(await may(unsafeName, ...question)).toBe(false);
  });

  it('makes no KubeVipConfig of another name', async () => {
    const file = join(cluster.api.dir, 'object.json');
    writeFileSync(file, JSON.stringify(written('edge', specWith())));
    const posted = cluster.api.kubectl(
      'create',
      ...asAccount(unsafeName),
      '--raw',
      paths.configs,
      '-f',
      file,
    );
    expect(await posted.catch(String)).toContain('forbidden');
  });
});
