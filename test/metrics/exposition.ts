// Reads the format that Prometheus reads.

export interface Series {
  /** As it is written: of a histogram with _bucket, _sum or _count. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^(\w+)(?:\{(.*)\})? (\S+)$/;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Every series of an answer. */
export function parse(text: string): readonly Series[] {
  return text
    .split('\n')
    .filter((row) => row !== '' && !row.startsWith('#'))
    .map((row) => {
      const [, name = '', labels = '', value = ''] = line.exec(row) ?? [];
      if (name === '') {
        throw new Error(`expected a series, found ${row}`);
      }
      const pairs = [...labels.matchAll(label)].map(([, key = '', text = '']) => [key, text] as const);
      return { name, labels: Object.fromEntries(pairs), value: Number(value) };
    });
}

/** The values of a metric, by the values of its labels, for example `{ 'edge,services': 1 }`. */
export function valuesOf(text: string, name: string): Readonly<Record<string, number>> {
  const found = parse(text).filter((series) => series.name === name);
  return Object.fromEntries(found.map(({ labels, value }) => [Object.values(labels).join(), value]));
}
