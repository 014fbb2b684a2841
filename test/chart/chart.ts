// The chart: what is written from config/ and the table of values. Checks, notes and tests are templates of their own.
import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { oldestKubernetes } from '../../src/catalog/kubernetes.ts';
import { closed, reservedLabels, type ValueSchema } from './schema.ts';
import { templates } from './templates.ts';
import type { ValueRow } from './value-row.ts';
import { valueRows } from './values.ts';

/** The folder of the chart. */
export const chartFolder = 'charts/kube-vip-operator';

const note = '# Generated from test/chart/values.ts by `npm run generate`. Do not edit.\n';

interface Tree {
  readonly [name: string]: ValueRow | Tree;
}

const isRow = (node: ValueRow | Tree): node is ValueRow => 'standard' in node && 'schema' in node;

function planted(tree: Tree, steps: readonly string[], row: ValueRow): Tree {
  const [name = '', ...rest] = steps;
  const below = tree[name];
  const branch = below === undefined || isRow(below) ? {} : below;
  return { ...tree, [name]: rest.length === 0 ? row : planted(branch, rest, row) };
}

const tree = valueRows.reduce<Tree>((grown, row) => planted(grown, row.value.split('.'), row), {});

const schemaOf = (node: ValueRow | Tree): ValueSchema =>
  isRow(node)
    ? { ...node.schema, description: node.meaning }
    : closed(Object.fromEntries(Object.entries(node).map(([name, child]) => [name, schemaOf(child)])));

function valuesYaml(node: Tree, indent: string): string {
  return Object.entries(node)
    .map(([name, child]) => {
      if (!isRow(child)) {
        return `${indent}${name}:\n${valuesYaml(child, `${indent}  `)}`;
      }
      const text = stringify({ [name]: child.standard }, { lineWidth: 0 });
      const lines = [`# ${child.meaning}`, ...text.trimEnd().split('\n')];
      return lines.map((line) => `${indent}${line}\n`).join('');
    })
    .join('');
}

// Helm gives the values of charts that this one is part of under `global`. Nothing here reads them.
const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Values of the chart kube-vip-operator',
  ...closed({ ...schemaOf(tree).properties, global: { type: 'object', additionalProperties: false } }),
};

function chartYaml(): string {
  const { version, description } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, string>;
  return (
    note +
    stringify(
      {
        apiVersion: 'v2',
        name: 'kube-vip-operator',
        description,
        type: 'application',
        version,
        appVersion: `v${version}`,
        kubeVersion: `>=${oldestKubernetes}.0-0`,
        home: 'https://github.com/kube-vip-operator/kube-vip-operator',
        sources: ['https://github.com/kube-vip-operator/kube-vip-operator'],
        keywords: ['kube-vip', 'load-balancer', 'virtual-ip', 'bare-metal'],
      },
      { lineWidth: 0 },
    )
  );
}

/** Labels that a value does not set, for the checks of the chart. */
const reservedTemplate =
  '{{- /* Generated from test/chart/schema.ts by npm run generate. Do not edit. */ -}}\n' +
  '{{- define "kube-vip-operator.reservedLabels" -}}\n' +
  `${JSON.stringify(reservedLabels)}\n{{- end }}\n`;

/** The values as they are without being set. */
export const standardValues: unknown = parse(valuesYaml(tree, ''));

/** Every generated file of the chart. */
export function generatedChart(): Readonly<Record<string, string>> {
  const files = {
    'Chart.yaml': chartYaml(),
    'values.yaml': note + valuesYaml(tree, ''),
    'values.schema.json': `${JSON.stringify(schema, undefined, 2)}\n`,
    'templates/_reserved-labels.tpl': reservedTemplate,
    ...Object.fromEntries(Object.entries(templates()).map(([path, text]) => [`templates/${path}`, text])),
  };
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${chartFolder}/${path}`, text]));
}
