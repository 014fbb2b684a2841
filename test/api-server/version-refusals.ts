// What breaks each rule that is generated from the verdicts, by the id of the rule. The sentences are held in
// test/catalog/verdicts.test.ts; here the API server must say the same ones.
import { releases } from '../../src/catalog/releases.ts';
import { versionRules } from '../../src/catalog/version-rules.ts';
import type { Feature } from '../../src/catalog/verdicts.ts';
import { specWith, type AnySpec } from './builders.ts';
import type { Breach } from './breach.ts';

const asking: Readonly<Record<Feature, (version: string) => AnySpec>> = {
  'control-plane': (version) => specWith({ version }),
  'control-plane-dual-stack': (version) =>
    specWith({ version, controlPlane: { addresses: ['203.0.113.1', '2001:db8::1'] } }),
  services: (version) => ({ version, mode: 'ARP', services: {} }),
};

const saysOf = (id: string): string => versionRules.find((rule) => rule.id === id)?.message ?? 'no such rule';

/** Every rule that a version can have, whether or not it is there: a rule without a row is missed. */
const candidates = releases.flatMap(({ version }) => [
  [`${version}-is-avoided`, asking['control-plane'](version)] as const,
  ...Object.entries(asking).map(([feature, ask]) => [`${version}-not-for-${feature}`, ask(version)] as const),
]);

export const versionBreaches: Readonly<Record<string, Breach>> = Object.fromEntries(
  candidates
    .filter(([id]) => versionRules.some((rule) => rule.id === id))
    .map(([id, spec]) => [id, { spec, says: saysOf(id) }]),
);
