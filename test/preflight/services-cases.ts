import type { V1Service } from '@kubernetes/client-node';
import { kubeVipConfig } from '../builders.ts';
import { service } from '../cluster-builders.ts';
import type { Cases } from './find.ts';
import { surveyed } from './survey-builders.ts';

const ours = { loadBalancerClass: 'kubevip.dev/edge' };
const asking = (key: string, value: string, spec: Partial<NonNullable<V1Service['spec']>> = ours) =>
  service({ annotations: { [`kube-vip.io/${key}`]: value }, ...spec });
const among = (...services: readonly V1Service[]) => surveyed({}, { services });
const says = (key: string, what: string, value: string, rest = ''): string =>
  `Service/default/web: asks for ${what}. With ${value} in annotation kube-vip.io/${key}, kube-vip ${rest}`;

const withPools = (name: string, addresses: readonly string[]) =>
  kubeVipConfig({
    name,
    spec: {
      controlPlane: undefined,
      services: {
        loadBalancerClass: `kubevip.dev/${name}`,
        ...(addresses.length > 0 && { pools: [{ name: 'main', addresses: [...addresses] }] }),
      },
    },
  });

/** `edge` and `other`, with entries of a pool. */
function pooled(mine: readonly string[], theirs: readonly string[]) {
  const config = withPools('edge', mine);
  return surveyed({}, { config, configs: [config, withPools('other', theirs)] });
}

export const serviceCases: Cases = {
  'service-asks-for-more': [
    ['passes with an address', among(asking('loadbalancerIPs', '203.0.113.10, 2001:db8::1'))],
    ['passes when nothing is asked', among(service(ours))],
    ['passes with a switch that is off', among(asking('egress', 'false'), asking('forwardUPNP', ''))],
    ['lets a Service of another class be', among(asking('egress', 'true', { loadBalancerClass: 'a.io/b' }))],
    ['lets a Service without class be', among(asking('egress', 'true', {}))],
    [
      'lets a namespace be that is not served',
      surveyed(
        {},
        {
          config: kubeVipConfig({ spec: { services: { namespace: 'team' } } }),
          services: [asking('egress', 'true')],
        },
      ),
    ],
    [
      'names egress, what it does, and the command',
      among(asking('egress', 'true')),
      says(
        'egress',
        'egress',
        'true',
        'rewrites the source of what its pods send, by packet filter rules of the node that may stay behind. Expected nothing that KubeVipConfig edge does not offer. Remove it: kubectl annotate -n default service web kube-vip.io/egress-.',
      ),
    ],
    ['names UPnP', among(asking('forwardUPNP', 'true')), says('forwardUPNP', 'UPnP', 'true')],
    ['names dynamic DNS', among(asking('ddns', 'T')), says('ddns', 'dynamic DNS', 'T')],
    [
      'names an election of its own',
      among(asking('forcePerServiceElection', 'true')),
      says('forcePerServiceElection', 'an election of its own', 'true', 'of v1.2.2'),
    ],
    [
      'names a Lease of its own, also without a name',
      among(asking('leaseName', '')),
      says('leaseName', 'a Lease of its own', 'an empty text', 'of v1.0.1'),
    ],
    [
      'names a host name',
      among(asking('loadbalancerHostname', 'web.example.org')),
      says('loadbalancerHostname', 'DHCP under a host name', 'web.example.org'),
    ],
    [
      'names DHCP',
      among(asking('loadbalancerIPs', '203.0.113.10,0.0.0.0')),
      says('loadbalancerIPs', 'DHCP', '203.0.113.10,0.0.0.0', 'takes an address from DHCP'),
    ],
    [
      'names an address by name, and how to write one',
      among(asking('loadbalancerIPs', 'web.example.org')),
      says(
        'loadbalancerIPs',
        'an address by name',
        'web.example.org',
        'follows the name, or does not serve it. Expected nothing that KubeVipConfig edge does not offer. Let it list literal addresses: kubectl annotate --overwrite -n default service web kube-vip.io/loadbalancerIPs=ADDRESS.',
      ),
    ],
    [
      'names policy Local beside another complaint',
      among(asking('egress', 'true', { ...ours, externalTrafficPolicy: 'Local' })),
      says('egress', 'egress', 'true'),
      `Service/default/web: has spec.externalTrafficPolicy Local. One node holds all addresses of class kubevip.dev/edge. With Local it drops what it has no endpoint for. Expected spec.externalTrafficPolicy Cluster. Set it to Cluster: kubectl patch -n default service web -p '{"spec":{"externalTrafficPolicy":"Cluster"}}'.`,
    ],
  ],
  'pools-are-own': [
    ['passes without pools', pooled([], [])],
    ['passes with other pools', pooled(['203.0.113.64/27'], ['203.0.113.96/27', '203.0.113.0-203.0.113.63'])],
    ['passes with the same numbers of the other family', pooled(['203.0.113.0/24'], ['2001:db8::/64'])],
    ['passes alone', surveyed({}, { config: withPools('edge', ['203.0.113.0/24']) })],
    [
      'names both entries, whatever stands before them',
      pooled(
        ['2001:db8::/64', '203.0.113.128/25', '203.0.113.1-203.0.113.9'],
        ['198.51.100.0/24', '203.0.113.9-203.0.113.10'],
      ),
      'KubeVipConfig/other: has addresses of a pool of this one. Its entry 203.0.113.9-203.0.113.10 of pool main has addresses of 203.0.113.1-203.0.113.9 of pool main. The older of the two grants them, and the other one does not. Expected each address in a pool of one KubeVipConfig. Take the addresses out of one of the two.',
    ],
    [
      'finds an entry within another',
      pooled(['2001:db8::/64'], ['2001:db8::10-2001:db8::20']),
      'KubeVipConfig/other: has addresses of a pool of this one. Its entry 2001:db8::10-2001:db8::20',
    ],
  ],
};
