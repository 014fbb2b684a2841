// The order of an uninstall, and what stays when it is not kept: the script that docs/deletion.md names, against a real API server.
import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ensureTools } from '../lab/tools.ts';
import { specWith, written } from './builders.ts';
import { namespace, paths } from './cluster.ts';
import { startFence, type Fence, type Write } from './admission/fence.ts';
import { until } from './until.ts';

jest.setTimeout(100_000);

const labels = { 'app.kubernetes.io/managed-by': 'kube-vip-operator' };
const daemonSet = (name: string): Write => ({
  method: 'POST',
  path: paths.daemonSets,
  body: {
    metadata: { name, labels },
    spec: {
      selector: { matchLabels: { name } },
      template: {
        metadata: { labels: { name } },
        spec: { containers: [{ name: 'x', image: 'example.org/x:v1' }] },
      },
    },
  },
});

interface Said {
  readonly code: number;
  readonly text: string;
}

let fence: Fence;
let kubectlFolder = '';

const inFolder = (command: string, args: readonly string[]): Promise<Said> =>
  new Promise((resolve) => {
    const env = {
      ...process.env,
      PATH: `${kubectlFolder}:${process.env['PATH']}`,
      KUBECONFIG: fence.api.kubeconfig,
    };
    execFile(command, args, { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: stdout + stderr }),
    );
  });
const check = () => inFolder('sh', ['config/uninstall-check.sh']);

beforeAll(async () => {
  kubectlFolder = dirname((await ensureTools(['kubernetes']))['kubectl'] ?? '');
  fence = await startFence();
  await fence.must({ method: 'POST', path: paths.configs, body: written('edge', specWith()) });
  await fence.must(daemonSet('edge-control-plane'));
  await fence.inForce('deletions.kubevip.dev', { method: 'DELETE', path: paths.crd });
}, 90_000);

afterAll(() => fence?.stop());

describe('the check of an uninstall', () => {
  it('names what is still there, and what to do', async () => {
    const { code, text } = await check();
    expect(code).toBe(1);
    expect(text).toContain(
      'KubeVipConfigs: expected none, found kubevipconfig.kubevip.dev/edge; kubectl delete kubevipconfig --all',
    );
    expect(text).toContain(
      'Deployment kube-vip-system/kube-vip-operator: expected a ready replica, found none',
    );
    expect(text).toContain(
      'DaemonSets in kube-vip-system: expected none, found daemonset.apps/edge-control-plane',
    );
  });

  it('does not take silence for nothing', async () => {
    const { code, text } = await inFolder('sh', [
      'config/uninstall-check.sh',
      '--server',
      'https://127.0.0.1:1',
    ]);
    expect(code).toBe(2);
    expect(text).toContain('expected an answer');
  });
});

// As docs/deletion.md says, without waiting for the namespace, which nobody ends here.
const deleteEverything = () =>
  inFolder('kubectl', ['delete', '-k', 'config/default', '--ignore-not-found', '--wait=false']);

describe('everything deleted at once', () => {
  const stays = [
    paths.crd,
    `${paths.configs}/edge`,
    `/api/v1/namespaces/${namespace}/serviceaccounts/kube-vip-control-plane`,
    `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles/kube-vip-control-plane`,
    `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings/kube-vip-operator`,
    '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/kube-vip-services',
  ];

  it('leaves what the addresses live on', async () => {
    const { text } = await deleteEverything();
    expect(text).toContain('expected to stay while a KubeVipConfig exists');
    for (const path of stays) {
      const found = await fence.admin.get<{ metadata: { deletionTimestamp?: string } }>(path);
      expect([path, found?.metadata.deletionTimestamp, found !== undefined]).toEqual([path, undefined, true]);
    }
  });

  it('is mended by another apply', async () => {
    expect(await inFolder('kubectl', ['apply', '-k', 'config/default'])).toMatchObject({ code: 0 });
  });
});

describe('in the right order', () => {
  it('nothing is left', async () => {
    await fence.must({ method: 'DELETE', path: `${paths.configs}/edge` });
    await fence.must({
      method: 'DELETE',
      path: `${paths.daemonSets}/edge-control-plane?propagationPolicy=Background`,
    });
    await until('nothing to run', async () => (await check()).code === 0, 15_000);
    expect((await check()).text).toContain('Now: kubectl delete -k config/default --ignore-not-found');
    await until(
      'the fence to know it',
      async () => (await fence.ask({ method: 'DELETE', path: paths.crd })) === 'allowed',
      15_000,
    );
    const { text } = await deleteEverything();
    expect(text).not.toContain('expected to stay');
    await until('the CRD to be gone', async () => (await fence.admin.get(paths.crd)) === undefined, 15_000);
    expect(await check()).toMatchObject({ code: 0 });
  });
});
