// What the conditions are functions of.
import type { StatusInput } from './input.ts';
import type { Component } from '../observed/component.ts';
import type { Watches } from './watches.ts';

export interface Scene {
  readonly input: StatusInput;
  readonly states: readonly Component[];
  readonly watches: Watches;
}
