// A value of the chart as data: what it may be, what it is without being set, and what it changes.
import type { ValueSchema } from './schema.ts';

/** A place in an object of config/, for example `spec.containers.0.image`. */
export interface Place {
  /** Kind and name. */
  readonly object: string;
  readonly field: string;
  /**
   * `replace` puts the value where another is. `add` makes the field, unless the value is empty, and `extend` adds the
   * value to a map that is there.
   */
  readonly how: 'replace' | 'add' | 'extend';
  /** What the template writes there. Without it the value itself. */
  readonly expression?: string;
}

/** One value of the chart. */
export interface ValueRow {
  /** Its path, for example `image.tag`. */
  readonly value: string;
  readonly schema: ValueSchema;
  readonly standard: unknown;
  readonly meaning: string;
  readonly places?: readonly Place[];
  /** Flag of the operator that it sets, when it is not what src/options.ts takes without it. */
  readonly flag?: string;
  /** What stands after the flag. Without it the value itself. */
  readonly flagText?: string;
  /** The template of config/ that is only there while it is true. */
  readonly file?: string;
  /** The condition of that template. Without it the value itself. */
  readonly condition?: string;
}

const deployment = 'Deployment/kube-vip-operator';

/** A place in the Deployment of the operator. */
export const inDeployment = (field: string, how: Place['how'] = 'replace', expression?: string): Place => ({
  object: deployment,
  field,
  how,
  ...(expression !== undefined && { expression }),
});

/** Where the spec of a pod of the operator is. */
export const pod = 'spec.template.spec';
