// What the conditions are functions of.
import type { StatusInput } from './input.ts';
import type { OperandState } from './operand.ts';
import type { Watches } from './watches.ts';

export interface Scene {
  readonly input: StatusInput;
  readonly states: readonly OperandState[];
  readonly watches: Watches;
}
