// An install by Helm, at a real API server: from nothing to an upgrade and back, beside another release, and out of what
// kustomize installed. Nothing runs here: a Deployment stays as written.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { chartFolder } from '../../chart/chart.ts';
import { startApiServer, type ApiServer } from '../../lab/api-server.ts';
import { helm } from '../../lab/helm.ts';
import { built } from './rendering.ts';

jest.setTimeout(120_000);

const name = 'kube-vip-operator';

// The hook of an uninstall is a pod, and nothing runs pods here. test/lab/chart.test.ts has it.
const withoutPods = ['--no-hooks'];

let api: ApiServer;

const at = (namespace: string): readonly string[] => [
  '--namespace',
  namespace,
  '--kubeconfig',
  api.kubeconfig,
];
const install = (release = name, namespace = 'kube-system', values: object = {}): Promise<string> =>
  helm(['install', release, chartFolder, ...at(namespace)], values);
const sentenceOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'it is taken',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
const has = (...object: readonly string[]): Promise<boolean> =>
  api.kubectl('get', ...object).then(
    () => true,
    () => false,
  );
const label = (namespace: string): Promise<string> =>
  api.kubectl(
    'get',
    'namespace',
    namespace,
    '-o=jsonpath={.metadata.labels.pod-security\\.kubernetes\\.io/enforce}',
  );

beforeAll(async () => {
  api = await startApiServer();
}, 60_000);

afterAll(() => api?.stop());

describe('a release', () => {
  it('makes every object of config/default, and says what to do next', async () => {
    const said = await install();
    expect(said).toContain(`helm test ${name} --namespace kube-system`);
    expect(said).not.toContain('pod-security');
    for (const { kind = '', metadata } of Object.values(await built({}))) {
      const namespace = metadata?.namespace === undefined ? [] : ['-n', metadata.namespace];
      expect(`${kind} ${await has(kind, metadata?.name ?? '', ...namespace)}`).toBe(`${kind} true`);
    }
    expect(await label('kube-vip-system')).toBe('privileged');
  });

  it.each([
    ['of another name', 'second', 'kube-system', 'kube-system'],
    ['in another namespace', name, 'default', 'kube-system'],
  ])('%s is refused, and nothing of it is there', async (_, release, namespace) => {
    expect(await sentenceOf(install(release, namespace))).toContain(
      `Deployment kube-vip-system/kube-vip-operator: expected of release ${release} in ${namespace}, found release kube-vip-operator in kube-system; a cluster has one operator: upgrade that release, or uninstall it first`,
    );
    expect(await helm(['list', '--all-namespaces', '--short', '--kubeconfig', api.kubeconfig])).toBe(
      `${name}\n`,
    );
  });

  it('is upgraded, with another value', async () => {
    await helm(['upgrade', name, chartFolder, ...at('kube-system')], { replicas: 3 });
    const replicas = ['get', 'deployment', name, '-n', 'kube-vip-system', '-o=jsonpath={.spec.replicas}'];
    expect(await api.kubectl(...replicas)).toBe('3');
  });

  it('upgrades the CRD too', async () => {
    const without = [
      { op: 'remove', path: '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/arp' },
    ];
    await api.kubectl(
      'patch',
      'crd',
      'kubevipconfigs.kubevip.dev',
      '--type=json',
      '-p',
      JSON.stringify(without),
    );
    await helm(['upgrade', name, chartFolder, '--force-conflicts', ...at('kube-system')]);
    const arp = '.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.arp.type';
    expect(await api.kubectl('get', 'crd', 'kubevipconfigs.kubevip.dev', `-o=jsonpath={${arp}}`)).toBe(
      'object',
    );
  });

  it('leaves the CRD, with every KubeVipConfig, and the Namespace when it goes', async () => {
    await helm(['uninstall', name, ...withoutPods, ...at('kube-system')]);
    expect(await has('crd', 'kubevipconfigs.kubevip.dev')).toBe(true);
    expect(await has('namespace', 'kube-vip-system')).toBe(true);
    expect(await has('deployment', name, '-n', 'kube-vip-system')).toBe(false);
    expect(await has('validatingadmissionpolicy', 'deletions.kubevip.dev')).toBe(false);
  });

  it('of another name is refused then, because the CRD would not be its own', async () => {
    expect(await sentenceOf(install('second'))).toContain(
      'CustomResourceDefinition kubevipconfigs.kubevip.dev: expected of release second in kube-system, found kube-vip-operator in kube-system; install under that name, or give the CRD to this release, see docs/helm.md',
    );
  });

  it('of the same name takes up what is left', async () => {
    await install();
    expect(await has('deployment', name, '-n', 'kube-vip-system')).toBe(true);
    await helm(['uninstall', name, ...withoutPods, ...at('kube-system')]);
  });
});
