import { describe, expect, it } from '@jest/globals';
import semver from 'semver';
import { releaseOf, releases, type Release } from '../../src/catalog/releases.ts';
import { isInRange } from '../../src/catalog/tags.ts';

const rows: readonly Release[] = releases;

describe('releases', () => {
  it.each(rows.map((row) => [row.version, row] as const))(
    '%s has digest, source, date and role',
    (_, row) => {
      expect(row).toMatchObject({
        version: expect.stringMatching(/^v\d+\.\d+\.\d+$/),
        digest: expect.stringMatching(/^sha256:[a-f0-9]{64}$/),
        released: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
        role: expect.stringMatching(/\w/),
      });
      expect(row.digestSources).toBeGreaterThan(0);
    },
  );

  it('go from the oldest to the newest', () => {
    const versions = rows.map(({ version }) => version);
    expect(versions).toEqual([...versions].sort(semver.compare));
  });

  it('have a version and a digest of their own', () => {
    expect(new Set(rows.flatMap(({ version, digest }) => [version, digest])).size).toBe(2 * rows.length);
  });

  it('leave health_check_port and the releases of the outage out', () => {
    expect(rows.filter(({ version }) => semver.satisfies(version, '0.7.x || 0.8.x'))).toEqual([]);
  });
});

describe('releaseOf', () => {
  it('finds a row', () => {
    expect(releaseOf('v1.1.2').released).toBe('2026-03-30');
  });

  it('names what it knows when it finds none', () => {
    expect(() => releaseOf('v0.7.2')).toThrow(
      new RangeError('spec.version: expected one of v0.6.4, v1.0.4, v1.1.2, v1.2.3, found v0.7.2'),
    );
  });
});

describe('isInRange', () => {
  it.each([
    ['is open without bounds', undefined, undefined, true],
    ['includes the first release', 'v1.0.4', undefined, true],
    ['excludes what came before', 'v1.0.5', undefined, false],
    ['excludes the release that ends it', undefined, 'v1.0.4', false],
    ['includes the one before the end', undefined, 'v1.0.5', true],
    ['compares numbers, not text', 'v0.9.0', 'v1.0.10', true],
  ])('%s', (_, since, before, expected) => {
    expect(isInRange('v1.0.4', since, before)).toBe(expected);
  });
});
