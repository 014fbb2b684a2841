// Documentation that is written from the tables.
import type { JsonSchema } from '../src/api/json-schema.ts';
import { conditionTypes, reasons } from '../src/api/conditions.ts';
import { specSchema } from '../src/api/spec-schema.ts';
import { releases } from '../src/catalog/releases.ts';
import { settings, type Setting } from '../src/catalog/settings.ts';
import { rules } from '../src/catalog/validation.ts';
import { variableOf, variables } from '../src/catalog/variables.ts';
import { hazardsDoc } from './generated-hazards.ts';
import { versionsDoc } from './generated-versions.ts';
import { generatedNote, table } from './markdown.ts';

function limits(schema: JsonSchema): string {
  const parts = [
    schema.enum && schema.enum.map((value) => `\`${value}\``).join(', '),
    schema.minimum !== undefined && `${schema.minimum} to ${schema.maximum}`,
    schema.maxItems !== undefined && `at most ${schema.maxItems}`,
    schema.maxLength !== undefined && `at most ${schema.maxLength} characters`,
  ];
  return parts.filter(Boolean).join('; ');
}

function fieldRows(schema: JsonSchema, path: string): readonly (readonly string[])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const here = `${path}.${name}`;
    const hasDefault = child.default !== undefined && typeof child.default !== 'object';
    const needed = schema.required?.includes(name) ? 'required' : '';
    return [
      [
        `\`${here}\``,
        child.type ?? '',
        [needed, limits(child), hasDefault && `default \`${JSON.stringify(child.default)}\``]
          .filter(Boolean)
          .join('; '),
        child.description ?? '',
      ],
      ...fieldRows(child, here),
    ];
  });
}

function fields(): string {
  const ruleRows = rules.map((rule) => [
    `\`${rule.at === '' ? 'object' : rule.at}\``,
    rule.message.replaceAll(/\{(\w+)\}/g, '…'),
  ]);
  return (
    `${generatedNote}# Fields of a KubeVipConfig\n\n` +
    table(['field', 'type', 'values', 'meaning'], fieldRows(specSchema, 'spec')) +
    '\n## Rules\n\nWhat the API server says when a rule is broken; … stands for what it found.\n\n' +
    table(['where', 'message'], ruleRows)
  );
}

function range({ since, before }: Setting): string {
  return (
    [since && `from ${since}`, before && `before ${before}`].filter(Boolean).join(', ') || 'every release'
  );
}

function settingsDoc(): string {
  const newest = releases.at(-1)?.version ?? '';
  const read = new Set(variables.filter(({ name }) => variableOf(name, newest)).map(({ name }) => name));
  const rows = settings.map((row) => [`\`${row.env}\``, row.only ?? 'both', range(row), row.why]);
  return (
    `${generatedNote}# Variables of kube-vip that are set\n\n` +
    `kube-vip ${newest} reads ${read.size} variables. These are all that the operator ever sets.\n\n` +
    table(['variable', 'function', 'releases', 'why'], rows)
  );
}

function conditions(): string {
  return (
    `${generatedNote}# Conditions and reasons\n\n` +
    table(['condition', 'meaning'], Object.entries(conditionTypes)) +
    '\n## Reasons\n\n' +
    table(['reason', 'meaning'], Object.entries(reasons))
  );
}

/** Every generated document by path. */
export function generatedDocs(): Readonly<Record<string, string>> {
  return {
    'docs/fields.md': fields(),
    'docs/settings.md': settingsDoc(),
    'docs/versions.md': versionsDoc(),
    'docs/hazards.md': hazardsDoc(),
    'docs/conditions.md': conditions(),
  };
}
