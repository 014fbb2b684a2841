import { describe, expect, it } from '@jest/globals';
import type { V1Service } from '@kubernetes/client-node';
import fc from 'fast-check';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { daemonSet, freshSnapshot, kubeVipConfig, snapshot } from '../builders.ts';
import { service } from '../cluster-builders.ts';
import '../api/arbitraries.ts';
import { observed, outline } from '../pass.ts';

const ips = 'kube-vip.io/loadbalancerIPs';
const vip = '203.0.113.100';
const edge = 'kubevip.dev/edge';

interface Parts {
  readonly namespace?: string;
  readonly loadBalancerClass?: string;
  readonly ports?: readonly number[];
  readonly list?: string;
}

const of = (
  name: string,
  { namespace = 'default', loadBalancerClass, ports = [80], list }: Parts,
): V1Service =>
  service({
    name,
    namespace,
    annotations: { [ips]: list ?? '203.0.113.10' },
    ports: ports.map((port) => ({ port })),
    ...(loadBalancerClass !== undefined && { loadBalancerClass }),
  });
const ours = (name: string, parts: Parts = {}) => of(name, { loadBalancerClass: edge, ...parts });
const external = (name: string, port: number) =>
  service({ name, type: 'ClusterIP', externalIPs: ['203.0.113.10'], ports: [{ port }] });

const sharedAddresses = (world: Snapshot) => observed(world).sharedAddresses;
const servicesWithVip = (world: Snapshot) => observed(world).servicesWithVip;

describe('sharedAddresses', () => {
  const inNamespace = kubeVipConfig({ spec: { services: { namespace: 'team' } } });
  const apiOnly = kubeVipConfig({ spec: { services: undefined } });

  it.each<[string, readonly V1Service[], readonly string[], ReturnType<typeof kubeVipConfig>?]>([
    ['are none of a Service alone', [ours('a')], []],
    ['are none with other ports, as kube-vip allows', [ours('a'), ours('b', { ports: [81] })], []],
    ['are none with other addresses', [ours('a'), ours('b', { list: '203.0.113.11' })], []],
    [
      'are found across namespaces',
      [ours('a'), ours('b', { namespace: 'team' })],
      ['203.0.113.10 TCP/80 default/a team/b'],
    ],
    [
      'are found whatever the spelling',
      [ours('a', { list: '2001:db8::1' }), ours('b', { list: '2001:DB8:0::1' })],
      ['2001:db8::1 TCP/80 default/a default/b'],
    ],
    [
      'are found with another class, whatever the ports',
      [ours('a'), of('b', { loadBalancerClass: 'kubevip.dev/other', ports: [81] })],
      ['203.0.113.10 classes default/a default/b'],
    ],
    ['are found without a class', [of('b', {}), ours('z')], ['203.0.113.10 classes default/z default/b']],
    [
      'are found with an external address of the same port',
      [ours('a'), external('b', 80)],
      ['203.0.113.10 TCP/80 default/a default/b'],
    ],
    ['are none with an external address of another port', [ours('a'), external('b', 81)], []],
    ['are none of others', [of('a', {}), of('b', { loadBalancerClass: 'a.io/b' })], []],
    ['are none of a config without services', [ours('a'), ours('b')], [], apiOnly],
    ['are none outside the namespace that is served', [ours('a'), ours('b')], [], inNamespace],
    [
      'are found inside it',
      [ours('a', { namespace: 'team' }), ours('b', { namespace: 'team' })],
      ['203.0.113.10 TCP/80 team/a team/b'],
      inNamespace,
    ],
  ])('%s', (_, services, expected, config = kubeVipConfig()) => {
    const said = sharedAddresses(freshSnapshot({ config, services })).map(
      ({ address, port = 'classes', services: pair }) =>
        [address, port, ...pair.map((row) => row.service)].join(' '),
    );
    expect(said).toEqual(expected);
  });

  it('do not depend on the order of the list', () => {
    const services = [ours('a'), ours('b', { namespace: 'team' }), of('c', {}), external('d', 80), ours('e')];
    const expected = sharedAddresses(freshSnapshot({ services }));
    fc.assert(
      fc.property(fc.shuffledSubarray(services, { minLength: services.length }), (list) => {
        expect(sharedAddresses(freshSnapshot({ services: list }))).toEqual(expected);
      }),
    );
  });
});

describe('a Service with a control-plane address', () => {
  const rejection = (overrides: Parameters<typeof freshSnapshot>[0]) =>
    outline(freshSnapshot(overrides)).rejection?.reason;

  it.each<[string, V1Service]>([
    ['in the annotation', of('a', { list: vip })],
    ['in the annotation, for our class', ours('a', { list: vip })],
    ['in spec.loadBalancerIP', service({ loadBalancerIP: vip })],
    ['in spec.externalIPs', service({ type: 'ClusterIP', externalIPs: [vip] })],
    ['in the status', service({ published: [vip] })],
    [
      'in the status beside another annotation',
      service({ annotations: { [ips]: '203.0.113.1' }, published: [vip] }),
    ],
  ])('%s keeps it: a new config is not accepted', (_, holder) => {
    expect(servicesWithVip(freshSnapshot({ services: [holder] }))).toHaveLength(1);
    expect(rejection({ services: [holder] })).toBe('ServiceConflict');
    expect(outline(freshSnapshot({ services: [holder] })).steps).toEqual([]);
  });

  const services = [service({ published: [vip] })];

  it('does not take it from a config that runs', () => {
    expect(outline(snapshot({ services }))).toMatchObject({ steps: [] });
    expect(outline(snapshot({ services })).rejection).toBeUndefined();
  });

  it('does not take down what else runs', () => {
    const daemonSets = [daemonSet({ component: 'services' })];
    const plan = outline(freshSnapshot({ services, daemonSets }));
    expect([plan.rejection?.reason, plan.steps]).toEqual(['ServiceConflict', []]);
  });

  it('has it while a control plane is on its way out', () => {
    const daemonSets = [daemonSet({ metadata: { deletionTimestamp: new Date(0) } })];
    expect(rejection({ services, daemonSets })).toBe('ServiceConflict');
  });

  it('is nobody’s concern with another address', () => {
    expect(rejection({ services: [service({ published: ['203.0.113.1'] })] })).toBeUndefined();
  });
});
