// The verdicts as validation rules: a release that must not do what a spec asks of it is refused.
import type { Rule } from '../api/rule.ts';
import type { KubeVipConfig } from '../api/types.ts';
import { releases } from './releases.ts';
import { versionsToAvoid, type Feature, type Verdict } from './verdicts.ts';

interface Ask {
  readonly feature: Feature;
  /** What a person would take out of the spec to stop asking. */
  readonly field: string;
  readonly cel: string;
  readonly isAsked: (config: KubeVipConfig) => boolean;
}

const asks: readonly Ask[] = [
  {
    feature: 'control-plane',
    field: 'spec.controlPlane',
    cel: 'has(self.controlPlane)',
    isAsked: ({ spec }) => spec.controlPlane !== undefined,
  },
  {
    feature: 'control-plane-dual-stack',
    field: 'the second entry of spec.controlPlane.addresses',
    cel: 'has(self.controlPlane) && self.controlPlane.addresses.size() > 1',
    isAsked: ({ spec }) => (spec.controlPlane?.addresses.length ?? 0) > 1,
  },
  {
    feature: 'services',
    field: 'spec.services',
    cel: 'has(self.services)',
    isAsked: ({ spec }) => spec.services !== undefined,
  },
];

function ruleFor(verdict: Verdict, ask: Ask): Rule {
  const avoided = versionsToAvoid(ask.feature).map((row): string => row.version);
  const good = releases.map((row) => row.version).filter((version) => !avoided.includes(version));
  return {
    id: `${verdict.version}-not-for-${ask.feature}`,
    at: 'spec',
    cel: `self.version != '${verdict.version}' || !(${ask.cel})`,
    message: `spec.version: expected one of ${good.join(', ')} with ${ask.field}, found ${verdict.version}: ${verdict.because} (${verdict.evidence.join(', ')})`,
    celValues: {},
    broken: (config) => (config.spec.version === verdict.version && ask.isAsked(config) ? {} : undefined),
  };
}

export const versionRules: readonly Rule[] = asks.flatMap((ask) =>
  versionsToAvoid(ask.feature).map((verdict) => ruleFor(verdict, ask)),
);
