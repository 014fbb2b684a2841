// The rules of the CRD that do not depend on the catalogue. A test on a real API server holds each CEL
// expression against its twin in TypeScript.
import { familyOf, isVirtualAddress } from './addresses.ts';
import { effectiveClass, electionTiming } from './defaults.ts';
import {
  defaultTiming,
  isSafeTiming,
  isSameTiming,
  outlivesRetry,
  timingInWords,
  type ElectionTiming,
} from './election-timing.ts';
import { podRules } from './pod-rules.ts';
import { poolRules } from './pool-rules.ts';
import { entryPath, type Found, type Rule } from './rule.ts';
import type { KubeVipConfig } from './types.ts';

const addressesOf = (config: KubeVipConfig): readonly string[] => config.spec.controlPlane?.addresses ?? [];
const celClass = (self: string): string =>
  `has(${self}.spec.services.loadBalancerClass) ? ${self}.spec.services.loadBalancerClass : 'kubevip.dev/' + self.metadata.name`;
// `string(int)` has no upper length that the API server's cost estimate knows; a cut out of a literal has.
const celSeconds = (field: string): string =>
  `'${secondsTable}'.substring(${field} * 2, ${field} * 2 + 2).trim()`;
const secondsTable = Array.from({ length: 61 }, (_, second) => String(second).padStart(2)).join('');
const recreate = 'delete the KubeVipConfig and create another to change it';
const takeOut =
  'to change it take controlPlane out, wait until the address has gone, and put it in again (without services: delete the KubeVipConfig and create another)';

const objectRules: readonly Rule[] = [
  {
    id: 'class-is-immutable',
    at: '',
    cel: `!has(self.spec.services) || !has(oldSelf.spec.services) || (${celClass('self')}) == (${celClass('oldSelf')})`,
    message: `spec.services.loadBalancerClass: expected {before} as before (immutable), found {found}; ${recreate}`,
    celValues: { before: celClass('oldSelf'), found: celClass('self') },
    broken: (config, old) => {
      const [before, found] = [old && effectiveClass(old), effectiveClass(config)];
      return before === undefined || found === undefined || before === found ? undefined : { before, found };
    },
  },
  {
    id: 'something-to-run',
    at: 'spec',
    cel: 'has(self.controlPlane) || has(self.services)',
    message: 'spec: expected controlPlane, services or both, found neither',
    celValues: {},
    broken: ({ spec }) => (spec.controlPlane || spec.services ? undefined : {}),
  },
  {
    id: 'digest-needs-mirror',
    at: 'spec.image',
    cel: '!has(self.digest) || has(self.repository)',
    message:
      'spec.image.digest: expected spec.image.repository with it (the catalogue has the digest for the default repository), found none',
    celValues: {},
    broken: ({ spec: { image } }) =>
      image?.digest === undefined || image.repository !== undefined ? undefined : {},
  },
];

const interfaceRules = (['controlPlane', 'services'] as const).map((part): Rule => ({
  id: `${part}-interface-is-not-loopback`,
  at: `spec.${part}`,
  cel: "!has(self.interface) || self.interface != 'lo'",
  message: `spec.${part}.interface: expected a network interface that answers ARP, found lo`,
  celValues: {},
  broken: ({ spec }) => (spec[part]?.interface === 'lo' ? {} : undefined),
}));

const addressRules: readonly Rule[] = [
  {
    id: 'address-is-literal-unicast',
    at: 'spec.controlPlane.addresses[]',
    // To the API server 0.0.0.0 alone is unspecified, not the rest of 0.0.0.0/8.
    cel: "isIP(self) && ip.isCanonical(self) && ip(self).isGlobalUnicast() && !self.startsWith('0.')",
    message:
      'spec.controlPlane.addresses: expected a literal unicast address in canonical form (no name, prefix, loopback, link-local, multicast or unspecified address), found {found}',
    celValues: { found: 'self' },
    broken: (config) => {
      const found = addressesOf(config).find((address) => !isVirtualAddress(address));
      return found === undefined ? undefined : { found };
    },
    entry: (config) => entryPath('spec.controlPlane.addresses', addressesOf(config), isVirtualAddress),
  },
  {
    id: 'one-address-per-family',
    at: 'spec.controlPlane.addresses',
    cel: 'self.size() != 2 || !self.all(a, isIP(a)) || ip(self[0]).family() != ip(self[1]).family()',
    message: 'spec.controlPlane.addresses: expected at most one address per family, found {found}',
    celValues: { found: "self.join(' and ')" },
    broken: (config) => {
      const [first, second] = addressesOf(config).map(familyOf);
      return first !== undefined && first === second
        ? { found: addressesOf(config).join(' and ') }
        : undefined;
    },
  },
  {
    id: 'addresses-are-immutable',
    at: 'spec.controlPlane.addresses',
    cel: 'self.size() == oldSelf.size() && self.all(a, a in oldSelf)',
    message: `spec.controlPlane.addresses: expected {before} as before (immutable), found {found}; ${takeOut}`,
    celValues: { before: "oldSelf.join(' and ')", found: "self.join(' and ')" },
    broken: (config, old) => {
      const [before, after] = [old?.spec.controlPlane?.addresses, config.spec.controlPlane?.addresses];
      if (before === undefined || after === undefined) {
        return undefined;
      }
      const same = after.length === before.length && after.every((address) => before.includes(address));
      return same ? undefined : { before: before.join(' and '), found: after.join(' and ') };
    },
  },
];

const inWords = (timing: ElectionTiming): Found => ({
  lease: String(timing.leaseDurationSeconds),
  renew: String(timing.renewDeadlineSeconds),
  retry: String(timing.retryPeriodSeconds),
});

const electionRules: readonly Rule[] = [
  {
    // Stored before this rule it may stay as it is: the API server admits what an edit leaves unchanged (ratcheting), and
    // status says KnownHazard.
    id: 'lease-outlives-letting-go',
    at: 'spec.leaderElection',
    cel: 'self.leaseDurationSeconds > 2 * self.renewDeadlineSeconds + self.retryPeriodSeconds',
    message: `spec.leaderElection: expected leaseDurationSeconds above 2 x renewDeadlineSeconds ({renew}) + retryPeriodSeconds ({retry}), found {lease}; with less two nodes own an address while an API server hangs, write for example ${timingInWords(defaultTiming)}`,
    celValues: {
      lease: celSeconds('self.leaseDurationSeconds'),
      renew: celSeconds('self.renewDeadlineSeconds'),
      retry: celSeconds('self.retryPeriodSeconds'),
    },
    broken: ({ spec }, old) => {
      const timing = electionTiming(spec);
      const isUnchanged = old !== undefined && isSameTiming(timing, electionTiming(old.spec));
      return isSafeTiming(timing) || isUnchanged ? undefined : inWords(timing);
    },
  },
  {
    // client-go refuses to start an election otherwise.
    id: 'renew-outlives-retry',
    at: 'spec.leaderElection',
    cel: 'self.renewDeadlineSeconds * 10 > self.retryPeriodSeconds * 12',
    message:
      'spec.leaderElection: expected renewDeadlineSeconds above 1.2 x retryPeriodSeconds, found {renew} and {retry}',
    celValues: {
      renew: celSeconds('self.renewDeadlineSeconds'),
      retry: celSeconds('self.retryPeriodSeconds'),
    },
    broken: ({ spec }) => {
      const timing = electionTiming(spec);
      return outlivesRetry(timing) ? undefined : inWords(timing);
    },
  },
];

/** Every rule that needs no catalogue, in the order in which a person reads the answers. */
export const apiRules: readonly Rule[] = [
  ...objectRules,
  ...interfaceRules,
  ...addressRules,
  ...electionRules,
  ...poolRules,
  ...podRules,
];
