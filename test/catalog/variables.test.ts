// What is rendered is read by the release that gets it, and parses there.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import semver from 'semver';
import { releases } from '../../src/catalog/releases.ts';
import { settings } from '../../src/catalog/settings.ts';
import { variableOf, variables } from '../../src/catalog/variables.ts';
import { variableTypes, type VariableType } from '../../src/catalog/variables/types.ts';
import { choosable } from '../../src/catalog/verdicts.ts';
import { admittedConfigs } from '../api/arbitraries.ts';
import { rendering } from '../builders.ts';

const versions = releases.map(({ version }) => version);

describe('variables', () => {
  it.each([...new Set(variables.map(({ name }) => name))])('%s has one row per release at most', (name) => {
    for (const version of versions) {
      const rows = variables.filter((row) => row.name === name && variableOf(name, version) === row);
      expect(rows.length).toBeLessThanOrEqual(1);
    }
    const rows = variables.filter((row) => row.name === name);
    const ends = rows.slice(0, -1).map(({ before }) => before);
    expect(ends).toEqual(rows.slice(1).map(({ since }) => since));
  });

  it.each(variables.map((row) => [`${row.name} ${row.since ?? ''}`, row] as const))(
    '%s has a default that parses',
    (_, row) => {
      const isGood =
        row.default === undefined ||
        variableTypes[row.type](row.default) ||
        (row.type === 'seconds' && row.default === '0');
      expect(isGood).toBe(true);
    },
  );

  it.each(
    variables.flatMap(({ name, since, before }) =>
      [since, before].flatMap((tag) => (tag ? [[name, tag] as const] : [])),
    ),
  )('%s changes at a release: %s', (_, tag) => {
    expect(versions).toContain(tag);
  });

  it.each([
    ['v0.6.4', 'vip_nodename', undefined],
    ['v0.6.4', 'vip_subnet', 'prefix suffix'],
    ['v0.8.10', 'vip_cidr', 'prefix lengths'],
    ['v0.9.0', 'vip_cidr', undefined],
    ['v0.9.0', 'vip_subnet', 'prefix lengths'],
    ['v0.8.7', 'lb_class_legacy_handling', 'boolean'],
    ['v0.8.0', 'lb_class_legacy_handling', undefined],
    ['v1.2.3', 'debounce_time', undefined],
    ['v1.2.3', 'lb_class', undefined],
  ] as const)('%s reads %s as %s', (version, name, type) => {
    expect(variableOf(name, version)?.type).toBe(type);
  });
});

describe('variableTypes', () => {
  const examples: Readonly<Record<VariableType, readonly [good: string, bad: string]>> = {
    boolean: ['true', 'yes'],
    integer: ['-4', '4.5'],
    unsigned: ['4', '-4'],
    seconds: ['15', '0'],
    milliseconds: ['3000', '499'],
    port: ['6443', '65536'],
    listener: [':29100', '29100'],
    text: ['x', ''],
    interface: ['eth0', 'eth0:1'],
    addresses: ['192.0.2.1,2001:db8::1', '192.0.2.1,'],
    address: ['192.0.2.1', '192.0.2.1,192.0.2.2'],
    'prefix lengths': ['32,128', '/32'],
    'prefix suffix': ['/32', '32'],
    name: ['edge-services', 'Edge'],
    networks: ['10.0.0.0/16', '10.0.0.0'],
    list: ['a,b', 'a,,b'],
    json: ['{}', '{'],
    'DNS mode': ['first', 'First'],
    'DHCP mode': ['ipv4', 'first'],
    'forwarding method': ['local', 'remote'],
    'next hop': ['fixed', ''],
    'packet filter': ['nft', 'iptables'],
  };

  it.each(Object.entries(examples))('%s', (type, [good, bad]) => {
    const parses = variableTypes[type as VariableType];
    expect([parses(good), parses(bad), parses('')]).toEqual([true, false, false]);
  });

  it.each(['129', '33,128', '32,128,0', '-1', '32,'])('prefix lengths are not %s', (text) => {
    expect(variableTypes['prefix lengths'](text)).toBe(false);
  });
});

describe('settings', () => {
  it.each(settings.map((row) => [`${row.env} ${row.since ?? ''}..${row.before ?? ''}`, row] as const))(
    '%s is read by every release that gets it',
    (_, { env, since, before }) => {
      const getting = choosable
        .map(({ version }) => version)
        .filter((version) => !since || semver.gte(version, since))
        .filter((version) => !before || semver.lt(version, before));
      expect(getting.filter((version) => variableOf(env, version) === undefined)).toEqual([]);
    },
  );
});

describe('every accepted spec', () => {
  it('renders variables that its release reads, with values that parse there', () => {
    fc.assert(
      fc.property(admittedConfigs, (config) => {
        const { version } = config.spec;
        const environment = rendering(config).flatMap(
          ({ spec }) => spec?.template.spec?.containers.flatMap(({ env = [] }) => env) ?? [],
        );
        const wrong = environment.filter(({ name, value, valueFrom }) => {
          const variable = variableOf(name, version);
          const isRead = variable !== undefined && name !== 'health_check_port';
          return (
            !isRead || !(valueFrom ? variable.type === 'text' : variableTypes[variable.type](value ?? ''))
          );
        });
        expect([version, wrong]).toEqual([version, []]);
      }),
    );
  });
});
