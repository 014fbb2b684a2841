// The verdicts as validation rules: a release that must not do what a spec asks of it is refused, with the
// reason, in the words of the catalogue.
import type { Rule } from '../api/rule.ts';
import { recommended, releases, rollback, type Version } from './releases.ts';
import { choosable, mayBeUsed, verdictOf, versionsToAvoid, type Feature, type Verdict } from './verdicts.ts';

/** The part of a spec, as written or effective, that decides what a release is asked to do. */
interface Asking {
  readonly controlPlane?: { readonly addresses: readonly string[] } | undefined;
  readonly services?: object | undefined;
}

interface Ask {
  readonly feature: Feature;
  /** What a person would take out of the spec to stop asking. */
  readonly field: string;
  readonly cel: string;
  readonly isAsked: (spec: Asking) => boolean;
}

const asks: readonly Ask[] = [
  {
    feature: 'control-plane',
    field: 'spec.controlPlane',
    cel: 'has(self.controlPlane)',
    isAsked: ({ controlPlane }) => controlPlane !== undefined,
  },
  {
    feature: 'control-plane-dual-stack',
    field: 'the second entry of spec.controlPlane.addresses',
    cel: 'has(self.controlPlane) && self.controlPlane.addresses.size() > 1',
    isAsked: ({ controlPlane }) => (controlPlane?.addresses.length ?? 0) > 1,
  },
  {
    feature: 'services',
    field: 'spec.services',
    cel: 'has(self.services)',
    isAsked: ({ services }) => services !== undefined,
  },
];

/** What a spec asks of its release. */
export function featuresOf(spec: Asking): readonly Feature[] {
  return asks.filter(({ isAsked }) => isAsked(spec)).map(({ feature }) => feature);
}

const names: Readonly<Record<Feature, string>> = {
  'control-plane': 'control plane',
  'control-plane-dual-stack': 'control plane with two addresses',
  services: 'services',
};

const isAllowed = (version: Version, features: readonly Feature[]): boolean =>
  features.every((feature) => mayBeUsed(version, feature));

function instead(features: readonly Feature[]): string {
  const goBack = isAllowed(rollback, features) ? ` or ${rollback} (rollback)` : '';
  return `expected ${recommended} (recommended)${goBack}`;
}

const reason = ({ because, evidence }: Verdict): string => `${because} (${evidence.join(', ')})`;

function reasonsOf(version: Version): string {
  const rows = (['services', 'control-plane'] as const).flatMap(
    (feature) => verdictOf(version, feature) ?? [],
  );
  const [first, second] = rows;
  return first && first.because === second?.because
    ? reason({ ...first, evidence: [...new Set([...first.evidence, ...second.evidence])] })
    : rows.map((row) => `${names[row.feature]}: ${reason(row)}`).join('; ');
}

/** For a release that is refused whatever it is asked to do. */
function versionRule(version: Version): Rule {
  return {
    id: `${version}-is-avoided`,
    at: 'spec.version',
    cel: `self != '${version}'`,
    message: `spec.version: ${instead(['control-plane', 'services'])}, found ${version}; ${reasonsOf(version)}`,
    celValues: {},
    broken: (config) => (config.spec.version === version ? {} : undefined),
  };
}

/** For a release that is refused for one function. */
function featureRule(verdict: Verdict, ask: Ask): Rule {
  const { version } = verdict;
  return {
    id: `${version}-not-for-${ask.feature}`,
    at: 'spec',
    cel: `self.version != '${version}' || !(${ask.cel})`,
    message: `spec.version: ${instead([ask.feature])} with ${ask.field}, found ${version}; ${reason(verdict)}`,
    celValues: {},
    broken: (config) => (config.spec.version === version && ask.isAsked(config.spec) ? {} : undefined),
  };
}

const canBeChosen = (version: Version): boolean => choosable.some((row) => row.version === version);

/** A rule for each release, or feature of a release, whose verdict is `avoid`. */
export const versionRules: readonly Rule[] = [
  ...releases
    .map(({ version }) => version)
    .filter((version) => !canBeChosen(version))
    .map(versionRule),
  ...asks.flatMap((ask) =>
    versionsToAvoid(ask.feature)
      .filter(({ version }) => canBeChosen(version))
      .map((verdict) => featureRule(verdict, ask)),
  ),
];
