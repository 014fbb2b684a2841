import { describe, expect, it } from '@jest/globals';
import type { V1Service } from '@kubernetes/client-node';
import {
  claimsOfService,
  classlessServices,
  indexServices,
  loadBalancerAddresses,
  publishedBy,
  servedServices,
  serviceName,
} from '../../src/observed/services.ts';
import { kubeVipConfig } from '../builders.ts';
import { effectiveSpec } from '../../src/api/defaults.ts';
import { service } from '../cluster-builders.ts';

const ips = 'kube-vip.io/loadbalancerIPs';
const asking = (list: string) => ({ annotations: { [ips]: list } });

describe('claimsOfService', () => {
  it.each<[string, V1Service, readonly string[]]>([
    ['has none for a Service without address', service(), []],
    [
      'reads the annotation',
      service(asking(' 203.0.113.1 ,2001:DB8::1')),
      [`203.0.113.1 bound by annotation ${ips}`, `2001:db8::1 bound by annotation ${ips}`],
    ],
    [
      'takes IPv4 out of IPv6',
      service(asking('::ffff:203.0.113.1')),
      [`203.0.113.1 bound by annotation ${ips}`],
    ],
    [
      'takes leading zeros for decimals, as kube-proxy does',
      service({ type: 'ClusterIP', externalIPs: ['203.0.113.010', '::ffff:203.0.113.011'] }),
      ['203.0.113.10 captured by spec.externalIPs', '203.0.113.11 captured by spec.externalIPs'],
    ],
    ['leaves names and DHCP alone', service(asking('web.example.org')), []],
    [
      'reads spec.loadBalancerIP where there is no annotation',
      service({ loadBalancerIP: '203.0.113.1' }),
      ['203.0.113.1 bound by spec.loadBalancerIP'],
    ],
    [
      'reads the status where there is no annotation, whoever wrote it',
      service({ published: ['203.0.113.1'] }),
      ['203.0.113.1 bound by status.loadBalancer.ingress'],
    ],
    [
      'knows that kube-vip reads neither beside an annotation',
      service({ ...asking('203.0.113.1'), loadBalancerIP: '203.0.113.2', published: ['203.0.113.3'] }),
      [
        `203.0.113.1 bound by annotation ${ips}`,
        '203.0.113.2 captured by spec.loadBalancerIP',
        '203.0.113.3 captured by status.loadBalancer.ingress',
      ],
    ],
    [
      'says each address once',
      service({ ...asking('203.0.113.1'), published: ['203.0.113.1'], externalIPs: ['203.0.113.1'] }),
      [`203.0.113.1 bound by annotation ${ips}`],
    ],
    [
      'reads external addresses of any type',
      service({ type: 'ClusterIP', externalIPs: ['203.0.113.1'] }),
      ['203.0.113.1 captured by spec.externalIPs'],
    ],
    [
      'does not read the annotation and the status of what is no load balancer',
      service({ ...asking('203.0.113.1'), type: 'NodePort', published: ['203.0.113.2'] }),
      [],
    ],
    ['takes a Service that has nothing yet', { metadata: { name: 'x' } }, []],
  ])('%s', (_, object, expected) => {
    const said = claimsOfService(object).map(
      ({ address, isBound, field }) => `${address} ${isBound ? 'bound' : 'captured'} by ${field}`,
    );
    expect(said).toEqual(expected);
  });

  it('names the Service, its class and its ports', () => {
    const ports = [{ port: 80 }, { port: 53, protocol: 'UDP' }];
    const object = service({ ...asking('203.0.113.1'), loadBalancerClass: 'a.io/b', ports });
    expect(claimsOfService(object)).toMatchObject([
      {
        service: 'default/web',
        namespace: 'default',
        loadBalancerClass: 'a.io/b',
        ports: ['TCP/80', 'UDP/53'],
      },
    ]);
  });
});

describe('indexServices', () => {
  const of = (name: string, list: string, loadBalancerClass?: string) =>
    service({ name, ...asking(list), ...(loadBalancerClass !== undefined && { loadBalancerClass }) });

  it('is made once for a list, and reads a Service once', () => {
    const services = [of('a', '203.0.113.1')];
    expect(indexServices(services)).toBe(indexServices(services));
    const [claim] = indexServices([...services]).byAddress.get('203.0.113.1') ?? [];
    expect(claim).toBe(indexServices(services).byAddress.get('203.0.113.1')?.[0]);
  });

  it('knows the addresses that a class shares, with itself or another', () => {
    const { shared } = indexServices([
      of('a', '203.0.113.1,203.0.113.2', 'a.io/b'),
      of('b', '203.0.113.1', 'a.io/c'),
      of('c', '203.0.113.2', 'a.io/b'),
      of('d', '203.0.113.3', 'a.io/d'),
      of('e', '203.0.113.4'),
      of('f', '203.0.113.4'),
    ]);
    expect(Object.fromEntries([...shared].map(([name, list]) => [name, [...list]]))).toEqual({
      'a.io/b': ['203.0.113.1', '203.0.113.2'],
      'a.io/c': ['203.0.113.1'],
    });
  });

  it('has one entry for an address that every Service publishes', () => {
    const many = Array.from({ length: 20_000 }, (_, n) =>
      service({ name: `s${n}`, published: ['203.0.113.11'] }),
    );
    const { byAddress, shared } = indexServices(many);
    expect([byAddress.size, shared.size]).toEqual([1, 0]);
  });

  it('knows whose address inside the cluster one is', () => {
    const { byClusterIp, byAddress } = indexServices([
      service({ clusterIPs: ['198.51.100.7', '2001:db8::7'] }),
    ]);
    expect([...byClusterIp]).toEqual([
      ['198.51.100.7', 'default/web'],
      ['2001:db8::7', 'default/web'],
    ]);
    expect(byAddress.size).toBe(0);
  });

  it.each([
    ['in upper case', ['2001:DB8::10'], ['2001:db8::10']],
    ['with leading zeros', ['198.51.100.010'], ['198.51.100.10']],
    ['that is none, as of a headless Service', ['None'], []],
  ])('reads an address inside the cluster %s', (_, clusterIPs, expected) => {
    expect([...indexServices([service({ clusterIPs })]).byClusterIp.keys()]).toEqual(expected);
  });
});

describe('addresses that a load balancer may have put on a node', () => {
  it.each<[string, V1Service, readonly string[]]>([
    ['are those of the annotation', service(asking('203.0.113.1')), ['203.0.113.1']],
    [
      'are also those next to the annotation, which kube-vip may have had before',
      service({ ...asking('203.0.113.1'), loadBalancerIP: '203.0.113.2', published: ['203.0.113.3'] }),
      ['203.0.113.1', '203.0.113.2', '203.0.113.3'],
    ],
    ['are no external ones, which kube-proxy has', service({ externalIPs: ['203.0.113.1'] }), []],
    ['are no names', service(asking('web.example.org')), []],
  ])('%s', (_, object, expected) => {
    expect(loadBalancerAddresses(object)).toEqual(expected);
  });

  it('are published in the status, however they are written there', () => {
    expect(publishedBy(service({ published: ['203.000.113.1'] }))).toEqual(['203.0.113.1']);
  });
});

describe('the load balancers', () => {
  const services = [
    service({ name: 'a', loadBalancerClass: 'kubevip.dev/edge' }),
    service({ name: 'b', loadBalancerClass: 'kubevip.dev/edge', namespace: 'team' }),
    service({ name: 'c', loadBalancerClass: 'example.org/lb' }),
    service({ name: 'd' }),
    service({ name: 'e', namespace: 'team' }),
    service({ name: 'f', type: 'ClusterIP' }),
  ];
  const namesOf = (list: readonly V1Service[]) => list.map(serviceName);
  const ofSpec = (namespace?: string) =>
    effectiveSpec(kubeVipConfig({ spec: { services: namespace === undefined ? {} : { namespace } } }))
      .services;

  it('of a class are served', () => {
    const index = indexServices(services);
    expect(namesOf(servedServices(index, ofSpec()))).toEqual(['Service/default/a', 'Service/team/b']);
    expect(namesOf(servedServices(index, ofSpec('team')))).toEqual(['Service/team/b']);
    expect(servedServices(index, undefined)).toEqual([]);
  });

  it('without a class are told apart', () => {
    const index = indexServices(services);
    expect(namesOf(classlessServices(index, ofSpec()))).toEqual(['Service/default/d', 'Service/team/e']);
    expect(namesOf(classlessServices(index, ofSpec('team')))).toEqual(['Service/team/e']);
    expect(classlessServices(index, undefined)).toEqual([]);
  });
});
