import type { V1Service } from '@kubernetes/client-node';
import { capital } from '../../src/api/words.ts';
import { serviceAnnotationRows, writtenByKubeVip } from '../../src/catalog/service-annotations.ts';
import { kubeVipConfig } from '../builders.ts';
import { node, service } from '../cluster-builders.ts';
import type { Cases } from './find.ts';
import { surveyed } from './survey-builders.ts';

const ours = { loadBalancerClass: 'kubevip.dev/edge' };
const asking = (key: string, value: string, spec: Partial<NonNullable<V1Service['spec']>> = ours) =>
  service({ annotations: { [`kube-vip.io/${key}`]: value }, ...spec });
const among = (...services: readonly V1Service[]) => surveyed({}, { services });
const has = (key: string, because: string, value: string): string =>
  `Service/default/web: has annotation ${key}. ${because}. Annotation ${key} is ${value}. Expected nothing that KubeVipConfig edge does not offer. Remove it: kubectl annotate -n default service web ${key}-.`;
const refused = serviceAnnotationRows.filter(({ writers }) => writers === 'none');

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

const onNode = (spec: Partial<NonNullable<V1Service['spec']>>) =>
  surveyed(
    {},
    { nodes: [node()], services: [service({ type: 'ClusterIP', externalIPs: ['203.0.113.11'], ...spec })] },
  );
const capturing = (...externalIPs: string[]) => service({ type: 'ClusterIP', externalIPs });

const granted = 'kube-vip.io/loadbalancerIPs';
const never = (text: string, field = `annotation ${granted}`): string =>
  `Service/default/web: asks kube-vip for ${text}, which was never granted. kube-vip takes it from whoever has it, for example from the gateway. Expected nothing in ${field} that the Service does not publish. Delete the Service, and make it anew with kubevip.dev/addresses.`;
/** With that in the name of the operator. */
const inNameOfOperator = (text: string): V1Service => {
  const made = asking('loadbalancerIPs', text);
  return { ...made, metadata: { ...made.metadata, managedFields: [{ manager: 'kube-vip-operator' }] } };
};
const withPool = (...services: readonly V1Service[]) =>
  surveyed({}, { ...pooled(['203.0.113.8/29'], []), services });

export const serviceCases: Cases = {
  'service-asks-without-grant': [
    ['passes when nothing is asked', among(service(ours))],
    [
      'passes with a request to the operator',
      among(service({ ...ours, annotations: { 'kubevip.dev/addresses': '203.0.113.9' } })),
    ],
    ['finds the gateway', withPool(asking('loadbalancerIPs', '203.0.113.1')), never('203.0.113.1')],
    ['finds it without pools, too', among(asking('loadbalancerIPs', '203.0.113.1')), never('203.0.113.1')],
    [
      'finds spec.loadBalancerIP',
      withPool(service({ ...ours, loadBalancerIP: '203.0.113.1' })),
      never('203.0.113.1', 'spec.loadBalancerIP'),
    ],
    [
      'finds an address of a pool that a person wrote',
      withPool(asking('loadbalancerIPs', '203.0.113.9')),
      never('203.0.113.9'),
    ],
    [
      'passes with what the operator wrote, before kube-vip has published it',
      withPool(inNameOfOperator('203.0.113.9')),
    ],
    [
      'finds an address outside the pools in the name of the operator, which any account may choose',
      withPool(inNameOfOperator('203.0.113.1')),
      never('203.0.113.1'),
    ],
    [
      'passes with what kube-vip has published, however it is written',
      withPool(
        service({ ...ours, annotations: { [granted]: '2001:DB8:0::11' }, published: ['2001:db8::11'] }),
      ),
    ],
    [
      'finds the second of two, when the first is published',
      withPool(
        service({
          ...ours,
          annotations: { [granted]: '203.0.113.9, 203.0.113.1' },
          published: ['203.0.113.9'],
        }),
      ),
      never('203.0.113.1'),
    ],
    [
      'finds a name, which may lead anywhere',
      withPool(asking('loadbalancerIPs', 'gateway.example.org')),
      never('gateway.example.org'),
    ],
    [
      'passes with a name that has led to an address',
      withPool(
        service({ ...ours, annotations: { [granted]: 'web.example.org' }, published: ['203.0.113.9'] }),
      ),
    ],
    [
      'lets a Service of another class be',
      withPool(asking('loadbalancerIPs', '203.0.113.1', { loadBalancerClass: 'a.io/b' })),
    ],
    ['lets a Service without a class be', withPool(asking('loadbalancerIPs', '203.0.113.1', {}))],
  ],
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
    ...refused.map(
      ({ key, because }) =>
        [
          `names ${key}`,
          among(service({ annotations: { [key]: 'true' }, ...ours })),
          has(key, capital(because), 'true'),
        ] as const,
    ),
    [
      'names a Lease of its own, also without a name',
      among(asking('leaseName', '')),
      has('kube-vip.io/leaseName', 'The Service leaves the Lease of its class', 'empty'),
    ],
    [
      'lets what kube-vip writes be',
      among(...writtenByKubeVip.map((key) => service({ annotations: { [key]: 'x' }, ...ours }))),
    ],
    [
      'names DHCP',
      among(asking('loadbalancerIPs', '203.0.113.10,0.0.0.0')),
      'Service/default/web: asks kube-vip for DHCP. It makes kube-vip take an address from DHCP, whose lease can run out or leak. Annotation kube-vip.io/loadbalancerIPs is 203.0.113.10,0.0.0.0.',
    ],
    [
      'names an address by name, and how to write one',
      among(asking('loadbalancerIPs', 'web.example.org')),
      'Service/default/web: asks kube-vip for an address by name. It makes kube-vip follow the name, or not serve the Service. Annotation kube-vip.io/loadbalancerIPs is web.example.org. Expected nothing that KubeVipConfig edge does not offer. Let it list literal addresses: kubectl annotate --overwrite -n default service web kube-vip.io/loadbalancerIPs=ADDRESS.',
    ],
    [
      'names policy Local beside another complaint',
      among(asking('egress', 'true', { ...ours, externalTrafficPolicy: 'Local' })),
      'Service/default/web: has annotation kube-vip.io/egress. It rewrites the source of pod traffic',
      `Service/default/web: has spec.externalTrafficPolicy Local. One node holds all addresses of class kubevip.dev/edge. With Local it drops what it has no endpoint for. Expected spec.externalTrafficPolicy Cluster. Set it to Cluster: kubectl patch -n default service web -p '{"spec":{"externalTrafficPolicy":"Cluster"}}'.`,
    ],
  ],
  'pool-address-is-elsewhere': [
    ['passes without pools', among(capturing('203.0.113.9'))],
    ['passes with other addresses', withPool(capturing('203.0.113.16'))],
    [
      'passes with what is published in the class',
      withPool(service({ ...ours, published: ['203.0.113.9'] })),
    ],
    [
      'passes with what nobody but its author reads',
      withPool(asking('loadbalancerIPs', '203.0.113.9', { loadBalancerClass: 'example.org/x' })),
    ],
    [
      'names a Service whose address kube-proxy captures',
      withPool(capturing('203.0.113.9', '203.0.113.10')),
      'Service/default/web: has 203.0.113.9 of a pool in spec.externalIPs. It had that before the pool, and no Service gets the address while it has it. Expected no address of a pool of KubeVipConfig edge in a Service of another class. Take it out of that Service, or out of the pool.',
    ],
    [
      'names one of another class that publishes it',
      withPool(service({ loadBalancerClass: 'example.org/x', published: ['203.0.113.9'] })),
      'Service/default/web: has 203.0.113.9 of a pool in status.loadBalancer.ingress',
    ],
  ],
  'kubelet-port-is-captured': [
    ['passes with another port', onNode({ ports: [{ port: 443 }] })],
    ['passes with the same port of UDP', onNode({ ports: [{ port: 10_250, protocol: 'UDP' }] })],
    [
      'passes with an address of no node',
      onNode({ ports: [{ port: 10_250 }], externalIPs: ['203.0.113.99'] }),
    ],
    [
      'names a Service that captures it',
      onNode({ ports: [{ port: 10_250 }] }),
      'Service/default/web: has port 10250 of 203.0.113.11. That is an address of node n1, and the Service has it in spec.externalIPs. The operator asks that node at other ports, which a firewall may drop, and grants nothing where no node answers. Expected port 10250 of nodes to lead to their kubelets. Take the address of the node out of that Service.',
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
