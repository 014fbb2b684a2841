// An install.yaml on API servers without the admission policies: kubectl does not refuse it, so docs/install.md says how to look
// first. This types what the page says, and reads what the operator says where it is installed all the same.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { freePorts } from '../free-ports.ts';
import { startApiServer, type ApiServer } from '../lab/api-server.ts';
import { blocksOf } from '../pages/blocks.ts';
import { health, startOperator, type Operator } from './operator.ts';
import { settled } from './until.ts';

jest.setTimeout(100_000);

const policies = ['validatingadmissionpolicies', 'validatingadmissionpolicybindings'];
const off = policies.map((name) => `admissionregistration.k8s.io/v1/${name}=false`).join(',');
const folder = mkdtempSync(join(tmpdir(), 'look-'));
const [look] = blocksOf('docs/install.md').filter(({ heading }) => heading === 'Look before you install');

interface Said {
  readonly code: number;
  readonly text: string;
}

const typed = (api: ApiServer): Promise<Said> =>
  new Promise((resolve) => {
    const PATH = `${dirname(api.kubectlPath)}:${process.env['PATH']}`;
    const options = {
      cwd: folder,
      env: { ...process.env, PATH, KUBECONFIG: api.kubeconfig, KUBECACHEDIR: join(api.dir, 'cache') },
    };
    execFile('sh', ['-c', look?.text ?? 'exit 99'], options, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: stdout + stderr }),
    );
  });

async function startWith(flags: Readonly<Record<string, string>>): Promise<ApiServer> {
  const api = await startApiServer({ flags });
  writeFileSync(join(folder, 'install.yaml'), await api.kubectl('kustomize', 'config/default'));
  return api;
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a cluster that can have it', () => {
  let api: ApiServer;
  beforeAll(async () => {
    api = await startWith({});
  }, 90_000);
  afterAll(() => api?.stop());

  it('gives a look no reason to complain, and stays as it was', async () => {
    expect(await typed(api)).toEqual({ code: 0, text: 'No resources found\n' });
    expect(await api.kubectl('get', 'namespaces,crd', '-o', 'name')).not.toMatch(/kube-?vip/);
  });

  it('shows the operator that is there already', async () => {
    await api.kubectl('apply', '-f', join(folder, 'install.yaml'));
    expect(await typed(api)).toEqual({
      code: 0,
      text: expect.stringMatching(/^NAMESPACE .*\nkube-vip-system +kube-vip-operator .*\n$/),
    });
  });
});

describe('a cluster whose API servers have the policies turned off', () => {
  let api: ApiServer;
  let operator: Operator;
  let port = 0;

  beforeAll(async () => {
    // Without the API its admission plug-in keeps an API server from starting.
    api = await startWith({
      'runtime-config': off,
      'disable-admission-plugins': 'ValidatingAdmissionPolicy',
    });
  }, 90_000);
  afterAll(async () => {
    await operator?.stop();
    await api?.stop();
  });

  it('is told from a look, which changes nothing', async () => {
    expect(await typed(api)).toEqual({
      code: 1,
      text: expect.stringContaining('no matches for kind "ValidatingAdmissionPolicy"'),
    });
    expect(await api.kubectl('get', 'namespaces,crd', '-o', 'name')).not.toMatch(/kube-?vip/);
  });

  it('has an operator that says what is missing, where it is installed all the same', async () => {
    await expect(api.kubectl('apply', '-f', join(folder, 'install.yaml'))).rejects.toThrow('ended with 1');
    [port = 0] = await freePorts(1);
    operator = startOperator({ kubeconfig: api.kubeconfig, args: ['--health-port', String(port)] });
    const waiting = '503 waiting for policies, policyBindings';
    expect(await settled(() => health(port, '/readyz'), waiting)).toBe(waiting);
    const line = await operator.waitForLog('names the policies', ({ todo }) =>
      String(todo).startsWith('take what turns ValidatingAdmissionPolicy off out of --runtime-config'),
    );
    expect(line.level).toBe('error');
  });
});
