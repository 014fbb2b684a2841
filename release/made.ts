// What every way to write the image tells of it.
import type { Architecture } from './base-rows.ts';
import type { Foundation } from './sbom.ts';

/** An image that was written. */
export interface Made {
  /** Of the index, by which an install names the image. */
  readonly digest: string;
  /** What a node pulls, for each architecture. */
  readonly bytes: Readonly<Record<Architecture, number>>;
  /** What the image stands on, in words. */
  readonly base: string;
  /** The same, as parts that a bill of materials names. */
  readonly foundations: readonly Foundation[];
}
