// The values of the chart, in the order of values.yaml.
import { clusterValues } from './cluster-values.ts';
import { optionValues } from './option-values.ts';
import { imageValues, podValues } from './pod-values.ts';
import type { ValueRow } from './value-row.ts';

/** Every value of the chart. */
export const valueRows: readonly ValueRow[] = [
  ...podValues,
  ...imageValues,
  ...clusterValues,
  ...optionValues,
];
