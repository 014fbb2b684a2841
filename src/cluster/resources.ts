// The resources that are watched: where they are and which of their objects.
import { apiVersion, labels, managedByValue, plural, unsafeValue } from '../api/metadata.ts';

export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
  readonly labelSelector?: string;
}

const [group = '', version = ''] = apiVersion.split('/');

export const resources = {
  configs: { group, version, plural, isNamespaced: false },
  daemonSets: { group: 'apps', version: 'v1', plural: 'daemonsets', isNamespaced: true },
  pods: {
    group: '',
    version: 'v1',
    plural: 'pods',
    isNamespaced: true,
    labelSelector: `${labels.managedBy}=${managedByValue}`,
  },
  openNamespaces: {
    group: '',
    version: 'v1',
    plural: 'namespaces',
    isNamespaced: false,
    labelSelector: `${labels.unsafe}=${unsafeValue}`,
  },
  leases: { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', isNamespaced: true },
} as const satisfies Record<string, Resource>;

/** Path of a resource's collection, or of one object in it. */
export function pathOf(resource: Resource, namespace: string, name?: string): string {
  const root = resource.group === '' ? '/api' : `/apis/${resource.group}`;
  const scope = resource.isNamespaced ? `/namespaces/${namespace}` : '';
  return `${root}/${resource.version}${scope}/${resource.plural}${name === undefined ? '' : `/${name}`}`;
}
