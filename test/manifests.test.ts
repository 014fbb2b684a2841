// What an administrator applies agrees with the code.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import type { KubeVipConfig } from '../src/api/types.ts';
import { validate } from '../src/catalog/validation.ts';
import { generatedFiles } from './generated.ts';
import { kubeVipConfig, rendering } from './builders.ts';

type Json = Readonly<Record<string | number, unknown>>;

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
}

const read = (path: string): string => readFileSync(path, 'utf8');
const documents = (path: string): readonly Manifest[] =>
  parseAllDocuments(read(path)).map((row) => row.toJS() as Manifest);
const rbac = readdirSync('config/rbac')
  .filter((file) => file !== 'kustomization.yaml')
  .flatMap((file) => documents(join('config/rbac', file)));

describe('generated files', () => {
  it.each(Object.entries(generatedFiles()))('%s is what `npm run generate` writes', (path, content) => {
    expect(read(path)).toBe(content);
  });
});

describe('samples', () => {
  const samples = readdirSync('config/samples').filter((file) => file !== 'kustomization.yaml');

  it.each(samples)('%s is a KubeVipConfig that is admitted', (file) => {
    const sample = parse(read(join('config/samples', file))) as KubeVipConfig;
    expect(sample.kind).toBe('KubeVipConfig');
    expect(validate(sample)).toEqual([]);
  });
});

describe('config', () => {
  it('has every file and folder that a kustomization names', () => {
    const folders = readdirSync('config', { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join('config', name));
    for (const folder of [...folders, 'crds']) {
      const { resources } = parse(read(join(folder, 'kustomization.yaml'))) as { resources: string[] };
      expect(resources.filter((name) => !existsSync(join(folder, name)))).toEqual([]);
    }
  });

  it('has the account of every DaemonSet that is rendered', () => {
    const accounts = rbac
      .filter(({ kind }) => kind === 'ServiceAccount')
      .map(({ metadata }) => metadata.name);
    const wanted = rendering(kubeVipConfig()).map(({ spec }) => spec?.template.spec?.serviceAccountName);
    expect(accounts).toEqual(expect.arrayContaining(wanted));
  });

  it('lets the operator write no RBAC and read no Secret', () => {
    const own = rbac.filter(({ metadata }) => metadata.name === 'kube-vip-operator');
    const resources = own.flatMap(({ rules = [] }) => rules.flatMap((rule) => rule.resources));
    expect(resources.filter((name) => /role|secret|\*/.test(name))).toEqual([]);
    expect(own.flatMap(({ rules = [] }) => rules.flatMap(({ verbs }) => verbs))).not.toContain('*');
  });

  it('runs the operator without rights, from the image of this version', () => {
    const [deployment] = parseAllDocuments(read('config/manager/manager.yaml')).map(
      (row) => row.toJS() as object,
    );
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(deployment).toMatchObject({
      spec: {
        template: {
          spec: {
            securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                image: expect.stringMatching(new RegExp(`:v${version}$`)),
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'] },
                },
              },
            ],
          },
        },
      },
    });
  });

  const [deployment, budget, policy] = ['manager', 'disruption-budget', 'network-policy'].map(
    (name) => parse(read(`config/manager/${name}.yaml`)) as Json,
  );
  const at = (object: Json | undefined, ...steps: readonly (string | number)[]): unknown =>
    steps.reduce<unknown>((value, step) => (value as Json | undefined)?.[step], object);

  it('runs two operators, on different nodes where there are any', () => {
    const pod = ['spec', 'template', 'spec'] as const;
    expect(at(deployment, 'spec', 'replicas')).toBe(2);
    const spread = at(deployment, ...pod, 'topologySpreadConstraints') as { whenUnsatisfiable: string }[];
    expect(spread.map(({ whenUnsatisfiable }) => whenUnsatisfiable)).toEqual([
      'ScheduleAnyway',
      'ScheduleAnyway',
    ]);
    expect(at(deployment, ...pod, 'affinity', 'podAntiAffinity')).not.toHaveProperty(
      'requiredDuringSchedulingIgnoredDuringExecution',
    );
  });

  it('means these pods with its budget and its network policy', () => {
    const pods = at(deployment, 'spec', 'template', 'metadata', 'labels');
    expect(at(budget, 'spec', 'selector', 'matchLabels')).toEqual(pods);
    expect(at(policy, 'spec', 'podSelector', 'matchLabels')).toEqual(pods);
  });

  it('lets every port of the operator be reached, and no other', () => {
    const ports = at(deployment, 'spec', 'template', 'spec', 'containers', 0, 'ports') as { name: string }[];
    const open = at(policy, 'spec', 'ingress') as { ports: { port: string }[] }[];
    expect(open.flatMap((rule) => rule.ports.map(({ port }) => port)).sort()).toEqual(
      ports.map(({ name }) => name).sort(),
    );
  });
});
