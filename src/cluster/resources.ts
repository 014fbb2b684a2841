// The resources that are watched: where they are, which of their objects, and what is kept of each.
import type { KubernetesObject } from '@kubernetes/client-node';
import { apiVersion, labels, managedByValue, plural, unsafeValue } from '../api/metadata.ts';
import { trimLease, trimNode, trimPod, trimPolicy, trimRevision, trimService } from './trim.ts';

/** One kind of object that is watched. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** In the namespace of the components alone; otherwise in the whole cluster. */
  readonly isNamespaced: boolean;
  readonly labelSelector?: string;
  /** Keeps only what is read. An event that changes nothing of it is no event. */
  readonly trim?: (object: KubernetesObject) => KubernetesObject;
}

const [group = '', version = ''] = apiVersion.split('/');

/** Every kind of object that is watched, by the name that logs and metrics use. */
export const resources = {
  configs: { group, version, plural, isNamespaced: false },
  daemonSets: { group: 'apps', version: 'v1', plural: 'daemonsets', isNamespaced: true },
  controllerRevisions: {
    group: 'apps',
    version: 'v1',
    plural: 'controllerrevisions',
    isNamespaced: true,
    labelSelector: labels.recorded,
    trim: trimRevision,
  },
  pods: {
    group: '',
    version: 'v1',
    plural: 'pods',
    isNamespaced: true,
    labelSelector: `${labels.managedBy}=${managedByValue}`,
    trim: trimPod,
  },
  openNamespaces: {
    group: '',
    version: 'v1',
    plural: 'namespaces',
    isNamespaced: false,
    labelSelector: `${labels.unsafe}=${unsafeValue}`,
  },
  policies: {
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    plural: 'validatingadmissionpolicies',
    isNamespaced: false,
    trim: trimPolicy,
  },
  policyBindings: {
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    plural: 'validatingadmissionpolicybindings',
    isNamespaced: false,
    trim: trimPolicy,
  },
  leases: {
    group: 'coordination.k8s.io',
    version: 'v1',
    plural: 'leases',
    isNamespaced: true,
    trim: trimLease,
  },
  nodes: { group: '', version: 'v1', plural: 'nodes', isNamespaced: false, trim: trimNode },
  services: { group: '', version: 'v1', plural: 'services', isNamespaced: false, trim: trimService },
} as const satisfies Record<string, Resource>;

/** Name of a watched resource in logs and metrics. */
export type ResourceName = keyof typeof resources;

/** Path of a resource's collection, or of one object in it. */
export function pathOf(resource: Resource, namespace: string, name?: string): string {
  const root = resource.group === '' ? '/api' : `/apis/${resource.group}`;
  const scope = resource.isNamespaced ? `/namespaces/${namespace}` : '';
  return `${root}/${resource.version}${scope}/${resource.plural}${name === undefined ? '' : `/${name}`}`;
}
