// Whoever may write Services may write any address into fields that no kube-vip of ours reads. It keeps nothing from others.
import { describe, expect, it } from '@jest/globals';
import { AddressBook } from '../../src/grants/book.ts';
import { standingOf } from '../../src/grants/standing.ts';
import { poolConfig, serviceOf, decisionOn, type ServiceOptions } from './world.ts';

const address = '203.0.113.110';
const squatter = (options: ServiceOptions) =>
  serviceOf({ name: 'squatter', namespace: 'b', isOurs: false, ...options });
const asker = serviceOf({ asks: address });
const legacy = 'example.org/legacy';
const served = [
  poolConfig(),
  poolConfig({ name: 'legacy', spec: { services: { loadBalancerClass: legacy } } }),
];

describe('an address of a pool is free, though another Service has it', () => {
  it.each<[string, ServiceOptions]>([
    ['in the annotation, without being a load balancer', { type: 'ClusterIP', has: address }],
    ['in the annotation, as a NodePort', { type: 'NodePort', has: address }],
    ['in the annotation of a class that nobody serves', { of: 'example.org/x', has: address }],
    ['in loadBalancerIP, without being a load balancer', { type: 'ClusterIP', loadBalancerIP: address }],
    ['in loadBalancerIP of a class that nobody serves', { of: 'example.org/x', loadBalancerIP: address }],
    ['in the annotation, with a share', { type: 'ClusterIP', has: address, share: 'k' }],
  ])('%s', (_, options) => {
    expect(decisionOn([asker, squatter(options)]).grant).toBe(address);
    const book = new AddressBook();
    book.put(standingOf(squatter(options)), 0);
    book.remove('b/squatter', 0);
    expect(decisionOn([asker], {}, book).grant).toBe(address);
  });
});

describe('an address of a pool is taken, when another Service has it', () => {
  it.each<[string, ServiceOptions, string]>([
    ['and the operator wrote it', { type: 'ClusterIP', has: address, isOurs: true }, 'annotation'],
    [
      'and the operator wrote it, in whatever class',
      { of: 'example.org/x', has: address, isOurs: true },
      'annotation',
    ],
    ['in a class that is ours by name', { of: 'kubevip.dev/none', has: address }, 'annotation'],
    ['in a class that a KubeVipConfig serves', { of: legacy, has: address }, 'annotation'],
    ['in loadBalancerIP of such a class', { of: legacy, loadBalancerIP: address }, 'spec.loadBalancerIP'],
    ['published in a class of others', { of: 'example.org/x', published: [address] }, 'status'],
    [
      'published beside the annotation',
      { of: 'example.org/x', has: address, published: [address] },
      'annotation',
    ],
    [
      'and kube-proxy captures it beside the annotation',
      { of: 'example.org/x', has: address, externalIPs: [address] },
      'annotation',
    ],
    ['and kube-proxy captures it', { type: 'ClusterIP', externalIPs: [address] }, 'spec.externalIPs'],
  ])('%s', (_, options, field) => {
    const { grant, told } = decisionOn([asker, squatter(options)], { configs: served });
    expect([grant, told.map(({ reason }) => reason)]).toEqual([undefined, ['AddressTaken']]);
    expect(told[0]?.note).toContain(`found Service b/squatter with it in ${field}`);
  });
});
