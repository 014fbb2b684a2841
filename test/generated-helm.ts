// docs/helm-values.md: every value of the chart, what it may be, and what it is without being set.
import type { ValueSchema } from './chart/schema.ts';
import { valueRows } from './chart/values.ts';
import { generatedNote, table } from './markdown.ts';

function limits({ type, enum: words, minimum, maximum, pattern }: ValueSchema): string {
  return [
    words === undefined ? type : words.map((word) => `\`${word}\``).join(', '),
    minimum !== undefined && maximum !== undefined && `${minimum} to ${maximum}`,
    pattern !== undefined && `like \`${pattern}\``,
  ]
    .filter(Boolean)
    .join(', ');
}

/** The page, from the rows of the chart. */
export function helmDoc(): string {
  const rows = valueRows.map(({ value, schema, standard, meaning }) => [
    `\`${value}\``,
    limits(schema),
    `\`${JSON.stringify(standard)}\``,
    meaning,
  ]);
  return (
    `${generatedNote.replace('src/', 'test/chart/')}# Values of the chart\n\n` +
    'Helm refuses a value that is not here, and one of another type. How to use them: [Helm](helm.md).\n\n' +
    table(['value', 'what it may be', 'without being set', 'meaning'], rows)
  );
}
