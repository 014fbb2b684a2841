// What one setting is: a variable of kube-vip, the releases that read it, and where its value comes from.
import type { EffectiveSpec } from '../../api/defaults.ts';
import type { ComponentKind } from '../../api/metadata.ts';

/** A value written as text, or taken from a field of the pod. */
export type EnvValue = string | { readonly fieldPath: string };

/** All that the value of a variable may depend on. */
export interface SettingInput {
  readonly spec: EffectiveSpec;
  readonly component: ComponentKind;
  /** Namespace of the DaemonSets and their Leases. */
  readonly namespace: string;
  /** Port of the metrics listener on the node. */
  readonly metricsPort: number;
}

/** One variable that is rendered: for whom, for which releases, from what, and why. */
export interface Setting {
  readonly env: string;
  /** Function that gets the variable; omitted: both. */
  readonly only?: ComponentKind;
  /** First release that reads the variable in this form. */
  readonly since?: string;
  /** First release that no longer does. */
  readonly before?: string;
  /** The field of a KubeVipConfig that decides the value, for each component where they differ. Omitted: none does, and `why` says what does. */
  readonly field?: string | Readonly<Record<ComponentKind, string>>;
  /** The value, or undefined to leave the variable out. */
  readonly value: (input: SettingInput) => EnvValue | undefined;
  /** What it is set to and why, for the generated documentation. */
  readonly why: string;
}

/** The field of a KubeVipConfig that decides a variable of a component; undefined: none does. */
export const fieldOf = ({ field }: Setting, component: ComponentKind): string | undefined =>
  typeof field === 'object' ? field[component] : field;
