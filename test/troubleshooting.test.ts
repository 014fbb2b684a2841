// That docs/troubleshooting.md leads from every reason that a person can meet to what it means, in the words of the table,
// and that what it quotes is what the code says.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { conditionTypes, reasons } from '../src/api/conditions.ts';
import { grantReasons } from '../src/grants/reasons.ts';
import { eventReasons } from '../src/status/events.ts';

/** What conditions of a KubeVipConfig and events of a Service say. */
const all: Readonly<Record<string, string>> = { ...reasons, ...grantReasons };

const page = readFileSync('docs/troubleshooting.md', 'utf8');
const prose = page.replaceAll(/^ *```[\s\S]*?^ *```/gm, '');

const rows = prose
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

/** Rows of the tables that begin, or after a condition go on, with a reason and its meaning. */
const told = rows.flatMap((cells) => {
  const at = cells.findLastIndex(
    (cell, index) => index < 2 && /^`\w+`$/.test(cell) && cell.slice(1, -1) in all,
  );
  return at === -1
    ? []
    : [{ reason: cells[at]?.slice(1, -1) ?? '', meaning: cells[at + 1] ?? '', todo: cells[at + 2] ?? '' }];
});

const sources = ['src', 'config/admission'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|yaml)$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8')),
);

// The API server's own words, for a field that no schema has, and for a function that CEL does not have yet.
const ofKubernetes = ['strict decoding error', "undeclared reference to 'ip'"];

const quotes = [...prose.matchAll(/"([^"\n]+)"/g)].map(([, quote = '']) => quote);

describe('every reason', () => {
  it.each(Object.keys(all))('%s is named', (reason) => {
    expect(prose).toContain(`\`${reason}\``);
  });

  it.each(told)('$reason is told in the words of the table, with what to do', ({ reason, meaning, todo }) => {
    expect(meaning).toBe(all[reason]);
    expect(todo).not.toBe('');
  });
});

describe('what looks like a reason or a condition', () => {
  const known = [...Object.keys(all), ...Object.keys(conditionTypes), ...Object.keys(eventReasons)];

  it.each([...new Set([...prose.matchAll(/`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`/g)].map(([, name = '']) => name))])(
    '%s is one, or a kind',
    (name) => {
      expect([...known, 'KubeVipConfig']).toContain(name);
    },
  );
});

describe('what is quoted', () => {
  it.each(quotes.filter((quote) => !ofKubernetes.includes(quote)))('"%s" is in the code', (quote) => {
    expect(sources.some((source) => source.includes(quote))).toBe(true);
  });
});
