// What holds for every admission policy, read from the manifests; what they do is tested on a real API server.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type {
  V1ValidatingAdmissionPolicy,
  V1ValidatingAdmissionPolicyBinding,
} from '@kubernetes/client-node';
import { parse, parseAllDocuments } from 'yaml';

const folder = 'config/admission';
const read = (file: string): string => readFileSync(file, 'utf8');
const resourcesOf = (kustomization: string): readonly string[] =>
  (parse(read(`${kustomization}/kustomization.yaml`)) as { resources: string[] }).resources;

const files = readdirSync(folder).filter((file) => file !== 'kustomization.yaml');
const policies = files.map((file) => {
  const [policy, binding] = parseAllDocuments(read(`${folder}/${file}`)).map((document): unknown =>
    document.toJS(),
  ) as [V1ValidatingAdmissionPolicy, V1ValidatingAdmissionPolicyBinding];
  return { file, name: policy.metadata?.name ?? '', policy, binding };
});

const testFolder = 'test/api-server/admission';
const tests = readdirSync(testFolder)
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => read(`${testFolder}/${file}`));

it('all are installed by config/default', () => {
  expect(resourcesOf('config/default')).toContain('../admission');
  expect([...resourcesOf(folder)].sort()).toEqual(files);
});

it('are exactly these', () => {
  expect(policies.map(({ name }) => name)).toEqual([
    'deletions.kubevip.dev',
    'foreign-kube-vip-claims.kubevip.dev',
    'foreign-kube-vip.kubevip.dev',
    'kubevipconfig-claims.kubevip.dev',
    'operand-leases.kubevip.dev',
    'service-addresses.kubevip.dev',
    'service-features.kubevip.dev',
    'service-limits.kubevip.dev',
    'service-requests-by-class.kubevip.dev',
    'service-requests.kubevip.dev',
    'service-sharing.kubevip.dev',
    'service-writers.kubevip.dev',
  ]);
});

describe.each(policies)('$name', ({ file, name, policy, binding }) => {
  it('is in a file of its name, with one binding of its name that denies', () => {
    expect(`${file.replace('.yaml', '')}.kubevip.dev`).toBe(name);
    expect(binding.metadata?.name).toBe(name);
    expect(binding.spec?.policyName).toBe(name);
    expect(binding.spec?.validationActions).toEqual(['Deny']);
  });

  it('refuses what it cannot evaluate only when nothing but the object decides', () => {
    const { failurePolicy, paramKind } = policy.spec ?? {};
    expect(failurePolicy).toBe(paramKind === undefined ? 'Fail' : 'Ignore');
  });

  it('has nothing to say without a parameter', () => {
    const params = { selector: {}, parameterNotFoundAction: 'Allow' };
    expect(binding.spec?.paramRef).toEqual(policy.spec?.paramKind && params);
  });

  it('matches named resources and versions only, so that the API server checks its types', () => {
    const rules = policy.spec?.matchConstraints?.resourceRules ?? [];
    expect(
      rules.flatMap(({ apiGroups, apiVersions, resources }) => [apiGroups, apiVersions, resources].flat()),
    ).not.toContain('*');
    expect(rules.length).toBeGreaterThan(0);
  });

  it('says what is wrong, and something plain where that cannot be said', () => {
    for (const { messageExpression, message } of policy.spec?.validations ?? []) {
      expect(messageExpression).not.toBeUndefined();
      expect(message).not.toBe('');
    }
  });

  // A fence that is opened with all else in place, and lets through what it refused: no other fence covers for it.
  it('is taken away by a test on a real API server, after it refused', () => {
    const own = tests.filter((text) => text.includes(`\nconst policy = '${name}';\n`));
    const opened = own.filter((text) =>
      /^ +await fence\.inForce\(policy, .*^ +await fence\.open\(policy, /ms.test(text),
    );
    expect({ tests: own.length > 0, opened: opened.length > 0 }).toEqual({ tests: true, opened: true });
  });

  it('is in docs/admission.md', () => {
    expect(read('docs/admission.md')).toContain(`\`${name}\``);
  });
});

it('both policies about workloads judge the same ones', () => {
  const [claims, settings] = ['foreign-kube-vip-claims.yaml', 'foreign-kube-vip.yaml'].map(
    (wanted) => policies.find(({ file }) => file === wanted)?.policy.spec,
  );
  const containers = (spec: typeof claims) => spec?.variables?.find(({ name }) => name === 'containers');
  expect(claims?.matchConstraints).toEqual(settings?.matchConstraints);
  expect(claims?.matchConditions).toEqual(settings?.matchConditions);
  expect(containers(claims)).toEqual(containers(settings));
});
