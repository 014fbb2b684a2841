// That docs/the-0.7-outage.md says what is tested: each quoted sentence is in the file that the page names, and the
// releases of its run are those of the catalogue.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { choosable, mayBeUsed } from '../src/catalog/verdicts.ts';
import { releasesOf } from './lab/outage/releases.ts';

const page = readFileSync('docs/the-0.7-outage.md', 'utf8');
const table = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').map((cell) => cell.trim()));
const [, , ...rows] = table;

/** A source as its strings read: what is broken over lines is one again. */
const textOf = (file: string): string =>
  readFileSync(file, 'utf8')
    .replaceAll(/['`] \+\n\s*['`]/g, '')
    .replaceAll(String.raw`\'`, "'");

const quotes = rows.map(([, , , said = '', from = '']) => {
  return [/^"(.+)"$/.exec(said)?.[1] ?? '', /^`(.+)`$/.exec(from)?.[1] ?? ''] as const;
});

describe('a quoted sentence', () => {
  it.each(quotes)('%s is in %s', (sentence, file) => {
    expect(sentence.length).toBeGreaterThan(20);
    expect(textOf(file)).toContain(sentence);
  });
});

describe('the fences', () => {
  it('are told in their order, none left out', () => {
    expect(rows.map(([, fence]) => fence).filter((fence) => fence !== '')).toEqual([
      '1 not expressible',
      '2 refused at admission',
      '3 blocked by preflight',
      '4 changed carefully',
      '5 watched',
    ]);
  });
});

describe('the releases of the run', () => {
  const named = (begin: string): readonly string[] =>
    page.match(new RegExp(`^- ${begin}.*(?:\n {2}.*)*`, 'm'))?.[0].match(/\bv\d+\.\d+\.\d+\b/g) ?? [];
  const versions = (isForServices: boolean) =>
    choosable
      .map(({ version }) => version)
      .filter((version) => mayBeUsed(version, 'services') === isForServices);

  // A release that is new belongs into a new run, or on the page as one that was not in it.
  it('are all that may serve Services', () => {
    expect(named('Took part')).toEqual(versions(true));
    expect(page).toMatch(new RegExp(`\\bwith ${versions(true).length} releases\\s`));
  });

  it('are without those that may not', () => {
    expect(named('Did not')).toEqual(versions(false));
  });
});

describe('the releases that the lab runs', () => {
  const serving = choosable.map(({ version }) => version).filter((version) => mayBeUsed(version, 'services'));

  it.each([
    ['none without a real program', [], serving],
    ['one, and the others by name', ['v1.1.2'], serving.filter((version) => version !== 'v1.1.2')],
    ['none that may not serve Services', ['v0.8.9', 'v1.2.3'], serving],
    ['all', serving, []],
  ])('are %s', (_, real: readonly string[], missing) => {
    const found = releasesOf((version) => real.includes(version));
    expect(found.missing).toEqual(missing);
    expect(found.rows.map(({ version }) => version)).toEqual(
      serving.filter((version) => real.includes(version)),
    );
  });

  it('have a class and an address of their own', () => {
    const { rows } = releasesOf(() => true);
    expect(new Set(rows.map(({ loadBalancerClass }) => loadBalancerClass)).size).toBe(serving.length);
    expect(new Set(rows.map(({ serviceAddress }) => serviceAddress)).size).toBe(serving.length);
  });
});
