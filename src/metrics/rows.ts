// Every metric that is exported. A metric without a row cannot be made; a test scrapes each row.
import { configRows } from './config-rows.ts';
import { grantRows } from './grant-rows.ts';
import { networkRows } from './network-rows.ts';
import { operatorRows } from './operator-rows.ts';
import type { Label, Row } from './row.ts';

/** Every metric by name, in the order of docs/metrics.md. */
export const rows = { ...operatorRows, ...configRows, ...grantRows, ...networkRows } as const;

/** Name of a metric of ours. A test scrapes each from a real process. */
export type MetricName = keyof typeof rows;

/** Names of metrics of one type. */
export type NameOf<T extends Row['type']> = {
  [N in MetricName]: (typeof rows)[N]['type'] extends T ? N : never;
}[MetricName];

/** Values of the labels of one series. */
export type Labels = Readonly<Partial<Record<Label, string>>>;

/** One value of a gauge at one moment. */
export interface Sample {
  readonly name: NameOf<'gauge'>;
  readonly labels: Labels;
  readonly value: number;
}

/** Makes a sample of one object. */
export type Make = (name: Sample['name'], value: number, labels?: Labels) => Sample;

/** Every row by name, with the names forgotten by the type. */
export const rowList: readonly (readonly [name: MetricName, row: Row])[] = Object.entries(rows) as [
  MetricName,
  Row,
][];
