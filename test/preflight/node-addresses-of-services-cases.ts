import { freshSnapshot, kubeVipConfig } from '../builders.ts';
import { node, service } from '../cluster-builders.ts';
import type { Cases } from './find.ts';

const ours = { loadBalancerClass: 'kubevip.dev/edge' };
const n1 = node();
const onlyControlPlane = kubeVipConfig({ spec: { services: undefined } });
const asking = (text: string) => ({ 'kube-vip.io/loadbalancerIPs': text });

export const nodeAddressesOfServicesCases: Cases = {
  'service-status-has-node-address': [
    [
      'passes with other addresses',
      freshSnapshot({ nodes: [n1], services: [service({ published: ['203.0.113.9'] })] }),
    ],
    [
      'finds what ServiceLB writes',
      freshSnapshot({
        nodes: [n1, node({ name: 'n2', address: '203.0.113.12' })],
        services: [
          service({ namespace: 'kube-system', name: 'traefik', published: ['203.0.113.11', '203.0.113.12'] }),
        ],
      }),
      'Service/kube-system/traefik: publishes 203.0.113.11 of node n1 and 1 more. Expected no address of a node in status.loadBalancer, because kube-vip may take it from its node. Turn off the controller that writes node addresses into Services (k3s: start every server with --disable servicelb). Then wait until the status is empty.',
    ],
    [
      'finds it in a Service of our class',
      freshSnapshot({ nodes: [n1], services: [service({ ...ours, published: ['203.0.113.11'] })] }),
      'Service/default/web',
    ],
    [
      'leaves a namespace alone that is not served',
      freshSnapshot({
        config: kubeVipConfig({ spec: { services: { namespace: 'team' } } }),
        nodes: [n1],
        services: [
          service({ published: ['203.0.113.11'] }),
          service({ ...ours, published: ['203.0.113.11'] }),
        ],
      }),
    ],
    [
      'leaves Services of another class to their controller',
      freshSnapshot({
        nodes: [n1],
        services: [service({ loadBalancerClass: 'example.org/lb', published: ['203.0.113.11'] })],
      }),
    ],
    [
      'does not care without services',
      freshSnapshot({
        config: onlyControlPlane,
        nodes: [n1],
        services: [service({ published: ['203.0.113.11'] })],
      }),
    ],
  ],
  'service-asks-for-node-address': [
    [
      'passes with other addresses',
      freshSnapshot({ nodes: [n1], services: [service({ loadBalancerIP: '203.0.113.9' })] }),
    ],
    [
      'finds spec.loadBalancerIP',
      freshSnapshot({ nodes: [n1], services: [service({ ...ours, loadBalancerIP: '203.0.113.11' })] }),
      'Service/default/web: asks for 203.0.113.11 of node n1. Expected no address of a node in spec.loadBalancerIP.',
    ],
    [
      'finds the annotation, however it is written',
      freshSnapshot({
        nodes: [node({ address: '2001:db8::11' })],
        services: [service({ ...ours, annotations: asking('203.0.113.9, 2001:DB8:0::11') })],
      }),
      'Service/default/web: asks for 2001:db8::11 of node n1. Expected no address of a node in annotation kube-vip.io/loadbalancerIPs.',
    ],
    [
      'passes with spec.loadBalancerIP that the annotation overrides',
      freshSnapshot({
        nodes: [n1],
        services: [service({ ...ours, loadBalancerIP: '203.0.113.11', annotations: asking('203.0.113.9') })],
      }),
    ],
    [
      'leaves external addresses to kube-proxy',
      freshSnapshot({ nodes: [n1], services: [service({ ...ours, externalIPs: ['203.0.113.11'] })] }),
    ],
    [
      'leaves Services without a class, and of another, to their controllers',
      freshSnapshot({
        nodes: [n1],
        services: [
          service({ loadBalancerIP: '203.0.113.11' }),
          service({ loadBalancerClass: 'example.org/lb', loadBalancerIP: '203.0.113.11' }),
        ],
      }),
    ],
    [
      'leaves a namespace alone that is not served',
      freshSnapshot({
        config: kubeVipConfig({ spec: { services: { namespace: 'team' } } }),
        nodes: [n1],
        services: [service({ ...ours, loadBalancerIP: '203.0.113.11' })],
      }),
    ],
  ],
};
