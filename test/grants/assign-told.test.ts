// A Service that asks for nothing, and gets nothing or something: what it is told.
import { describe, expect, it } from '@jest/globals';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { Prospects } from '../../src/grants/prospects.ts';
import { kubeVipConfig } from '../builders.ts';
import { autoConfig, decisionOn, poolConfig, serviceOf, type ServiceOptions } from './world.ts';

const first = '203.0.113.2';
const both = { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' };
const configs = [autoConfig()];
const only = (...addresses: readonly string[]): readonly KubeVipConfig[] => [autoConfig(addresses)];

describe('a Service that asks for nothing is told', () => {
  const bare = kubeVipConfig({ status: {} });
  it.each<[string, ServiceOptions, readonly KubeVipConfig[], RegExp]>([
    [
      'AddressAssigned',
      {},
      configs,
      /^203\.0\.113\.2 from pool main of KubeVipConfig edge is assigned, and stays/,
    ],
    [
      'AddressAssigned',
      { has: '203.0.113.9' },
      configs,
      /^203\.0\.113\.9 is not asked for any more, and stays/,
    ],
    [
      'PoolExhausted',
      {},
      only('203.0.113.11/32'),
      /expected a free IPv4 address in pool main of .* found none; ask/,
    ],
    ['PoolExhausted', both, only('203.0.113.0/24'), /expected a free IPv6 address/],
    ['NoPool', {}, [bare], /found none; ask an administrator to list addresses in its spec\.services\.pools/],
    [
      'NoPool',
      {},
      [poolConfig()],
      /found pool main without autoAssign, and pool six without autoAssign; ask for one/,
    ],
    ['NoKubeVipConfig', { of: 'kubevip.dev/none' }, configs, /found kubevip\.dev\/none/],
    [
      'AddressKept',
      { has: '198.51.100.9', published: ['198.51.100.9'], isAssigned: true },
      configs,
      /found an address outside/,
    ],
  ])('%s of %j', (reason, options, given, note) => {
    const { told } = decisionOn([serviceOf(options)], { configs: given });
    expect(told.map((row) => row.reason)).toEqual([reason]);
    expect(told[0]?.note).toMatch(note);
  });

  it('NamespaceNotServed', () => {
    const config = autoConfig();
    const elsewhere = {
      ...config,
      spec: { ...config.spec, services: { ...config.spec.services, namespace: 'b' } },
    };
    expect(decisionOn([serviceOf()], { configs: [elsewhere] }).told).toMatchObject([
      { reason: 'NamespaceNotServed' },
    ]);
  });

  it.each([
    [
      'GrantWaits',
      { survey: undefined },
      'an address of KubeVipConfig edge waits for the operator to read the cluster',
    ],
    [
      'ConfigNotAccepted',
      { configs: [refused()] },
      'spec.loadBalancerClass: expected a KubeVipConfig that can grant',
    ],
  ])('%s', (reason, cluster, note) => {
    const { told, grant } = decisionOn([serviceOf()], { configs, ...cluster });
    expect([told[0]?.reason, told[0]?.note.startsWith(note), grant]).toEqual([reason, true, undefined]);
  });

  const turn = {
    reason: 'GrantWaits',
    found: 'its turn',
    todo: 'nothing has to be done',
    afterSeconds: 60,
  } as const;

  it('that it waits for its turn, and keeps its place', () => {
    const turnOf = () => ({ ...turn, isSoon: false });
    const decision = decisionOn([serviceOf()], { configs }, undefined, { turnOf });
    expect(decision).toMatchObject({ grant: undefined, aims: [first], isInLine: true });
    expect(decision.told[0]?.note).toBe(
      `${first} of KubeVipConfig edge waits for its turn; nothing has to be done`,
    );
  });
});

function refused(): KubeVipConfig {
  const row = {
    type: 'Accepted',
    status: 'False',
    reason: 'AddressConflict',
    message: '',
    lastTransitionTime: '2026-11-24T11:00:00Z',
  } as const;
  const config = autoConfig();
  return { ...config, status: { ...config.status, conditions: [row] } };
}

it('of one namespace 16 Services look for an address at once, and the others are told to wait', () => {
  const prospects = new Prospects();
  const rows = Array.from({ length: 18 }, (_, n) => serviceOf({ name: `s${n}`, version: n + 1 }));
  const reasons = rows.map((row) => decisionOn([row], { configs }, undefined, { prospects }));
  expect(reasons.map(({ grant }) => grant !== undefined).filter((has) => !has)).toHaveLength(2);
  expect(reasons[17]?.told[0]?.note).toContain(
    'its turn, because 16 Services of namespace default wait for one already',
  );
});
