// What holds for every admission policy, read from the manifests; what they do is tested on a real API server.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type {
  V1ValidatingAdmissionPolicy,
  V1ValidatingAdmissionPolicyBinding,
} from '@kubernetes/client-node';
import { parse, parseAllDocuments } from 'yaml';
import { assignedAnnotation } from '../../src/api/metadata.ts';
import { admissionPolicies } from '../../src/catalog/admission-policies.ts';
import { serviceAnnotationRows, writtenByKubeVip } from '../../src/catalog/service-annotations.ts';

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
  expect(policies.map(({ name }) => name)).toEqual(admissionPolicies);
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
      /^ +await fence\.(inForce|close)\(policy, .*^ +await (fence\.open\(|expectOpen\(fence, )policy, /ms.test(
        text,
      ),
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

const specOf = (wanted: string) => policies.find(({ file }) => file === wanted)?.policy.spec;
const expressionOf = (file: string, variable: string): string =>
  specOf(file)?.variables?.find(({ name }) => name === variable)?.expression ?? '';
const namesIn = (expression: string): readonly string[] =>
  [...expression.matchAll(/'((?:development[.])?kube-vip[.]io\/[^']+)'/g)]
    .map(([, name = '']) => name)
    .sort();

it('both policies about requests judge alike, each with its way to know the class', () => {
  const [byName, byClass] = ['service-requests.yaml', 'service-requests-by-class.yaml'].map(specOf);
  expect(byClass?.matchConstraints).toEqual(byName?.matchConstraints);
  expect(byClass?.variables).toEqual(byName?.variables);
  expect(byClass?.validations).toEqual(byName?.validations);
});

describe('the annotations that a Service of ours may have', () => {
  const keys = (rows: typeof serviceAnnotationRows) => rows.map(({ key }) => key).sort();
  const file = 'service-requests.yaml';

  it('are those of the table', () => {
    const writtenBy = (who: string) => keys(serviceAnnotationRows.filter(({ writers }) => writers === who));
    expect(namesIn(expressionOf(file, 'free'))).toEqual(writtenBy('anyone'));
    expect(namesIn(expressionOf(file, 'ofKubeVip'))).toEqual([...writtenByKubeVip].sort());
    expect(namesIn(expressionOf('service-writers.yaml', 'own'))).toEqual(
      [...writtenByKubeVip, ...writtenBy('operator')].sort(),
    );
    expect(expressionOf('service-writers.yaml', 'own')).toContain(
      `? ['${writtenBy('operator').join()}', '${assignedAnnotation}'] :`,
    );
  });

  it('may be off where the table says so', () => {
    const switches = keys(serviceAnnotationRows.filter(({ isSwitch }) => isSwitch));
    expect(namesIn(expressionOf(file, 'switches'))).toEqual(switches);
  });

  it('are each one row', () => {
    expect(new Set(keys(serviceAnnotationRows)).size).toBe(serviceAnnotationRows.length);
  });
});

it('every policy that compares addresses reads them alike', () => {
  const readers = policies.flatMap(({ policy }) => [
    ...(policy.spec?.variables ?? []),
    ...(policy.spec?.matchConditions ?? []),
  ]);
  const parts = readers.flatMap(
    ({ expression }) =>
      /[.]map[(]t, isIP[(]t[)] [?] .*?: s[)]\[0[\]][)]\[0[\]][)]/s.exec(expression)?.[0] ?? [],
  );
  expect(parts.length).toBe(4);
  expect(new Set(parts.map((part) => part.replaceAll(/\s+/g, ' '))).size).toBe(1);
});
