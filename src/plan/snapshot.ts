// Everything that one reconcile may look at, read once. Plan and status are functions of it.
import type { V1DaemonSet, V1Pod } from '@kubernetes/client-node';
import type { KubeVipConfig } from '../api/types.ts';

/** A Lease as kube-vip keeps it. */
export interface LeaseView {
  readonly name: string;
  /** Empty while nobody holds it. */
  readonly holder: string;
  readonly durationSeconds: number;
  /** RFC 3339, as kube-vip wrote it; empty when it never did. */
  readonly renewTime: string;
  /** The same in milliseconds since the epoch. */
  readonly renewedAt: number;
  /** RFC 3339, as kube-vip wrote it. */
  readonly acquireTime: string | undefined;
}

export interface Snapshot {
  readonly config: KubeVipConfig;
  /** Every KubeVipConfig of the cluster, this one included. */
  readonly configs: readonly KubeVipConfig[];
  /** Every DaemonSet in the namespace of the operands. */
  readonly daemonSets: readonly V1DaemonSet[];
  /** The pods of this config. */
  readonly pods: readonly V1Pod[];
  /** The Leases in the namespace of the operands. */
  readonly leases: readonly LeaseView[];
  /** Namespaces in which the admission policies let any kube-vip through. */
  readonly openNamespaces: readonly string[];
  readonly namespace: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}
