// The chart and config/, rendered by Helm and kustomize themselves.
import { writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '@kubernetes/client-node';
import { chartFolder } from '../../chart/chart.ts';
import { helm, inFolder } from '../../lab/helm.ts';
import { run } from '../../lab/process.ts';
import { ensureTools } from '../../lab/tools.ts';
import type { Overlay } from './cases.ts';

/** Kind, namespace and name -> the object. */
export type Objects = Readonly<Record<string, KubernetesObject>>;

const nameOf = ({ kind, metadata }: KubernetesObject): string =>
  `${kind} ${metadata?.namespace ?? ''}/${metadata?.name}`;

/** What is in a stream of YAML. An object that is there twice is an error. */
export function objectsIn(text: string): Objects {
  const objects = parseAllDocuments(text)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
  const byName = Object.fromEntries(objects.map((object) => [nameOf(object), object]));
  if (Object.keys(byName).length !== objects.length) {
    throw new Error(`expected each object once, found ${objects.map(nameOf).sort().join(', ')}`);
  }
  return byName;
}

/** APIs that clusters have with the Prometheus operator, for a rendering that asks no cluster. */
const monitoringApis = ['PodMonitor', 'PrometheusRule'].flatMap((kind) => [
  '--api-versions',
  `monitoring.coreos.com/v1/${kind}`,
]);

/** What the chart renders to, without a cluster. */
export const rendered = async (values: object, ...flags: readonly string[]): Promise<Objects> =>
  objectsIn(
    await helm(
      [
        'template',
        'kube-vip-operator',
        chartFolder,
        '--namespace',
        'kube-system',
        ...monitoringApis,
        ...flags,
      ],
      values,
    ),
  );

/** What an overlay of config/ builds. */
export async function built({ folders = ['default'], ...rest }: Overlay): Promise<Objects> {
  const { kustomize = '' } = await ensureTools(['kustomize']);
  return inFolder(async (folder) => {
    const resources = folders.map((name) => relative(folder, resolve('config', name)));
    writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify({ resources, ...rest }));
    return objectsIn(await run([kustomize, 'build', folder]));
  });
}
