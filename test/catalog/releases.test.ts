import { describe, expect, it } from '@jest/globals';
import semver from 'semver';
import {
  isInRange,
  leavesAddress,
  recommended,
  releaseOf,
  releases,
  rollback,
  versionOf,
  type Release,
} from '../../src/catalog/releases.ts';

const rows: readonly Release[] = releases;
const pinned = rows.filter(({ digest }) => digest !== undefined);

describe('releases', () => {
  it.each(rows.map((row) => [row.version, row] as const))('%s has a tag and a date', (_, row) => {
    expect(row.version).toMatch(/^v\d+\.\d+\.\d+(-rc\.\d+)?$/);
    expect(row.released).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it.each(rows.map((row) => [row.version, row] as const))('%s has sources if it has a digest', (_, row) => {
    expect(row.digestSources > 0).toBe(row.digest !== undefined);
    expect(row.digest ?? `sha256:${'0'.repeat(64)}`).toMatch(/^sha256:[a-f0-9]{64}$/);
  });

  it('go from the oldest to the newest', () => {
    const versions = rows.map(({ version }) => version);
    expect(versions).toEqual([...versions].sort(semver.compare));
  });

  it('have a version each, and no digest twice', () => {
    expect(new Set(rows.map(({ version }) => version)).size).toBe(rows.length);
    expect(new Set(pinned.map(({ digest }) => digest)).size).toBe(pinned.length);
  });

  it.each(rows.filter(({ version }) => semver.prerelease(version)).map(({ version }) => version))(
    '%s is a pre-release, which nobody pins',
    (version) => {
      expect(releaseOf(version).digest).toBeUndefined();
    },
  );
});

describe('releaseOf', () => {
  it('finds a row', () => {
    expect(releaseOf('v1.1.2').released).toBe('2026-03-30');
  });

  it.each([recommended, rollback])('finds %s, which messages name, with a digest', (version) => {
    expect(releaseOf(version).digest).toMatch(/^sha256:/);
  });

  it('says what it expects when it finds none', () => {
    expect(() => releaseOf('v9.9.9')).toThrow(
      new RangeError('spec.version: expected a tag of kube-vip from v0.6.4 on, found v9.9.9'),
    );
  });
});

describe('leavesAddress', () => {
  it.each([
    ['v0.6.4', true],
    ['v0.8.7', true],
    ['v0.8.9', true],
    ['v0.8.10', false],
    ['v1.1.2', false],
    [undefined, false],
  ])('of %s is %s', (version, expected) => {
    expect(leavesAddress(version)).toBe(expected);
  });
});

describe('versionOf', () => {
  const { digest } = releaseOf('v0.8.7');
  const other = `sha256:${'0'.repeat(64)}`;

  it.each([
    ['tells it by the digest', `example.org/kube-vip@${digest}`, 'v0.8.7'],
    ['believes the digest more than the tag', `example.org/kube-vip:v1.1.2@${digest}`, 'v0.8.7'],
    [
      'tells it by the tag where the digest is not known',
      `example.org:5000/kube-vip:v0.8.7@${other}`,
      'v0.8.7',
    ],
    ['takes no port for a tag', 'example.org:5000/kube-vip', undefined],
    ['knows nothing of no image', '', undefined],
  ])('%s', (_, image, expected) => {
    expect(versionOf(image)).toBe(expected);
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
    ['knows that a pre-release comes before its release', 'v1.0.4-rc.0', 'v1.1.0-rc.0', true],
  ])('%s', (_, since, before, expected) => {
    expect(isInRange('v1.0.4', since, before)).toBe(expected);
  });
});
