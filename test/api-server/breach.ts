// A spec that must be refused, and how.
import type { AnySpec } from './builders.ts';

/** An object that breaks one rule of src/catalog/validation.ts. */
export interface Breach {
  readonly spec: AnySpec;
  /** The spec that is stored, for rules about changes. */
  readonly before?: AnySpec;
  /** The whole message, without the API server's own words around it. */
  readonly says: string;
}
