// Puts expressions of Helm into the text of a manifest. The text stays otherwise as it is, with its comments.
import { isMap, isPair, isScalar, type Document, type Node, type YAMLMap } from 'yaml';
import type { Place, ValueRow } from './value-row.ts';

/** A piece of text that takes the place of another. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A manifest: the text of its file, and one object in it. */
export interface Manifest {
  readonly text: string;
  readonly document: Document;
}

// What looks like an expression of Helm in config/ is one of Prometheus or Grafana.
const literal = (text: string): string => text.replaceAll('{{', '{{ "{{" }}');

/** The text with every splice. Those of one place stay in their order. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const pieces = [...splices].sort((a, b) => a.start - b.start);
  const last = pieces.reduce(
    ({ done, from }, { start, end, text: piece }) => ({
      done: done + literal(text.slice(from, start)) + piece,
      from: end,
    }),
    { done: '', from: 0 },
  );
  return last.done + literal(text.slice(last.from));
}

const stepsOf = (field: string): readonly (string | number)[] =>
  field.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));

function nodeAt({ document }: Manifest, steps: readonly (string | number)[]): Node {
  const node = document.getIn(steps, true) as Node | undefined;
  if (node === undefined) {
    const name = String(document.getIn(['metadata', 'name']));
    throw new Error(
      `${String(document.get('kind'))} ${name}: expected the field ${steps.join('.')}, found none`,
    );
  }
  return node;
}

function mapAt(manifest: Manifest, steps: readonly (string | number)[]): YAMLMap {
  const node = nodeAt(manifest, steps);
  if (!isMap(node)) {
    throw new Error(`${steps.join('.')}: expected a map, found ${node.constructor.name}`);
  }
  return node;
}

const startOf = (node: Node): number => node.range?.[0] ?? 0;

function columnOf({ text }: Manifest, node: Node): number {
  return startOf(node) - (text.lastIndexOf('\n', startOf(node) - 1) + 1);
}

/** Where the line of the first or last field of a map ends. */
function endOfLine({ text }: Manifest, map: YAMLMap, which: 0 | -1): number {
  const pair = map.items.at(which);
  if (!isPair(pair) || !isScalar(pair.value)) {
    throw new Error('expected a field that is a word or a number, to write another one after it');
  }
  const end = text.indexOf('\n', pair.value.range?.[1] ?? 0);
  return end === -1 ? text.length : end;
}

/** Lines after the first or last field of a map, indented as that field is. */
export function linesIn(
  manifest: Manifest,
  field: string,
  which: 0 | -1,
  lines: (indent: number) => readonly string[],
): Splice {
  const map = mapAt(manifest, stepsOf(field));
  const indent = columnOf(manifest, map);
  const at = endOfLine(manifest, map, which);
  const text = lines(indent).map((line) => `\n${' '.repeat(indent)}${line}`);
  return { start: at, end: at, text: text.join('') };
}

/** Lines that make a field where the expression is not empty. */
export const fieldLines =
  (key: string, expression: string, asText = 'toYaml .') =>
  (indent: number): readonly string[] => [
    `{{- with ${expression} }}`,
    `${key}:`,
    `  {{- ${asText} | nindent ${indent + 2} }}`,
    '{{- end }}',
  ];

/** Lines that add to a map what the expression has. */
export const entryLines =
  (expression: string) =>
  (indent: number): readonly string[] => [
    `{{- with ${expression} }}`,
    `{{- toYaml . | nindent ${indent} }}`,
    '{{- end }}',
  ];

const scalars: Readonly<Record<string, string>> = { integer: ' | int', string: ' | quote', boolean: '' };

function replacement(manifest: Manifest, row: ValueRow, place: Place): Splice {
  const node = nodeAt(manifest, stepsOf(place.field));
  const [start, end] = node.range ?? [0, 0];
  const filter = scalars[row.schema.type ?? ''];
  if (filter !== undefined) {
    return { start, end, text: place.expression ?? `{{ .Values.${row.value}${filter} }}` };
  }
  const indented = `{{- toYaml .Values.${row.value} | nindent ${columnOf(manifest, node)} }}`;
  return { start, end, text: manifest.text.slice(start, end).endsWith('\n') ? `${indented}\n` : indented };
}

/** What one value changes at one place. */
export function spliceOf(manifest: Manifest, row: ValueRow, place: Place): Splice {
  const parent = place.field.slice(0, place.field.lastIndexOf('.'));
  const key = place.field.slice(parent.length + 1);
  switch (place.how) {
    case 'replace':
      return replacement(manifest, row, place);
    case 'add':
      return linesIn(manifest, parent, 0, fieldLines(key, `.Values.${row.value}`));
    case 'extend':
      return linesIn(manifest, place.field, -1, entryLines(`.Values.${row.value}`));
  }
}
