// The types of a KubeVipConfig, derived from the schemas that also make the CRD: they cannot disagree.
import type { FromSchema } from './json-schema.ts';
import type { specSchema } from './spec-schema.ts';
import type { conditionSchema, statusSchema } from './status-schema.ts';

/** What a person asks for, typed after the schema of the CRD. */
export type KubeVipConfigSpec = FromSchema<typeof specSchema>;

/** What the operator writes back, typed after the schema of the CRD. */
export type KubeVipConfigStatus = FromSchema<typeof statusSchema>;

/** A condition in the shape of metav1.Condition, times as RFC 3339 strings. */
export type Condition = FromSchema<typeof conditionSchema>;

/** One toleration of a pod, as the spec may have it. */
export type Toleration = NonNullable<NonNullable<KubeVipConfigSpec['controlPlane']>['tolerations']>[number];

/** Requests and limits of a kube-vip container, as the spec may have them. */
export type Resources = NonNullable<NonNullable<KubeVipConfigSpec['controlPlane']>['resources']>;

/** The metadata that the operator reads, times as RFC 3339 strings. */
export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An object of our kind, as the API server stores it. */
export interface KubeVipConfig {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec: KubeVipConfigSpec;
  readonly status?: KubeVipConfigStatus;
}
