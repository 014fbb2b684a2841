// What status says of Services that have an address of ours, or one address twice.
import type { Row } from './preflight-cases.ts';
import { freshSnapshot, kubeVipConfig, snapshot } from '../builders.ts';
import { service } from '../cluster-builders.ts';

const ips = 'kube-vip.io/loadbalancerIPs';
const alone = kubeVipConfig({ spec: { services: undefined } });
const holder = service({ name: 'web', externalIPs: ['203.0.113.100'] });
const pair = (address: string, loadBalancerClass = 'kubevip.dev/edge') => [
  service({
    name: `a-${address}`,
    annotations: { [ips]: address },
    loadBalancerClass: 'kubevip.dev/edge',
    ports: [{ port: 80 }],
  }),
  service({
    name: `b-${address}`,
    namespace: 'team',
    annotations: { [ips]: address },
    loadBalancerClass,
    ports: [{ port: 80 }],
  }),
];

export const duplicateRows: readonly Row[] = [
  [
    'refuses an address that a Service has',
    freshSnapshot({ config: alone, services: [holder] }),
    'Accepted',
    'False ServiceConflict: spec.controlPlane.addresses: 203.0.113.100 belongs to Service default/web. Expected an address that no Service has, found 203.0.113.100, which Service default/web has in spec.externalIPs. Give the Service another address, or delete the KubeVipConfig and create one with a free address.',
  ],
  [
    'needs a person then',
    freshSnapshot({ config: alone, services: [holder] }),
    'Stalled',
    'True ServiceConflict',
  ],
  [
    'says that nothing has two owners while it is refused',
    freshSnapshot({ config: alone, services: [holder] }),
    'DuplicateOwner',
    'absent',
  ],
  [
    'says that a Service has an address that runs',
    snapshot({ config: alone, services: [holder] }),
    'DuplicateOwner',
    'True ServiceHasAddress: 203.0.113.100: KubeVipConfig edge and Service default/web both have it. Expected it for the API servers alone, found it in Service default/web (spec.externalIPs). Give the Service another address.',
  ],
  ['stays accepted then', snapshot({ config: alone, services: [holder] }), 'Accepted', 'True Accepted'],
  ['stays ready then', snapshot({ config: alone, services: [holder] }), 'Ready', 'True Held'],
  [
    'says that two Services have one port of an address',
    snapshot({ services: pair('203.0.113.10') }),
    'DuplicateOwner',
    `True ServicesShareAddress: 203.0.113.10 TCP/80: Services default/a-203.0.113.10 and team/b-203.0.113.10 both have it. Expected one Service to have it, found Service default/a-203.0.113.10 (class kubevip.dev/edge, annotation ${ips}) and Service team/b-203.0.113.10 (class kubevip.dev/edge, annotation ${ips}). Traffic reaches only one of them. Give one of them another port or address.`,
  ],
  [
    'says that Services of two classes have one address',
    snapshot({ services: pair('203.0.113.10', 'example.org/other') }),
    'DuplicateOwner',
    `True ServicesShareAddress: 203.0.113.10: Services default/a-203.0.113.10 and team/b-203.0.113.10 both have it. Expected Services of one class to have it, found Service default/a-203.0.113.10 (class kubevip.dev/edge, annotation ${ips}) and Service team/b-203.0.113.10 (class example.org/other, annotation ${ips}). Two processes each bind it. Give one of them another address.`,
  ],
  [
    'says both at once, the control plane first',
    snapshot({ services: [...pair('203.0.113.10'), holder] }),
    'DuplicateOwner',
    'True ServiceHasAddress: 203.0.113.100: KubeVipConfig edge and Service default/web both have it. Expected it for the API servers alone, found it in Service default/web (spec.externalIPs). Give the Service another address. 203.0.113.10 TCP/80: Services default/a-203.0.113.10 and team/b-203.0.113.10 both have it. Expected one Service to have it, found Service default/a-203.0.113.10 (class kubevip.dev/edge, annotation kube-vip.io/loadbalancerIPs) and Service team/b-203.0.113.10 (class kubevip.dev/edge, annotation kube-vip.io/loadbalancerIPs). Traffic reaches only one of them. Give one of them another port or address.',
  ],
  [
    'says three of many',
    snapshot({
      services: ['203.0.113.10', '203.0.113.11', '203.0.113.12', '203.0.113.13'].flatMap((ip) => pair(ip)),
    }),
    'DuplicateOwner',
    'True ServicesShareAddress: 203.0.113.10 TCP/80',
  ],
  [
    'is silent before anything runs',
    freshSnapshot({ services: pair('203.0.113.10') }),
    'DuplicateOwner',
    'absent',
  ],
  ['is silent without Services', snapshot(), 'DuplicateOwner', 'absent'],
];
