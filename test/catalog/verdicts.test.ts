// One row per verdict: a config that asks for it, and where a person is told.
import { describe, expect, it } from '@jest/globals';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { releases } from '../../src/catalog/releases.ts';
import { validate } from '../../src/catalog/validation.ts';
import { verdicts, versionsToAvoid, type Feature, type Verdict } from '../../src/catalog/verdicts.ts';
import { versionRules } from '../../src/catalog/version-rules.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { computeStatus } from '../../src/status/status.ts';
import { kubeVipConfig, nowText, snapshot } from '../builders.ts';

const addresses = ['192.0.2.1'];

/** The least that asks for a feature, and the same without it. */
const asking: Readonly<Record<Feature, (version: string) => KubeVipConfig>> = {
  'control-plane': (version) =>
    kubeVipConfig({ spec: { version, controlPlane: { addresses }, services: undefined } }),
  'control-plane-dual-stack': (version) =>
    kubeVipConfig({
      spec: { version, controlPlane: { addresses: [...addresses, '2001:db8::1'] }, services: undefined },
    }),
  services: (version) => kubeVipConfig({ spec: { version, controlPlane: undefined } }),
};

const rows: readonly Verdict[] = verdicts;
const of = (verdict: Verdict['verdict']) =>
  rows
    .filter((row) => row.verdict === verdict)
    .map((row) => [`${row.version} for ${row.feature}`, row] as const);

function hazard(config: KubeVipConfig): string | undefined {
  const world = snapshot({ config });
  const plan = makePlan(world);
  const { conditions } = computeStatus({ snapshot: world, plan, acted: { kind: 'done' }, now: nowText });
  return conditions?.find(({ type }) => type === 'KnownHazard')?.message;
}

describe('verdicts', () => {
  it('name each version and feature at most once', () => {
    expect(new Set(rows.map(({ version, feature }) => `${version} ${feature}`)).size).toBe(rows.length);
  });

  it.each(rows.map((row) => [row.version, row.feature, row] as const))(
    '%s for %s has evidence and a reason',
    (_, __, { because, evidence }) => {
      expect(because).toMatch(/^\S.+[^.]$/);
      expect(evidence.length).toBeGreaterThan(0);
    },
  );

  it.each(of('avoid'))('refuse %s', (_, { version, feature, because, evidence }) => {
    const complaints = validate(asking[feature](version));
    expect(complaints).toEqual([
      expect.stringContaining(`found ${version}: ${because} (${evidence.join(', ')})`),
    ]);
  });

  it.each(of('avoid'))('name for %s only versions that are good for it', (_, { version, feature }) => {
    const avoided = versionsToAvoid(feature).map((row): string => row.version);
    const good = releases.map((row) => row.version).filter((row) => !avoided.includes(row));
    expect(validate(asking[feature](version))[0]).toContain(`expected one of ${good.join(', ')} with `);
    expect(good.flatMap((row) => validate(asking[feature](row)))).toEqual([]);
  });

  it.each(of('caveat'))('admit %s and show the hazard', (_, { version, feature, because, evidence }) => {
    const config = asking[feature](version);
    expect(validate(config)).toEqual([]);
    expect(hazard(config)).toBe(`${version}, ${feature}: ${because} (${evidence.join(', ')}).`);
  });

  it.each(
    releases.flatMap(({ version }) =>
      Object.keys(asking)
        .filter((feature) => !rows.some((row) => row.version === version && row.feature === feature))
        .map((feature) => [version, feature as Feature] as const),
    ),
  )('say nothing of %s for %s', (version, feature) => {
    const config = asking[feature](version);
    expect([validate(config), hazard(config)]).toEqual([[], undefined]);
  });
});

describe('versionRules', () => {
  it('are the verdicts to avoid', () => {
    expect(versionRules.map(({ id }) => id).sort()).toEqual(
      of('avoid')
        .map(([, { version, feature }]) => `${version}-not-for-${feature}`)
        .sort(),
    );
  });
});
