// That the chart is whole: nothing in it that is neither generated nor known, and no option of the operator without a value.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { usage } from '../../src/options.ts';
import { chartFolder, generatedChart } from './chart.ts';
import type { ValueSchema } from './schema.ts';
import { spliced, spliceOf } from './splices.ts';
import type { Place, ValueRow } from './value-row.ts';
import { valueRows } from './values.ts';

/** What kustomize has not. */
const byHand = [
  '.helmignore',
  'templates/NOTES.txt',
  'templates/_helpers.tpl',
  'templates/checks.yaml',
  'templates/tests/account.yaml',
  'templates/tests/pod.yaml',
  'templates/uninstall/account.yaml',
  'templates/uninstall/pod.yaml',
].map((path) => join(chartFolder, path));

const files = readdirSync(chartFolder, { recursive: true, encoding: 'utf8' })
  .map((path) => join(chartFolder, path))
  .filter((path) => statSync(path).isFile());
const generated = generatedChart();

describe('the chart', () => {
  it('has what is generated, what is known, and no other file', () => {
    expect(files.sort()).toEqual([...Object.keys(generated), ...byHand].sort());
  });

  it('has every manifest of config/default and config/monitoring', () => {
    const named = ['crd', 'namespace', 'rbac', 'admission', 'manager', 'monitoring'].flatMap((folder) => {
      const { resources } = parse(readFileSync(`config/${folder}/kustomization.yaml`, 'utf8')) as {
        resources: string[];
      };
      return resources.filter((name) => name.endsWith('.yaml')).map((name) => `${folder}/${name}`);
    });
    const missing = named.filter((name) => !(`${chartFolder}/templates/${name}` in generated));
    expect(missing).toEqual([]);
  });

  it('has no condition about an admission policy', () => {
    const policies = Object.entries(generated).filter(([path]) => path.includes('/admission/'));
    expect(policies.length).toBeGreaterThan(10);
    expect(policies.filter(([, text]) => /\{\{-? *(if|else)/.test(text))).toEqual([]);
  });

  it('sets the version of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const chart = parse(generated[`${chartFolder}/Chart.yaml`] ?? '') as Record<string, string>;
    expect(chart).toMatchObject({ version, appVersion: `v${version}` });
  });

  it('has a value for every flag of the operator but the kubeconfig, which a pod has not', () => {
    const flags = [...usage.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, flag = '']) => flag);
    const values = valueRows.flatMap(({ flag }) => flag ?? []);
    expect([...values, 'kubeconfig', 'help'].sort()).toEqual(flags.sort());
  });

  it.each(valueRows.filter(({ flag }) => flag !== undefined))(
    'has for $value the default that the operator has',
    ({ flag, standard, schema }) => {
      const [, text = ''] = new RegExp(`--${flag} [^]*?default:? ([\\w ]+)`).exec(usage) ?? [];
      const word = schema.type === 'boolean' ? (standard ? 'on' : 'off') : String(standard);
      expect(text.startsWith(word)).toBe(true);
    },
  );
});

const nodesOf = (schema: ValueSchema): readonly ValueSchema[] => [
  schema,
  ...Object.values({ ...schema.properties, ...schema.patternProperties }).flatMap(nodesOf),
  ...(schema.items ? nodesOf(schema.items) : []),
];

describe('values.schema.json', () => {
  const schema = JSON.parse(generated[`${chartFolder}/values.schema.json`] ?? '') as ValueSchema;

  it('is closed at every level', () => {
    const open = nodesOf(schema).filter(
      ({ type, additionalProperties }) => type === 'object' && additionalProperties !== false,
    );
    expect(open).toEqual([]);
  });

  it('has a type for every value', () => {
    expect(nodesOf(schema).filter(({ type }) => type === undefined)).toEqual([]);
  });
});

describe('an expression in a manifest', () => {
  const text =
    '# why\nkind: A\nmetadata:\n  name: x # a name\nspec:\n  list:\n    - a: 1\n  note: "{{ b }}"\n';
  const [document] = parseAllDocuments(text);
  const row = (over: Partial<ValueRow>): ValueRow => ({
    value: 'v',
    schema: { type: 'integer' },
    standard: 0,
    meaning: '',
    ...over,
  });
  const put = (over: Partial<ValueRow>, [field, how]: readonly [string, Place['how']]): string =>
    spliced(text, [spliceOf({ text, document: document! }, row(over), { object: 'A/x', field, how })]);

  it.each<[string, Partial<ValueRow>, readonly [string, Place['how']], string]>([
    ['takes the place of a number', {}, ['spec.list.0.a', 'replace'], '    - a: {{ .Values.v | int }}\n'],
    [
      'takes the place of a list',
      { schema: { type: 'array' } },
      ['spec.list', 'replace'],
      '  list:\n    {{- toYaml .Values.v | nindent 4 }}\n  note:',
    ],
    [
      'makes a field after the first one, whose comment stays',
      {},
      ['metadata.labels', 'add'],
      '  name: x # a name\n  {{- with .Values.v }}\n  labels:\n    {{- toYaml . | nindent 4 }}\n  {{- end }}\nspec:',
    ],
    [
      'adds to a map',
      {},
      ['metadata', 'extend'],
      '  name: x # a name\n  {{- with .Values.v }}\n  {{- toYaml . | nindent 2 }}\n  {{- end }}\nspec:',
    ],
  ])('%s', (_, over, place, expected) => {
    expect(put(over, place)).toContain(expected);
  });

  it('leaves what another program reads', () => {
    expect(put({}, ['spec.list.0.a', 'replace'])).toContain('note: "{{ "{{" }} b }}"');
  });

  it('needs the field that it is for', () => {
    expect(() => put({}, ['spec.gone', 'replace'])).toThrow('A x: expected the field spec.gone, found none');
  });
});
