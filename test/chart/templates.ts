// The templates of the chart, made of what `kubectl apply -k config/default` and `-k config/monitoring` apply.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments, stringify, type Document } from 'yaml';
import { entryLines, fieldLines, linesIn, spliced, spliceOf, type Manifest, type Splice } from './splices.ts';
import { valueRows } from './values.ts';

interface Generator {
  readonly name: string;
  readonly files: readonly string[];
  readonly options: { readonly labels: Readonly<Record<string, string>> };
}

interface Kustomization {
  readonly namespace?: string;
  readonly resources: readonly string[];
  readonly configMapGenerator?: readonly Generator[];
}

interface Source {
  /** Path below templates/. */
  readonly path: string;
  readonly text: string;
  /** Namespace that the kustomization gives its objects. */
  readonly namespace: string | undefined;
}

const read = (path: string): string => readFileSync(path, 'utf8');
const kustomizationIn = (folder: string): Kustomization =>
  parse(read(join(folder, 'kustomization.yaml'))) as Kustomization;

/** A ConfigMap as kustomize makes it of a file. */
function configMap(folder: string, { name, files, options }: Generator): string {
  const data = Object.fromEntries(
    files.map((file) => {
      const [key = '', from = ''] = file.split('=');
      return [key, read(join(folder, from))];
    }),
  );
  const metadata = { name, labels: options.labels };
  return stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, { lineWidth: 0 });
}

function sourcesIn(folder: string, below: string): readonly Source[] {
  const { namespace: inNamespace, resources, configMapGenerator = [] } = kustomizationIn(folder);
  return [
    ...resources.flatMap((name) =>
      name.endsWith('.yaml')
        ? [{ path: join(below, name), text: read(join(folder, name)), namespace: inNamespace }]
        : sourcesIn(join(folder, name), below || name.split('/').at(-1) || ''),
    ),
    ...configMapGenerator.map((generator) => ({
      path: join(below, generator.files[0]?.split('=')[1]?.replace('.json', '.yaml') ?? ''),
      text: configMap(folder, generator),
      namespace: inNamespace,
    })),
  ];
}

const idOf = (document: Document): string =>
  `${String(document.get('kind'))}/${String(document.getIn(['metadata', 'name']))}`;

// What has KubeVipConfigs or the pods of kube-vip in it stays when the release goes.
const kept: readonly string[] = ['CustomResourceDefinition', 'Namespace'];
const monitored: readonly string[] = ['PodMonitor', 'PrometheusRule'];

const labelsOf = (kind: string): string =>
  monitored.includes(kind)
    ? '(mergeOverwrite (deepCopy .Values.labels) .Values.monitoring.labels)'
    : '.Values.labels';

/** What every object gets: a namespace, the labels of the values, and whether it stays. */
function ofEveryObject(manifest: Manifest, inNamespace: string | undefined): readonly Splice[] {
  const kind = String(manifest.document.get('kind'));
  const labels = labelsOf(kind);
  return [
    ...(inNamespace === undefined
      ? []
      : [linesIn(manifest, 'metadata', 0, () => [`namespace: ${inNamespace}`])]),
    ...(kept.includes(kind)
      ? [linesIn(manifest, 'metadata', 0, () => ['annotations:', '  helm.sh/resource-policy: keep'])]
      : []),
    manifest.document.hasIn(['metadata', 'labels'])
      ? linesIn(manifest, 'metadata.labels', -1, entryLines(labels))
      : linesIn(manifest, 'metadata', 0, fieldLines('labels', labels)),
  ];
}

/** The flags of the operator, in the container that runs it. */
const flagsOf = (manifest: Manifest): readonly Splice[] =>
  idOf(manifest.document) === 'Deployment/kube-vip-operator'
    ? [
        linesIn(
          manifest,
          'spec.template.spec.containers.0',
          0,
          fieldLines('args', '(include "kube-vip-operator.flags" . | trim)', '.'),
        ),
      ]
    : [];

const ofValues = (manifest: Manifest): readonly Splice[] =>
  valueRows.flatMap((row) =>
    (row.places ?? [])
      .filter(({ object }) => object === idOf(manifest.document))
      .map((place) => spliceOf(manifest, row, place)),
  );

function templateOf({ path, text, namespace: inNamespace }: Source): string {
  const splices = parseAllDocuments(text).flatMap((document) => {
    const manifest = { text, document };
    return [...ofEveryObject(manifest, inNamespace), ...flagsOf(manifest), ...ofValues(manifest)];
  });
  const note = `{{- /* Generated from config/ by npm run generate. Do not edit. */ -}}\n`;
  const row = valueRows.find(({ file }) => file === path);
  const body = spliced(text, splices);
  return row === undefined
    ? note + body
    : `${note}{{- if ${row.condition ?? `.Values.${row.value}`} }}\n${body}{{- end }}\n`;
}

/** The flags that differ from what the operator takes without them. */
function flagsTemplate(): string {
  const lines = valueRows.flatMap(({ value, flag, flagText, standard }) =>
    flag === undefined
      ? []
      : [
          `{{- if ne (toString .Values.${value}) ${JSON.stringify(String(standard))} }}`,
          `- --${flag}=${flagText ?? `{{ .Values.${value} }}`}`,
          '{{- end }}',
        ],
  );
  return [
    '{{- /* Generated from test/chart/values.ts by npm run generate. Do not edit. */ -}}',
    '{{- define "kube-vip-operator.flags" -}}',
    ...lines,
    '{{- end }}\n',
  ].join('\n');
}

/** Path below templates/ -> text. */
export function templates(): Readonly<Record<string, string>> {
  const sources = ['config/default', 'config/monitoring'].flatMap((folder) =>
    sourcesIn(folder, folder === 'config/monitoring' ? 'monitoring' : ''),
  );
  return {
    '_flags.tpl': flagsTemplate(),
    ...Object.fromEntries(sources.map((source) => [source.path, templateOf(source)])),
  };
}
