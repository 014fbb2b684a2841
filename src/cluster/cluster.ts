// The complete list of what the operator reads from and does to a cluster; config/rbac is held against it.
import type { V1DaemonSet, V1Pod } from '@kubernetes/client-node';
import type { KubeVipConfig, KubeVipConfigStatus } from '../api/types.ts';
import type { LeaseView } from '../plan/snapshot.ts';

/** What the watches have seen, in memory. */
export interface ClusterView {
  config(name: string): KubeVipConfig | undefined;
  configs(): readonly KubeVipConfig[];
  /** In the namespace of the operands. */
  daemonSets(): readonly V1DaemonSet[];
  /** Pods with our label, of one config. */
  podsOf(config: string): readonly V1Pod[];
  /** In the namespace of the operands. */
  leases(): readonly LeaseView[];
  /** Namespaces in which the admission policies let any kube-vip through. */
  openNamespaces(): readonly string[];
}

/** What the operator writes. Every method throws ApiError when refused. */
export interface ClusterWriter {
  /** Server-side apply with our field manager; takes back fields that others set. */
  applyDaemonSet(object: V1DaemonSet): Promise<void>;
  /** Puts the spec in place of the live one, so that nothing that others added stays. */
  replaceSpec(object: V1DaemonSet): Promise<void>;
  /** In the foreground: the object stays until its pods are gone. Absent is success. */
  deleteDaemonSet(object: V1DaemonSet): Promise<void>;
  deleteLease(name: string): Promise<void>;
  addFinalizer(config: KubeVipConfig): Promise<void>;
  removeFinalizer(config: KubeVipConfig): Promise<void>;
  writeStatus(config: KubeVipConfig, status: KubeVipConfigStatus): Promise<void>;
}
