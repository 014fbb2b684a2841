// That each rule of the CRD is what stops its bad example: without that one rule the API server takes it. So
// whoever removes a rule, or makes one that another already covers, turns a test red.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { V1CustomResourceDefinition } from '@kubernetes/client-node';
import type { JsonSchema } from '../../src/api/json-schema.ts';
import type { Rule } from '../../src/api/rule.ts';
import { customResourceDefinition } from '../../src/catalog/crd.ts';
import { rules } from '../../src/catalog/validation.ts';
import { startApiServer, type ApiServer } from '../lab/api-server.ts';
import { Admin } from './admin.ts';
import { written } from './builders.ts';
import type { Breach } from './breach.ts';
import { breaches } from './refusals.ts';
import { until } from './until.ts';

jest.setTimeout(120_000);

interface Validation {
  readonly rule: string;
}

/** The schema without one rule, which must have been there. */
function without(schema: JsonSchema, rule: Rule, at: readonly string[]): JsonSchema {
  const [step, ...below] = at;
  if (step === undefined) {
    const kept = (schema['x-kubernetes-validations'] ?? []) as readonly Validation[];
    const left = kept.filter(({ rule: cel }) => cel !== rule.cel);
    expect([rule.id, left.length]).toEqual([rule.id, kept.length - 1]);
    const { 'x-kubernetes-validations': _, ...rest } = schema;
    return left.length === 0 ? rest : { ...rest, 'x-kubernetes-validations': left };
  }
  if (step === '[]') {
    return { ...schema, items: without(schema.items ?? {}, rule, below) };
  }
  const child = without(schema.properties?.[step] ?? {}, rule, below);
  return { ...schema, properties: { ...schema.properties, [step]: child } };
}

const stepsOf = ({ at }: Rule): readonly string[] =>
  at
    .replaceAll('[]', '.[]')
    .split('.')
    .filter((step) => step !== '');

/** The CRD under a group of its own, without one rule: all of them fit into one API server. */
function variant(group: string, rule?: Rule): V1CustomResourceDefinition {
  const crd = customResourceDefinition();
  const [version] = crd.spec.versions;
  const schema = version?.schema?.openAPIV3Schema as JsonSchema;
  const openAPIV3Schema = (rule ? without(schema, rule, stepsOf(rule)) : schema) as object;
  return {
    ...crd,
    metadata: { name: `kubevipconfigs.${group}` },
    spec: {
      ...crd.spec,
      group,
      versions: [{ ...version, name: 'v1alpha1', served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}

const complete = 'complete.kubevip.dev';
const groupOf = (rule: Rule): string => `without-${rules.indexOf(rule)}.kubevip.dev`;
const pathOf = (group: string): string => `/apis/${group}/v1alpha1/kubevipconfigs`;

let api: ApiServer;
let admin: Admin;

beforeAll(async () => {
  api = await startApiServer();
  admin = new Admin(api);
  const variants = [variant(complete), ...rules.map((rule) => variant(groupOf(rule), rule))];
  for (const body of variants) {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await admin.expect({ method: 'POST', path, body });
  }
  for (const { spec } of variants) {
    await until(`${spec.group} to be served`, async () => {
      const { status } = await admin.send({ method: 'GET', path: pathOf(spec.group) });
      return status === 200;
    });
  }
}, 120_000);

afterAll(async () => {
  admin?.close();
  await api?.stop();
});

/** What the API server says to the bad example under one group, or undefined. */
async function refusal(group: string, { spec, before }: Breach): Promise<string | undefined> {
  const body = (value: Breach['spec']) => ({ ...written('edge', value), apiVersion: `${group}/v1alpha1` });
  const path = pathOf(group);
  if (before === undefined) {
    return admin.refusal({ method: 'POST', path: `${path}?dryRun=All`, body: body(spec) });
  }
  await admin.expect({ method: 'POST', path, body: body(before) });
  return admin.refusal({
    method: 'PATCH',
    path: `${path}/edge?dryRun=All`,
    body: { spec },
    type: 'merge',
  });
}

describe('without the rule', () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))('%s its bad example is stored', async (id, rule) => {
    const breach = breaches[id];
    expect(breach).toBeDefined();
    expect(breach && (await refusal(groupOf(rule), breach))).toBeUndefined();
  });
});

describe('with every rule', () => {
  it.each(Object.entries(breaches).filter(([, { before }]) => before === undefined))(
    '%s stops its bad example',
    async (_, breach) => {
      expect(await refusal(complete, breach)).toContain(breach.says);
    },
  );
});

describe('the cost of the rules', () => {
  it('leaves room for as many again', async () => {
    const group = 'many.kubevip.dev';
    const crd = variant(group);
    const [version] = crd.spec.versions;
    const schema = version?.schema?.openAPIV3Schema as JsonSchema;
    const double = (node: JsonSchema): JsonSchema => ({
      ...node,
      ...(node['x-kubernetes-validations'] && {
        'x-kubernetes-validations': [1, 2].flatMap(() => node['x-kubernetes-validations'] ?? []),
      }),
      ...(node.items && { items: double(node.items) }),
      ...(node.properties && {
        properties: Object.fromEntries(
          Object.entries(node.properties).map(([name, child]) => [name, double(child)]),
        ),
      }),
    });
    if (version) {
      version.schema = { openAPIV3Schema: double(schema) as object };
    }
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All';
    expect(await admin.refusal({ method: 'POST', path, body: crd })).toBeUndefined();
  });
});
