// What a check says when it does not pass.
import type { Reason } from '../api/conditions.ts';
import type { Component } from '../observed/component.ts';

export interface Problem {
  readonly reason: Reason;
  /** Names the object, what was expected, what was found, and what to do where it is not plain. */
  readonly message: string;
  /** True when time alone can end it. */
  readonly passing: boolean;
  /** What to do when time did not end it, where the message does not say it. */
  readonly late?: string;
}

export type Check = (state: Component) => Problem | undefined;
