// One row per rule that does not depend on the catalogue: an object that breaks it, and what it is told.
import { describe, expect, it } from '@jest/globals';
import { celMessage, complaint } from '../../src/api/rule.ts';
import { apiRules } from '../../src/api/rules.ts';
import type { JsonSchema } from '../../src/api/json-schema.ts';
import { specSchema } from '../../src/api/spec-schema.ts';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { kubeVipConfig } from '../builders.ts';
import { podExamples } from './pod-examples.ts';

interface Example {
  readonly broken: KubeVipConfig;
  /** The object that it replaces, for rules about changes. */
  readonly old?: KubeVipConfig;
  readonly says: string;
}

const controlPlane = (...addresses: string[]) => kubeVipConfig({ spec: { controlPlane: { addresses } } });
const ofClass = (loadBalancerClass: string) => kubeVipConfig({ spec: { services: { loadBalancerClass } } });
const withPools = (...lists: readonly (readonly string[])[]) =>
  kubeVipConfig({
    spec: {
      services: { pools: lists.map((addresses, at) => ({ name: `p${at}`, addresses: [...addresses] })) },
    },
  });

/** Whether the schema has the field of a path. */
function fieldOf(path: string): boolean {
  const names = path.replaceAll(/\[\d+\]/g, '[]').split(/\.|(?=\[\])/);
  let here: JsonSchema | undefined = { type: 'object', properties: { spec: specSchema } };
  for (const name of names) {
    here = name === '[]' ? here?.items : here?.properties?.[name];
  }
  return here !== undefined;
}

const digest = `sha256:${'a'.repeat(64)}`;
const recreate = 'delete the KubeVipConfig and create another to change it';
const takeOut =
  'to change it take controlPlane out, wait until the address has gone, and put it in again (without services: delete the KubeVipConfig and create another)';

const examples: Readonly<Record<string, Example>> = {
  'class-is-immutable': {
    old: kubeVipConfig(),
    broken: ofClass('example.org/other'),
    says: `spec.services.loadBalancerClass: expected kubevip.dev/edge as before (immutable), found example.org/other; ${recreate}`,
  },
  'something-to-run': {
    broken: kubeVipConfig({ spec: { controlPlane: undefined, services: undefined } }),
    says: 'spec: expected controlPlane, services or both, found neither',
  },
  'digest-needs-mirror': {
    broken: kubeVipConfig({ spec: { image: { digest } } }),
    says: 'spec.image.digest: expected spec.image.repository with it (the catalogue has the digest for the default repository), found none',
  },
  'controlPlane-interface-is-not-loopback': {
    broken: kubeVipConfig({ spec: { controlPlane: { addresses: ['192.0.2.1'], interface: 'lo' } } }),
    says: 'spec.controlPlane.interface: expected a network interface that answers ARP, found lo',
  },
  'services-interface-is-not-loopback': {
    broken: kubeVipConfig({ spec: { services: { interface: 'lo' } } }),
    says: 'spec.services.interface: expected a network interface that answers ARP, found lo',
  },
  'address-is-literal-unicast': {
    broken: controlPlane('vip.example.org'),
    says: 'spec.controlPlane.addresses: expected a literal unicast address in canonical form (no name, prefix, loopback, link-local, multicast or unspecified address), found vip.example.org',
  },
  'one-address-per-family': {
    broken: controlPlane('192.0.2.1', '192.0.2.2'),
    says: 'spec.controlPlane.addresses: expected at most one address per family, found 192.0.2.1 and 192.0.2.2',
  },
  'addresses-are-immutable': {
    old: controlPlane('192.0.2.1'),
    broken: controlPlane('192.0.2.2'),
    says: `spec.controlPlane.addresses: expected 192.0.2.1 as before (immutable), found 192.0.2.2; ${takeOut}`,
  },
  'lease-outlives-letting-go': {
    broken: kubeVipConfig({ spec: { leaderElection: { leaseDurationSeconds: 22 } } }),
    says: 'spec.leaderElection: expected leaseDurationSeconds above 2 x renewDeadlineSeconds (10) + retryPeriodSeconds (2), found 22; with less two nodes own an address while an API server hangs, write for example leaseDurationSeconds 24, renewDeadlineSeconds 10, retryPeriodSeconds 2',
  },
  'renew-outlives-retry': {
    broken: kubeVipConfig({ spec: { leaderElection: { renewDeadlineSeconds: 6, retryPeriodSeconds: 5 } } }),
    says: 'spec.leaderElection: expected renewDeadlineSeconds above 1.2 x retryPeriodSeconds, found 6 and 5',
  },
  'pool-entry-is-unicast-range': {
    broken: kubeVipConfig({ spec: { services: { pools: [{ name: 'main', addresses: ['192.0.2.1/24'] }] } } }),
    says: 'spec.services.pools: expected a CIDR such as 192.0.2.64/27, or first-last of one family inside one /16 (IPv6: /112), of unicast addresses in canonical form, found 192.0.2.1/24; write a larger range as CIDRs',
  },
  'pool-reserved-is-address-or-cidr': {
    broken: kubeVipConfig({
      spec: {
        services: {
          pools: [{ name: 'main', addresses: ['192.0.2.0/24'], reserved: ['192.0.2.1-192.0.2.9'] }],
        },
      },
    }),
    says: 'spec.services.pools: expected in reserved an address such as 192.0.2.70, or a CIDR such as 192.0.2.72/29, in canonical form, found 192.0.2.1-192.0.2.9; write a range as several CIDRs',
  },
  ...podExamples,
};

const ruleOf = (id: string) => apiRules.find((rule) => rule.id === id);

describe('apiRules', () => {
  it('have an example each', () => {
    expect(Object.keys(examples)).toEqual(apiRules.map(({ id }) => id));
  });

  it.each(Object.entries(examples))('%s', (id, { broken, old, says }) => {
    const rule = ruleOf(id);
    expect(rule && complaint(rule, broken, old)?.message).toBe(says);
  });

  it.each(apiRules.map((rule) => [rule.id, rule] as const))('%s admits the default object', (_, rule) => {
    expect(complaint(rule, kubeVipConfig(), kubeVipConfig())).toBeUndefined();
  });

  it.each(apiRules.map((rule) => [rule.id, rule] as const))('%s says each of its values', (_, rule) => {
    const named = [...rule.message.matchAll(/\{(\w+)\}/g)]
      .map(([, name = '']) => name)
      .sort((a, b) => a.localeCompare(b));
    expect(named).toEqual(Object.keys(rule.celValues).sort((a, b) => a.localeCompare(b)));
  });

  it.each([
    ['addresses-are-immutable', 'the order of addresses', ['192.0.2.1', 'fd00::1'], ['fd00::1', '192.0.2.1']],
  ])('%s does not mind %s', (id, _, before, after) => {
    const rule = ruleOf(id);
    expect(rule && complaint(rule, controlPlane(...after), controlPlane(...before))).toBeUndefined();
  });

  it.each([
    ['the addresses when the control plane is new', 'addresses-are-immutable', { controlPlane: undefined }],
    ['the class when services are new', 'class-is-immutable', { services: undefined }],
  ])('lets a change name %s', (_, id, spec) => {
    const rule = ruleOf(id);
    expect(rule && complaint(rule, kubeVipConfig(), kubeVipConfig({ spec }))).toBeUndefined();
  });

  it.each(apiRules.map((rule) => [rule.id, rule] as const))('%s is about a field that exists', (id, rule) => {
    const example = examples[id];
    const path = example && complaint(rule, example.broken, example.old)?.path;
    expect(fieldOf(path ?? '')).toBe(true);
    // The place of the rule in the schema is the field, or above it.
    const at = rule.at.replaceAll('[]', '');
    expect(path?.replaceAll(/\[\d+\]/g, '').startsWith(at)).toBe(true);
  });

  it.each([
    [
      'address-is-literal-unicast',
      controlPlane('192.0.2.1', 'example.org'),
      'spec.controlPlane.addresses[1]',
    ],
    [
      'services-toleration-without-key-exists',
      kubeVipConfig({ spec: { services: { tolerations: [{ operator: 'Exists' }, { value: 'a' }] } } }),
      'spec.services.tolerations[1]',
    ],
    [
      'pool-entry-is-unicast-range',
      withPools(['192.0.2.64/27'], ['192.0.2.0/27', 'none']),
      'spec.services.pools[1].addresses[1]',
    ],
    ['digest-needs-mirror', kubeVipConfig({ spec: { image: { digest } } }), 'spec.image.digest'],
    [
      'lease-outlives-letting-go',
      kubeVipConfig({ spec: { leaderElection: { leaseDurationSeconds: 10 } } }),
      'spec.leaderElection',
    ],
  ])('%s names the entry of a list, and else the field', (id, config, path) => {
    const rule = ruleOf(id);
    expect(rule && complaint(rule, config)?.path).toBe(path);
  });

  it('sees a second address as a change', () => {
    const rule = ruleOf('addresses-are-immutable');
    expect(
      rule && complaint(rule, controlPlane('192.0.2.1', 'fd00::1'), controlPlane('192.0.2.1'))?.message,
    ).toContain('found 192.0.2.1 and fd00::1');
  });
});

describe('celMessage', () => {
  it.each([
    ['quotes a message without values', 'something-to-run', /^'spec: expected [^']+'$/],
    [
      'puts CEL expressions in place of values',
      'one-address-per-family',
      /found ' \+ \(self\.join\(' and '\)\)$/,
    ],
  ])('%s', (_, id, expected) => {
    const rule = ruleOf(id);
    expect(rule && celMessage(rule)).toMatch(expected);
  });
});
