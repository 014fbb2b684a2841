// A moment, as it is written and read back.

/** A moment as status keeps it. */
export interface Moment {
  /** Milliseconds since the epoch, whole seconds. */
  readonly at: number;
  /** RFC 3339; undefined: now. */
  readonly text?: string;
}
