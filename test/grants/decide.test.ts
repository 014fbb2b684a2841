// A request is not a grant: who gets what, and what the others are told.
import { describe, expect, it } from '@jest/globals';
import { AddressBook } from '../../src/grants/book.ts';
import { standingOf } from '../../src/grants/standing.ts';
import { kubeVipConfig } from '../builders.ts';
import { decisionOn, facts, poolConfig, serviceOf, type ServiceOptions } from './world.ts';

const other = (options: ServiceOptions) => serviceOf({ name: 'other', namespace: 'b', ...options });

describe('a Service gets', () => {
  it.each<[string, ServiceOptions, string | null | undefined]>([
    ['an address of a pool', { asks: '203.0.113.110' }, '203.0.113.110'],
    ['one of each family', { asks: '203.0.113.110,2001:db8::110' }, '203.0.113.110,2001:db8::110'],
    ['the canonical spelling', { asks: ' 2001:0DB8::0:110 ' }, '2001:db8::110'],
    ['the same address once', { asks: '203.0.113.110,203.0.113.110' }, '203.0.113.110'],
    ['nothing new when it has what it asks for', { asks: '203.0.113.110', has: '203.0.113.110' }, undefined],
    [
      'nothing new when it has it in another spelling',
      { asks: '203.0.113.110,2001:db8::110', has: '2001:0DB8:0:0:0:0:0:0110, ::ffff:203.0.113.110' },
      undefined,
    ],
    [
      'it anew when kube-vip cannot read what it has',
      { asks: '203.0.113.110', has: '203.0.113.110/32' },
      '203.0.113.110',
    ],
    [
      'another one when it asks for another',
      { asks: '203.0.113.110', has: '203.0.113.111' },
      '203.0.113.110',
    ],
    [
      'one less when it asks for less',
      { asks: '203.0.113.110', has: '203.0.113.110,2001:db8::1' },
      '203.0.113.110',
    ],
    ['nothing when it asks for nothing', {}, undefined],
    [
      'its grant taken away when it asks for it no more',
      { has: '203.0.113.110', published: ['203.0.113.110'] },
      null,
    ],
    ['to keep it until it is published', { has: '203.0.113.110' }, undefined],
    ['to keep what somebody else wrote', { has: '203.0.113.110', isOurs: false }, undefined],
    ['to keep what is bound, outside the pools too', { published: ['192.0.2.9'] }, undefined],
    [
      'what it has in writing, when it asks for it',
      { asks: '203.0.113.110', published: ['203.0.113.110'] },
      '203.0.113.110',
    ],
    [
      'nothing in writing of what it would not be granted',
      { asks: '192.0.2.9', published: ['192.0.2.9'] },
      undefined,
    ],
    [
      'no address of a node by being published before it asks',
      { asks: '203.0.113.11', published: ['203.0.113.11'] },
      undefined,
    ],
    ['nothing of another class', { asks: '203.0.113.110', of: 'example.org/x' }, undefined],
    ['nothing when it is no load balancer', { asks: '203.0.113.110', type: 'ClusterIP' }, undefined],
  ])('%s', (_, options, grant) => {
    expect(decisionOn([serviceOf(options)]).grant).toBe(grant);
  });
});

const bare = kubeVipConfig({ status: {} });
const elsewhere = poolConfig({
  spec: { services: { namespace: 'b', pools: [{ name: 'x', addresses: ['203.0.113.0/24'] }] } },
});

describe('a Service is told', () => {
  it.each<[string, ServiceOptions, RegExp]>([
    [
      'AddressInvalid',
      { asks: 'web.example.org' },
      /^kubevip\.dev\/addresses: expected literal addresses .* found "web/,
    ],
    ['AddressInvalid', { asks: '203.0.113.9,203.0.113.10' }, /at most one address per family/],
    ['AddressInvalid', { asks: '1,2,3,4,5' }, /at most 4 addresses in 256 characters/],
    ['AddressInvalid', { asks: 'x'.repeat(257) }, /at most 4 addresses in 256 characters/],
    ['AddressNotInPool', { asks: '203.0.114.1' }, /choose an address of main \(203\.0\.113\.0\/24\), six/],
    ['AddressNotInPool', { asks: '169.254.169.254' }, /found an address outside/],
    [
      'AddressOfControlPlane',
      { asks: '203.0.113.100' },
      /found the control-plane address of KubeVipConfig edge/,
    ],
    ['AddressOfNode', { asks: '203.0.113.11' }, /found an address of node n1/],
    ['AddressOfGateway', { asks: '203.0.113.1' }, /found the default gateway of nodes/],
    ['AddressOfSubnet', { asks: '203.0.113.0' }, /found the network address of 203\.0\.113\.11\/24/],
    ['AddressOfSubnet', { asks: '203.0.113.255' }, /found the broadcast address/],
    ['AddressOfSubnet', { asks: '2001:db8::' }, /found the first address of 2001:db8::b\/64, a subnet/],
    ['AddressOfSubnet', { asks: '2001:db8::ffff:ffff:ffff:ffff' }, /found the last address of 2001:db8::b/],
    [
      'AddressOfNetwork',
      { asks: '203.0.113.65' },
      /found an address of 203\.0\.113\.64\/27, the network of services/,
    ],
    ['NoKubeVipConfig', { asks: '203.0.113.110', of: 'kubevip.dev/none' }, /found kubevip\.dev\/none/],
    ['AddressKept', { has: '192.0.2.9', isOurs: false }, /^192\.0\.2\.9 stays: .* found an address outside/],
    [
      'AddressKept',
      { asks: '203.0.113.11', has: '203.0.113.11', published: ['203.0.113.11'] },
      /found an address of node n1/,
    ],
    [
      'AddressKept',
      { published: ['203.0.113.11'] },
      /^203\.0\.113\.11 stays: .* found an address of node n1/,
    ],
    [
      'AddressKept',
      { asks: '203.0.113.11', published: ['203.0.113.11'] },
      /^203\.0\.113\.11 stays: .* found an address of node n1/,
    ],
    [
      'AddressWithdrawn',
      { has: '203.0.113.110', published: ['203.0.113.110'] },
      /^203\.0\.113\.110 is not asked for/,
    ],
    [
      'GrantWaits',
      { has: '203.0.113.110' },
      /^203\.0\.113\.110 is not asked for any more, and stays until kube-vip has published it/,
    ],
    [
      'AddressGranted',
      { asks: '203.0.113.110' },
      /^203\.0\.113\.110 from pool main of KubeVipConfig edge is granted/,
    ],
  ])('%s of %j', (reason, options, note) => {
    const { told, grant } = decisionOn([serviceOf(options)]);
    expect(told.map((row) => row.reason)).toEqual([reason]);
    expect(told[0]?.note).toMatch(note);
    expect(told[0]?.type === 'Warning' && grant !== undefined).toBe(false);
  });

  it.each([
    ['NoPool', bare],
    ['NamespaceNotServed', elsewhere],
  ])('%s', (reason, config) => {
    const { told, grant } = decisionOn([serviceOf({ asks: '203.0.113.110' })], { configs: [config] });
    expect([told.map((row) => row.reason), grant]).toEqual([[reason], undefined]);
  });

  it('nothing of what it has while there are no pools', () => {
    expect(decisionOn([serviceOf({ has: '192.0.2.9', isOurs: false })], { configs: [bare] }).told).toEqual(
      [],
    );
  });

  it('what it waits for, once, while facts are missing, and of what it has nothing', () => {
    const { told, grant, isWaiting } = decisionOn([serviceOf({ asks: '203.0.113.110' })], {
      survey: undefined,
    });
    expect([told, grant, isWaiting]).toEqual([
      [
        {
          type: 'Normal',
          reason: 'GrantWaits',
          note: 'kubevip.dev/addresses: 203.0.113.110 waits for the operator to read the cluster; nothing has to be done',
        },
      ],
      undefined,
      true,
    ]);
    const kept = serviceOf({ has: '192.0.2.9', isOurs: false });
    expect(decisionOn([kept], { survey: undefined }).told).toEqual([]);
  });

  it('of a pool that an older KubeVipConfig has, too, and that one grants it', () => {
    const metadata = { creationTimestamp: '2026-11-24T09:00:00Z' };
    const older = poolConfig({
      name: 'older',
      metadata,
      spec: {
        services: {
          loadBalancerClass: 'kubevip.dev/older',
          pools: [{ name: 'x', addresses: ['203.0.113.110-203.0.113.111'] }],
        },
      },
    });
    const configs = [...facts.configs, older];
    const ask = (of: string, asks: string) => decisionOn([serviceOf({ asks, of })], { configs });
    expect(ask('kubevip.dev/edge', '203.0.113.110').told).toMatchObject([
      { reason: 'AddressOfOtherPool', note: expect.stringContaining('a pool of KubeVipConfig older') },
    ]);
    expect(ask('kubevip.dev/older', '203.0.113.110').grant).toBe('203.0.113.110');
    expect(ask('kubevip.dev/edge', '203.0.113.112').grant).toBe('203.0.113.112');
  });
});

describe('an address that another Service has', () => {
  it.each<[string, ServiceOptions]>([
    ['by a grant', { has: '203.0.113.110' }],
    ['by a grant of another class', { has: '203.0.113.110', of: 'kubevip.dev/other' }],
    ['in its status', { published: ['203.0.113.110'] }],
    ['in its externalIPs', { type: 'ClusterIP', externalIPs: ['203.0.113.110'] }],
    ['in another spelling', { type: 'ClusterIP', externalIPs: ['::ffff:203.0.113.110'] }],
    ['from when it was a load balancer', { type: 'ClusterIP', has: '203.0.113.110' }],
    ['with the same key in another namespace', { has: '203.0.113.110', share: 'k', port: 443 }],
    ['with another key', { namespace: 'default', has: '203.0.113.110', share: 'l', port: 443 }],
    ['with the same port', { namespace: 'default', has: '203.0.113.110', share: 'k' }],
  ])('%s is not granted', (_, options) => {
    const { told, grant } = decisionOn([serviceOf({ asks: '203.0.113.110', share: 'k' }), other(options)]);
    expect([told.map(({ reason }) => reason), grant]).toEqual([['AddressTaken'], undefined]);
  });

  it('rests for a minute before another class gets it, and not for its own class', () => {
    const left = (of: string) => {
      const book = new AddressBook();
      book.put(standingOf(other({ has: '203.0.113.110', of })), 0);
      book.remove('b/other', 0);
      return decisionOn([serviceOf({ asks: '203.0.113.110' })], {}, book);
    };
    expect(left('kubevip.dev/edge').grant).toBe('203.0.113.110');
    const { told, afterSeconds } = left('kubevip.dev/other');
    expect([told[0]?.reason, afterSeconds]).toEqual(['AddressResting', 60]);
    expect(told[0]?.note).toContain('wait at most 60 s');
  });

  it('in externalIPs rests for nobody when it goes', () => {
    const book = new AddressBook();
    book.put(standingOf(other({ externalIPs: ['203.0.113.110'], of: 'example.org/x' })), 0);
    book.remove('b/other', 0);
    expect(decisionOn([serviceOf({ asks: '203.0.113.110' })], {}, book).grant).toBe('203.0.113.110');
  });
});

it('of two configs of one class the one that is accepted grants', () => {
  const conditions = [{ type: 'Accepted', status: 'False', reason: 'ClassConflict' }];
  const loser = poolConfig({
    name: 'a',
    spec: { services: { loadBalancerClass: 'kubevip.dev/edge' } },
    status: { conditions } as never,
  });
  expect(
    decisionOn([serviceOf({ asks: '203.0.113.110' })], { configs: [loser, ...facts.configs] }).grant,
  ).toBe('203.0.113.110');
});
