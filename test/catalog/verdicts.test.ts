// One row per verdict: a config that asks for it, and where a person is told.
import { describe, expect, it } from '@jest/globals';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { recommended, releaseOf, releases, rollback } from '../../src/catalog/releases.ts';
import { validate } from '../../src/catalog/validation.ts';
import { seenInLab } from '../../src/catalog/verdicts/lab-runs.ts';
import {
  choosable,
  mayBeUsed,
  verdictOf,
  verdicts,
  versionsToAvoid,
  type Feature,
  type Verdict,
} from '../../src/catalog/verdicts.ts';
import { versionRules } from '../../src/catalog/version-rules.ts';
import { kubeVipConfig, nowText, snapshot } from '../builders.ts';
import { computeStatus, makePlan } from '../pass.ts';

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
const features = Object.keys(asking) as Feature[];

const global = verdicts.filter(({ election }) => election === 'global');
const named = (rows: readonly Verdict[]) =>
  rows.map((row) => [`${row.version} for ${row.feature}`, row] as const);
const of = (verdict: Verdict['verdict']) => named(global.filter((row) => row.verdict === verdict));
const isChoosable = (version: string) => choosable.some((row) => row.version === version);

function hazard(config: KubeVipConfig): string | undefined {
  const world = snapshot({ config });
  const plan = makePlan(world);
  const { conditions } = computeStatus({ snapshot: world, plan, acted: { kind: 'done' }, now: nowText });
  return conditions?.find(({ type }) => type === 'KnownHazard')?.message;
}

const messagesOf = (...change: Parameters<typeof validate>): readonly string[] =>
  validate(...change).map(({ message }) => message);

describe('verdicts', () => {
  it.each(releases.map(({ version }) => version))('say one thing of %s for each function', (version) => {
    const found = global.filter((row) => row.version === version).map(({ feature }) => feature);
    expect(found.sort()).toEqual([...features].sort());
  });

  it.each(named(verdicts))('%s has evidence and a reason that a CEL literal takes', (_, row) => {
    expect(row.because).toMatch(/^[^\s'"\\{}][^'"\\{}]*[^.'"\\{}]$/);
    expect(row.evidence.length).toBeGreaterThan(0);
  });

  it.each(named(verdicts))('%s names evidence that can be found', (_, { evidence }) => {
    for (const text of evidence) {
      expect(text).toMatch(/^([\w-]+\/[\w-]+#\d+|(pkg|cmd)\/[\w/-]+\.go@v\d+\.\d+\.\d+|lab run, .+)$/);
    }
  });

  it.each(of('avoid'))('refuse %s', (_, { version, feature, because, evidence }) => {
    const complaints = messagesOf(asking[feature](version));
    expect(complaints).toEqual([expect.stringContaining(`, found ${version}; `)]);
    // A release that nobody may choose is told about as a whole: with two addresses as with one.
    const isSaid = isChoosable(version) || feature !== 'control-plane-dual-stack';
    expect(isSaid ? complaints[0] : because).toContain(because);
    for (const source of isSaid ? evidence : []) {
      expect(complaints[0]).toContain(source);
    }
  });

  it.each(of('avoid'))('name for %s only versions that are not refused for it', (_, { version, feature }) => {
    const [complaint = ''] = messagesOf(asking[feature](version));
    const [, instead = ''] = /expected (.+), found/.exec(complaint) ?? [];
    const found = instead.match(/v\d+\.\d+\.\d+/g) ?? [];
    expect(found).toContain(recommended);
    const asked = isChoosable(version) ? [feature] : (['control-plane', 'services'] as const);
    expect(asked.flatMap((each) => found.flatMap((other) => messagesOf(asking[each](other))))).toEqual([]);
  });

  it.each(of('caveat'))('admit %s and show the hazard', (_, { version, feature, because, evidence }) => {
    const config = asking[feature](version);
    expect(messagesOf(config)).toEqual([]);
    expect(hazard(config)).toContain(`: ${because} (${evidence.join(', ')}).`);
    expect(hazard(config)?.split(because)).toHaveLength(2);
    const better = /Set spec\.version to (\S+), of which nothing of the kind is known\.$/.exec(
      hazard(config) ?? '',
    );
    expect(verdictOf(better?.[1] ?? '', feature)?.verdict).toBe('good');
  });

  it.each(of('good'))('admit %s and show nothing', (_, { version, feature }) => {
    const config = asking[feature](version);
    expect([messagesOf(config), hazard(config)]).toEqual([[], undefined]);
  });

  it('are never about what is rendered when there is a Lease per Service', () => {
    const others = verdicts.filter(({ election }) => election !== 'global');
    expect(new Set(others.map(({ feature }) => feature))).toEqual(new Set(['services']));
  });
});

describe('choosable', () => {
  it.each(choosable.map(({ version }) => version))('%s has a digest', (version) => {
    expect(releaseOf(version).digest).toMatch(/^sha256:/);
  });

  it.each(releases.filter(({ digest }) => digest === undefined).map(({ version }) => version))(
    '%s has none, so every verdict on it is avoid',
    (version) => {
      expect(features.map((feature) => verdictOf(version, feature)?.verdict)).toEqual(
        features.map(() => 'avoid'),
      );
    },
  );

  it('are those that are decided upon', () => {
    expect(choosable.map(({ version }) => version).join(' ')).toBe(
      'v0.6.4 v0.8.7 v0.8.9 v0.8.10 v0.9.0 v0.9.1 v0.9.2 v1.0.0 v1.0.1 v1.0.2 v1.0.3 v1.0.4 v1.1.1 v1.1.2 v1.2.0 v1.2.1 v1.2.3',
    );
  });

  it.each(['control-plane', 'services'] as const)('the deny list for %s is refused', (feature) => {
    const denied = {
      'control-plane': 'v0.7.0 v0.8.8 v1.1.0 v1.2.2',
      services: 'v0.7.0 v0.7.1 v0.7.2 v0.8.0 v0.8.1 v0.8.5 v0.8.8 v1.1.0 v1.2.0 v1.2.1 v1.2.2 v1.2.3',
    }[feature].split(' ');
    const avoided = versionsToAvoid(feature).map((row): string => row.version);
    expect(denied.filter((version) => !avoided.includes(version))).toEqual([]);
  });

  it.each([recommended, rollback])('has %s, which messages name', (version) => {
    expect(isChoosable(version)).toBe(true);
  });
});

describe('seenInLab', () => {
  it.each(features)('%s names only what may be chosen for it', (feature) => {
    expect(seenInLab[feature].filter((version) => verdictOf(version, feature)?.verdict === 'avoid')).toEqual(
      [],
    );
  });
});

describe('versionRules', () => {
  it('are the verdicts to avoid, one for a release that is avoided altogether', () => {
    const altogether = releases.filter(({ version }) => !isChoosable(version));
    const partly = of('avoid').filter(([, { version }]) => isChoosable(version));
    expect(versionRules.map(({ id }) => id).sort()).toEqual(
      [
        ...altogether.map(({ version }) => `${version}-is-avoided`),
        ...partly.map(([, { version, feature }]) => `${version}-not-for-${feature}`),
      ].sort(),
    );
  });

  it.each([
    [
      'the release of the outage',
      asking.services('v0.7.2'),
      'spec.version: expected v1.1.2 (recommended) or v0.6.4 (rollback), found v0.7.2; services: services take every address that another controller writes into a Service status, those of nodes too, and delete them from the node that has them (kube-vip/kube-vip#752, kube-vip/kube-vip#836, tinkerbell/charts#93, lab run, v0.7.2); control plane: an address stays behind after a crash, and no public record gives the digest of its image, so it cannot be pinned (kube-vip/kube-vip#996)',
    ],
    [
      'a release that is refused for services only',
      asking.services('v1.2.3'),
      'spec.version: expected v1.1.2 (recommended) or v0.6.4 (rollback) with spec.services, found v1.2.3; a services leader can stay silent and idle after it lost its Lease (kube-vip/kube-vip#1747, harvester/harvester#11584)',
    ],
    [
      'a release for which one reason is enough',
      asking.services('v1.1.0-rc.0'),
      'spec.version: expected v1.1.2 (recommended) or v0.6.4 (rollback), found v1.1.0-rc.0; a pre-release, and no public record gives the digest of its image, so it cannot be pinned (kube-vip/kube-vip#1553)',
    ],
    [
      'the rollback where it cannot be one',
      asking['control-plane-dual-stack']('v0.6.4'),
      'spec.version: expected v1.1.2 (recommended) with the second entry of spec.controlPlane.addresses, found v0.6.4; v0.6.4 knows one control-plane address and takes a list for a DNS name (pkg/cluster/cluster.go@v0.6.4, pkg/vip/address.go@v0.6.4)',
    ],
  ])('say of %s why not, and what instead', (_, config, says) => {
    expect(messagesOf(config)).toEqual([says]);
  });
});

describe('mayBeUsed', () => {
  it.each([
    ['admits what is good', 'v1.1.2', true],
    ['refuses what is avoided', 'v0.7.2', false],
    ['refuses what nobody judged', 'v9.9.9', false],
  ])('%s', (_, version, expected) => {
    expect(mayBeUsed(version, 'services')).toBe(expected);
  });
});
