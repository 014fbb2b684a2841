// That what a person reads is plain English: few semicolons, and none of the words that hide who does what.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { advice } from '../src/api/advice.ts';
import { conditionTypes, reasons } from '../src/api/conditions.ts';
import type { JsonSchema } from '../src/api/json-schema.ts';
import { specSchema } from '../src/api/spec-schema.ts';
import { statusSchema } from '../src/api/status-schema.ts';
import { hazards } from '../src/catalog/hazards.ts';
import { settings } from '../src/catalog/settings.ts';
import { verdicts } from '../src/catalog/verdicts.ts';
import { grantReasons } from '../src/grants/reasons.ts';
import { labels } from '../src/metrics/row.ts';
import { rows } from '../src/metrics/rows.ts';

/** MetalLB's pages have none in 1,000 words. */
const mostSemicolons = 1;

const forbidden = /\b(?:some|no|any|every)body\b|\bthat one\b|\bbesides?\b/gi;

/** Markdown without what is quoted: code, and messages between quotation marks. */
const prose = (markdown: string): string =>
  markdown
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/`[^`]*`/g, 'CODE')
    .replaceAll(/"[^|\n]{20,}"(?= \|)|"[^"\n]{20,}"/g, 'QUOTE');

const semicolonsPerThousand = (text: string): number => {
  const words = text.split(/\s+/).filter((word) => /\w/.test(word)).length;
  return ((text.split(';').length - 1) * 1000) / Math.max(words, 1);
};

const documents = ['.', 'docs', 'docs/decisions'].flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file)),
);

const descriptions = (schema: JsonSchema): readonly string[] => [
  schema.description ?? '',
  ...Object.values(schema.properties ?? {}).flatMap(descriptions),
  ...(schema.items ? descriptions(schema.items) : []),
];

// What preflight asks and advises is on docs/preflight.md.
const tables: Readonly<Record<string, readonly string[]>> = {
  'conditions and reasons': [...Object.values(conditionTypes), ...Object.values(reasons)],
  'events on a Service': Object.values(grantReasons),
  'causes and remedies': Object.values(advice).flatMap(({ causes, todo }) => [causes, todo]),
  'fields of the spec': descriptions(specSchema),
  'fields of the status': descriptions(statusSchema),
  hazards: hazards.flatMap(({ breaks, settings: needs, versions, notCovered = '', fences }) => [
    breaks,
    needs,
    versions,
    notCovered,
    ...fences.map(({ how }) => how),
  ]),
  variables: settings.map(({ why }) => why),
  verdicts: verdicts.map(({ because }) => because),
  metrics: [
    ...Object.values(rows).flatMap(({ help, meaning, todo }) => [help, meaning, todo]),
    ...Object.values(labels),
  ],
};

const texts: readonly (readonly [string, string])[] = [
  ...documents.map((path) => [path, prose(readFileSync(path, 'utf8'))] as const),
  ...Object.entries(tables).map(
    ([name, sentences]) => [`the table of ${name}`, sentences.join('\n')] as const,
  ),
];

describe('what is counted', () => {
  it.each([
    ['a; b', 1, []],
    ['`a; b` and "expected that somebody waits; wait"', 0, []],
    ['```sh\na; b\n```\nnobody', 0, ['nobody']],
    ['Besides, that one waits beside Somebody', 0, ['Besides', 'that one', 'beside', 'Somebody']],
    ['nobodys business', 0, []],
  ])('of %s: %i semicolons, words %j', (markdown, semicolons, words) => {
    const text = prose(markdown);
    expect(text.split(';').length - 1).toBe(semicolons);
    expect([...(text.match(forbidden) ?? [])]).toEqual(words);
  });
});

describe.each(texts)('%s', (_, text) => {
  it('has few semicolons', () => {
    expect(semicolonsPerThousand(text)).toBeLessThanOrEqual(mostSemicolons);
  });

  it('says who does what', () => {
    expect([...(text.match(forbidden) ?? [])]).toEqual([]);
  });
});
