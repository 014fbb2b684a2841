// Tables in Markdown, for documents that are written from the tables in src/.

export const generatedNote =
  '<!-- Generated from the tables in src/ by `npm run generate`. Do not edit. -->\n\n';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n') + '\n';
}
