// The chart where something is already: a Namespace that a person made, and what kustomize installed. docs/helm.md has the steps.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { chartFolder } from '../../chart/chart.ts';
import { startApiServer, type ApiServer } from '../../lab/api-server.ts';
import { helm } from '../../lab/helm.ts';

jest.setTimeout(120_000);

const name = 'kube-vip-operator';
const advice = 'kubectl label namespace kube-vip-system pod-security.kubernetes.io/enforce=privileged';
let api: ApiServer;

const helmAt = (verb: string, namespace: string, ...flags: readonly string[]): Promise<string> =>
  helm([
    verb,
    name,
    ...(verb === 'uninstall' ? [] : [chartFolder]),
    '--namespace',
    namespace,
    '--kubeconfig',
    api.kubeconfig,
    ...flags,
  ]);
const sentenceOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'it is taken',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
const owner = (kind: string, object: string): Promise<string> =>
  api.kubectl('get', kind, object, '-o=jsonpath={.metadata.annotations.meta\\.helm\\.sh/release-name}');

describe('a Namespace that a person made', () => {
  beforeAll(async () => {
    api = await startApiServer();
  }, 60_000);

  afterAll(() => api?.stop());

  it('stays that of the person, who is told of its label', async () => {
    await api.kubectl('create', 'namespace', 'kube-vip-system');
    expect(await helmAt('install', 'kube-vip-system')).toContain(advice);
    expect(await owner('namespace', 'kube-vip-system')).toBe('');
  });

  it('outlives the release in it, and the advice ends with the label', async () => {
    const label = 'pod-security.kubernetes.io/enforce=privileged';
    await api.kubectl('label', 'namespace', 'kube-vip-system', label);
    expect(await helmAt('upgrade', 'kube-vip-system')).not.toContain(advice);
    // Its hook is a pod, and nothing runs pods here.
    await helmAt('uninstall', 'kube-vip-system', '--no-hooks');
    expect(await api.kubectl('get', 'namespace', 'kube-vip-system', '-o', 'name')).toBe(
      'namespace/kube-vip-system\n',
    );
  });
});

describe('a Namespace that Helm makes for its record', () => {
  beforeAll(async () => {
    api = await startApiServer();
  }, 60_000);

  afterAll(() => api?.stop());

  it('gets the label of the chart, and is of the release', async () => {
    expect(await helmAt('install', 'kube-vip-system', '--create-namespace')).not.toContain(advice);
    expect(await owner('namespace', 'kube-vip-system')).toBe(name);
    const enforced = '-o=jsonpath={.metadata.labels.pod-security\\.kubernetes\\.io/enforce}';
    expect(await api.kubectl('get', 'namespace', 'kube-vip-system', enforced)).toBe('privileged');
  });
});

describe('what kustomize installed', () => {
  /** The commands under a heading of docs/helm.md. */
  const commandsUnder = (heading: string): readonly string[] => {
    const [, section = ''] = readFileSync('docs/helm.md', 'utf8').split(`## ${heading}\n`);
    const [, block = ''] = /```sh\n([\s\S]*?)```/.exec(section) ?? [];
    return block.split('\n').filter((line) => line.startsWith('kubectl '));
  };

  beforeAll(async () => {
    api = await startApiServer();
    await api.kubectl('apply', '-k', 'config/default');
  }, 60_000);

  afterAll(() => api?.stop());

  it('is not taken without being asked', async () => {
    expect(await sentenceOf(helmAt('install', 'kube-system'))).toContain(
      'Deployment kube-vip-system/kube-vip-operator: expected none or of release kube-vip-operator in kube-system, found one that Helm did not make; give what is installed to this release first, see docs/helm.md',
    );
  });

  it('is given to a release with the commands of docs/helm.md', async () => {
    const commands = commandsUnder('From kustomize to Helm');
    expect(commands.length).toBeGreaterThan(1);
    for (const command of commands) {
      await api.kubectl(...command.split(' ').slice(1));
    }
    await helmAt('install', 'kube-system', '--force-conflicts');
    expect(await owner('crd', 'kubevipconfigs.kubevip.dev')).toBe(name);
    expect(await owner('namespace', 'kube-vip-system')).toBe(name);
  });
});
