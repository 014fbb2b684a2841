// The CRD carries every rule where the rule says, and nothing that the API server would not take.
import { describe, expect, it } from '@jest/globals';
import type { JsonSchema } from '../../src/api/json-schema.ts';
import { celMessage } from '../../src/api/rule.ts';
import { customResourceDefinition } from '../../src/catalog/crd.ts';
import { releases } from '../../src/catalog/releases.ts';
import { rules } from '../../src/catalog/validation.ts';
import { objectSchema } from '../api/arbitraries.ts';

interface Found {
  readonly at: string;
  readonly schema: JsonSchema;
}

/** Every schema in a tree, with its path as rules name it. */
function walk(schema: JsonSchema, at: string): readonly Found[] {
  const below = at === '' ? '' : `${at}.`;
  return [
    { at, schema },
    ...Object.entries(schema.properties ?? {}).flatMap(([name, child]) => walk(child, below + name)),
    ...(schema.items ? walk(schema.items, `${at}[]`) : []),
    ...(schema.additionalProperties ? walk(schema.additionalProperties, `${at}{}`) : []),
  ];
}

const schemas = walk(objectSchema, '');
const [version] = customResourceDefinition().spec.versions;

describe('customResourceDefinition', () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))('carries %s at its place', (_, rule) => {
    const place = schemas.find(({ at }) => at === rule.at);
    expect(place?.schema['x-kubernetes-validations']).toContainEqual({
      rule: rule.cel,
      message: expect.not.stringContaining('{'),
      messageExpression: celMessage(rule),
    });
  });

  it('carries no rule twice', () => {
    const carried = schemas.flatMap(({ schema }) => schema['x-kubernetes-validations'] ?? []);
    expect(carried).toHaveLength(rules.length);
  });

  it('admits exactly the versions of the catalogue', () => {
    const { spec } = objectSchema.properties;
    expect(spec.properties?.['version']?.enum).toEqual(releases.map((row) => row.version));
  });

  it.each(schemas.filter(({ at }) => at.startsWith('spec')).map(({ at, schema }) => [at, schema] as const))(
    '%s has bounds, so that rules have a cost',
    (_, schema) => {
      const bounded = schema.type !== 'string' || schema.enum !== undefined || schema.maxLength !== undefined;
      expect(bounded && (schema.type !== 'array' || schema.maxItems !== undefined)).toBe(true);
    },
  );

  it.each(version?.additionalPrinterColumns?.map((column) => [column.name, column] as const) ?? [])(
    'the column %s reads a field that there is',
    (_, { jsonPath }) => {
      const [, path = '', , condition = ''] =
        /^\.([\w.]+)(\[\?\(@\.type=="(\w+)"\)\]\.\w+)?$/.exec(jsonPath) ?? [];
      const isField = schemas.some(({ at }) => at === path) || path === 'metadata.creationTimestamp';
      expect([isField, condition]).toEqual([true, expect.stringMatching(/^(Ready)?$/)]);
    },
  );
});
