// Documentation that is written from the tables.
import type { JsonSchema } from '../src/api/json-schema.ts';
import { conditionTypes, reasons } from '../src/api/conditions.ts';
import { specSchema } from '../src/api/spec-schema.ts';
import { releases } from '../src/catalog/releases.ts';
import { settings, type Setting } from '../src/catalog/settings.ts';
import { rules } from '../src/catalog/validation.ts';
import { verdicts, type Verdict } from '../src/catalog/verdicts.ts';

const note = '<!-- Generated from the tables in src/ by `npm run generate`. Do not edit. -->\n\n';
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n') + '\n';
}

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
    `${note}# Fields of a KubeVipConfig\n\n` +
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
  const rows = settings.map((row) => [`\`${row.env}\``, row.only ?? 'both', range(row), row.why]);
  return `${note}# Variables of kube-vip that are set\n\nkube-vip reads some 96 variables. These are all that the operator ever sets.\n\n${table(['variable', 'function', 'releases', 'why'], rows)}`;
}

function versions(): string {
  const rows: readonly Verdict[] = verdicts;
  const releaseRows = releases.map((row) => [
    row.version,
    row.released,
    row.role,
    `\`${row.digest}\``,
    String(row.digestSources),
  ]);
  return (
    `${note}# Releases of kube-vip in the catalogue\n\n` +
    table(['version', 'date', 'for', 'digest', 'independent sources of the digest'], releaseRows) +
    '\nThe registry itself was not asked for a digest. Confirm one with `crane digest ghcr.io/kube-vip/kube-vip:VERSION`.\n' +
    '\n## What is not a plain yes\n\n`avoid` is refused by the API server; `caveat` can be chosen and shows as the condition `KnownHazard`.\n\n' +
    table(
      ['version', 'used for', 'verdict', 'because', 'evidence'],
      rows.map((row) => [row.version, row.feature, row.verdict, row.because, row.evidence.join(', ')]),
    )
  );
}

function conditions(): string {
  return (
    `${note}# Conditions and reasons\n\n` +
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
    'docs/versions.md': versions(),
    'docs/conditions.md': conditions(),
  };
}
