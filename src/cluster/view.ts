// The stores behind the watches, and what the controller sees of them.
import type { V1DaemonSet, V1Namespace, V1Pod } from '@kubernetes/client-node';
import { labels } from '../api/metadata.ts';
import type { KubeVipConfig, Metadata } from '../api/types.ts';
import type { LeaseView } from '../plan/snapshot.ts';
import type { ClusterView } from './cluster.ts';
import { Store } from './store.ts';

/** A Lease as JSON: client-node's own type has Date where the wire has text. */
export interface LeaseObject {
  readonly metadata: Metadata;
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
  };
}

export interface Stores {
  readonly configs: Store<KubeVipConfig>;
  readonly daemonSets: Store<V1DaemonSet>;
  readonly pods: Store<V1Pod>;
  readonly leases: Store<LeaseObject>;
  readonly openNamespaces: Store<V1Namespace>;
}

export function makeStores(): Stores {
  return {
    configs: new Store(),
    daemonSets: new Store(),
    pods: new Store(),
    leases: new Store(),
    openNamespaces: new Store(),
  };
}

/** A Lease in the form that the decisions use. */
export function leaseView({ metadata, spec }: LeaseObject): LeaseView {
  const renewTime = spec?.renewTime ?? '';
  return {
    name: metadata.name,
    holder: spec?.holderIdentity ?? '',
    durationSeconds: spec?.leaseDurationSeconds ?? 15,
    renewTime,
    renewedAt: renewTime === '' ? 0 : Date.parse(renewTime),
    acquireTime: spec?.acquireTime,
  };
}

export function makeView(stores: Stores): ClusterView {
  return {
    config: (name) => stores.configs.get(name),
    configs: () => stores.configs.list(),
    daemonSets: () => stores.daemonSets.list(),
    podsOf: (config) =>
      stores.pods.list().filter(({ metadata }) => metadata?.labels?.[labels.config] === config),
    leases: () => stores.leases.list().map(leaseView),
    openNamespaces: () => stores.openNamespaces.list().map(({ metadata }) => metadata?.name ?? ''),
  };
}
