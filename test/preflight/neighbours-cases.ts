import { kubeVipConfig } from '../builders.ts';
import type { V1Service } from '@kubernetes/client-node';
import { node, service } from '../cluster-builders.ts';
import type { Cases } from './find.ts';
import { surveyed, workload } from './survey-builders.ts';

const onlyControlPlane = { config: kubeVipConfig({ spec: { services: undefined } }) };
const svclb = workload({
  name: 'svclb-traefik',
  labels: {
    'svccontroller.k3s.cattle.io/svcname': 'traefik',
    'svccontroller.k3s.cattle.io/svcnamespace': 'kube-system',
  },
});
const rke2Svclb = workload({
  name: 'svclb-web',
  labels: {
    'svccontroller.rke2.cattle.io/svcname': 'web',
    'svccontroller.rke2.cattle.io/svcnamespace': 'default',
  },
});
const enableLb = { 'svccontroller.k3s.cattle.io/enablelb': 'true' };
const k3s = (...args: string[]) =>
  node({ annotations: { 'k3s.io/node-args': JSON.stringify(args) }, kubelet: 'v1.36.1+k3s1' });
const server = (...args: string[]) => surveyed({}, { nodes: [k3s('server', ...args)] });
const rke2 = (...args: string[]) => node({ annotations: { 'rke2.io/node-args': JSON.stringify(args) } });
const classed = (name: string) => ({
  config: kubeVipConfig({ spec: { services: { loadBalancerClass: name } } }),
});
const speaker = (...args: string[]) =>
  workload({ name: 'speaker', hostNetwork: true, images: ['quay.io/metallb/speaker:v0.15.2'], args });
const pool = (...ranges: string[]) => ({ pools: [{ object: 'IPAddressPool/metallb-system/lan', ranges }] });
const policy = { name: 'all', announces: true };
const mine = service({ loadBalancerClass: 'kubevip.dev/edge', labels: { app: 'web' } });
const byLabel = (app: string) => ({ selector: { matchLabels: { app } } });
const selectingPool = (app: string, services: readonly V1Service[]) =>
  surveyed(
    { pools: [{ object: 'CiliumLoadBalancerIPPool/lan', ranges: ['203.0.113.0/24'], ...byLabel(app) }] },
    { services },
  );
const selectingPolicy = (app: string, services: readonly V1Service[]) =>
  surveyed({ l2Policies: [{ ...policy, ...byLabel(app) }] }, { services });
const cilium = (tag: string) => workload({ name: 'cilium', images: [`quay.io/cilium/cilium:${tag}`] });

export const neighbourCases: Cases = {
  'servicelb-is-active': [
    ['passes without svclb', surveyed({ workloads: [workload()] })],
    [
      'names the Service that it serves',
      surveyed({ workloads: [svclb] }),
      'DaemonSet/kube-system/svclb-traefik: is ServiceLB at work for Service kube-system/traefik. Expected no ServiceLB in a cluster where KubeVipConfig edge serves Services. Start every k3s server with --disable servicelb (disable: [servicelb] in /etc/rancher/k3s/config.yaml), one after the other. Then create that Service anew with loadBalancerClass kubevip.dev/edge.',
    ],
    [
      'finds that of RKE2, and says how to stop it',
      surveyed({ workloads: [rke2Svclb] }),
      'DaemonSet/kube-system/svclb-web: is ServiceLB at work for Service default/web. Expected no ServiceLB in a cluster where KubeVipConfig edge serves Services. Start every RKE2 server without --enable-servicelb (enable-servicelb: false in /etc/rancher/rke2/config.yaml), one after the other. Then create that Service anew with loadBalancerClass kubevip.dev/edge.',
    ],
    [
      'says that any tenant can have made one outside kube-system',
      surveyed({ workloads: [{ ...svclb, namespace: 'tenant' }] }),
      'DaemonSet/tenant/svclb-traefik: is ServiceLB at work for Service kube-system/traefik. It is outside kube-system, so any tenant can have made it. Expected no ServiceLB in a cluster where KubeVipConfig edge serves Services.',
    ],
    ['does not care without services', surveyed({ workloads: [svclb] }, onlyControlPlane)],
  ],
  'servicelb-is-enabled': [
    ['passes on kubeadm', surveyed({}, { nodes: [node()] })],
    ['passes when it is disabled', server('--disable', 'servicelb')],
    ['passes when it is disabled in a list', server('--disable=traefik,servicelb')],
    [
      'passes when it is disabled among others, or in a second list',
      server('--disable', 'traefik, servicelb', '--disable', 'coredns'),
    ],
    [
      'finds it without the cloud controller, which then runs for it alone',
      server('--disable-cloud-controller'),
      'Node/n1: runs a k3s server that was started without --disable servicelb. Expected ServiceLB of k3s to be off.',
    ],
    [
      'takes no other argument for it',
      server('--disable-network-policy', '--node-label', 'lb=servicelb'),
      'Node/n1: runs a k3s server that was started without --disable servicelb',
    ],
    ['passes on an agent', surveyed({}, { nodes: [k3s('agent')] })],
    [
      'finds a server that was started with it',
      server('--disable', 'traefik'),
      'Node/n1: runs a k3s server that was started without --disable servicelb. Expected ServiceLB of k3s to be off.',
    ],
    [
      'passes with the label when every server has it disabled',
      surveyed(
        {},
        {
          nodes: [
            k3s('server', '--disable', 'servicelb'),
            node({ name: 'w1', labels: enableLb, kubelet: 'v1.36.1+k3s1' }),
          ],
        },
      ),
    ],
    ['passes with the label on kubeadm', surveyed({}, { nodes: [node({ labels: enableLb })] })],
    [
      'finds the label where no server says how it was started',
      surveyed({}, { nodes: [node({ labels: enableLb, kubelet: 'v1.36.1+k3s1' })] }),
      'Node/n1: has label svccontroller.k3s.cattle.io/enablelb=true. No server says how it was started. Expected ServiceLB of k3s to be off.',
    ],
    ['passes on RKE2', surveyed({}, { nodes: [rke2('server')] })],
    [
      'finds RKE2 with it',
      surveyed({}, { nodes: [rke2('server', '--enable-servicelb')] }),
      'Node/n1: runs a RKE2 server with --enable-servicelb. Expected ServiceLB of k3s to be off. Start every RKE2 server without --enable-servicelb (enable-servicelb: false in /etc/rancher/rke2/config.yaml), one after the other.',
    ],
    [
      'finds RKE2 with it in a config file',
      surveyed({}, { nodes: [rke2('server', '--enable-servicelb', 'true')] }),
      'Node/n1: runs a RKE2 server with --enable-servicelb. Expected ServiceLB of k3s to be off.',
    ],
    [
      'passes on RKE2 with it turned off in a config file',
      surveyed({}, { nodes: [rke2('server', '--enable-servicelb', 'false')] }),
    ],
    [
      'passes on RKE2 with a label that chooses nodes',
      surveyed(
        {},
        { nodes: [rke2('server'), node({ labels: { 'svccontroller.rke2.cattle.io/enablelb': 'true' } })] },
      ),
    ],
    [
      'leaves one at work to the check that blocks',
      surveyed({ workloads: [svclb] }, { nodes: [k3s('server')] }),
    ],
    [
      'is not hidden by one that a tenant made',
      surveyed({ workloads: [{ ...svclb, namespace: 'tenant' }] }, { nodes: [k3s('server')] }),
      'Node/n1: runs a k3s server that was started without --disable servicelb',
    ],
    ['takes no nonsense', surveyed({}, { nodes: [node({ annotations: { 'k3s.io/node-args': 'server' } })] })],
  ],
  'class-is-of-other-controller': [
    ['passes with the default', surveyed({})],
    [
      'knows the classes of others',
      surveyed({}, classed('io.cilium/l2-announcer')),
      'KubeVipConfig/edge: has io.cilium/l2-announcer, the class of Cilium. Expected a loadBalancerClass that no other controller serves.',
    ],
  ],
  'metallb-has-class': [
    ['passes without a class', surveyed({ workloads: [speaker('--port=7472')] })],
    [
      'finds it with an equals sign and without',
      surveyed({
        workloads: [speaker('--lb-class=kubevip.dev/edge'), speaker('--lb-class', 'kubevip.dev/edge')],
      }),
      'DaemonSet/kube-system/speaker: has class kubevip.dev/edge in its arguments',
      'DaemonSet/kube-system/speaker',
    ],
    ['is not confused by another', surveyed({ workloads: [speaker('--lb-class=kubevip.dev/edge-2')] })],
    [
      'cannot judge one that its template does not say, and says so',
      surveyed({ workloads: [speaker('--lb-class=$(LB_CLASS)'), speaker('--x=$(LB_CLASS)')] }),
      'DaemonSet/kube-system/speaker: has $(LB_CLASS) for its class, which its template does not say. So it cannot be judged whether it serves kubevip.dev/edge.',
    ],
  ],
  'pool-has-vip': [
    ['passes beside it', surveyed(pool('203.0.113.0/27', '203.0.113.1-203.0.113.99', '2001:db8::/64'))],
    [
      'cannot judge a range that it cannot read, and says so',
      surveyed(pool('203.0.113.0/27', 'x')),
      'IPAddressPool/metallb-system/lan: has the range x, which cannot be read. So it cannot be judged whether it has an address of KubeVipConfig edge. Expected a CIDR, or first-last.',
    ],
    [
      'finds it in a network',
      surveyed(pool('203.0.113.0/24')),
      'IPAddressPool/metallb-system/lan: may give 203.0.113.100 to a Service. Its range 203.0.113.0/24 has that address. Expected no pool with the virtual address of KubeVipConfig edge.',
    ],
    ['finds it at the end of a range', surveyed(pool('203.0.113.90-203.0.113.100')), 'IPAddressPool/'],
    ['finds it alone', surveyed(pool('203.0.113.100')), 'IPAddressPool/'],
    [
      'finds it in a pool that selects every Service in so many words',
      surveyed({ pools: [{ object: 'P/lan', ranges: ['203.0.113.100'], selector: { matchLabels: {} } }] }),
      'P/lan: may give 203.0.113.100 to a Service',
    ],
    [
      'names the Service that a pool of Cilium selects',
      selectingPool('other', [service({ name: 'first', labels: { app: 'other' } })]),
      'CiliumLoadBalancerIPPool/lan: may give 203.0.113.100 to Service/default/first. Its range 203.0.113.0/24 has that address. Expected no pool with the virtual address of KubeVipConfig edge.',
    ],
    [
      'and one of Cilium’s class',
      selectingPool('other', [
        service({ labels: { app: 'other' }, loadBalancerClass: 'io.cilium/l2-announcer' }),
      ]),
      'CiliumLoadBalancerIPPool/lan: may give 203.0.113.100 to Service/default/web',
    ],
    ['passes when a pool selects others', selectingPool('other', [service({ labels: { app: 'web' } })])],
    ['passes when it selects what is ours', selectingPool('web', [mine])],
    [
      'passes when it selects no load balancer',
      selectingPool('web', [service({ labels: { app: 'web' }, type: 'ClusterIP' })]),
    ],
  ],
  'cilium-announces-all': [
    ['passes without a policy', surveyed({ workloads: [cilium('v1.14.1')] })],
    ['passes from v1.15 on', surveyed({ l2Policies: [policy], workloads: [cilium('v1.15.0')] })],
    [
      'finds an older one',
      surveyed({ l2Policies: [policy], workloads: [cilium('v1.14.9')] }),
      'CiliumL2AnnouncementPolicy/all: selects every Service',
    ],
    [
      'takes one of unknown release for old',
      surveyed({ l2Policies: [policy] }),
      'CiliumL2AnnouncementPolicy/all',
    ],
    [
      'names the Service of ours that a policy selects',
      selectingPolicy('web', [mine]),
      'CiliumL2AnnouncementPolicy/all: selects Service/default/web. This release of Cilium may not look at the class of a Service. Expected a serviceSelector that leaves out the Services of KubeVipConfig edge.',
    ],
    ['passes when a policy selects others', selectingPolicy('other', [mine])],
    [
      'passes when it selects a Service that is not ours',
      selectingPolicy('web', [service({ labels: { app: 'web' } })]),
    ],
    ['passes with a selector and no Service', selectingPolicy('web', [])],
    [
      'passes when it announces no load balancers',
      surveyed({ l2Policies: [{ ...policy, announces: false }] }),
    ],
  ],
  'cilium-replaces-kube-proxy': [
    ['passes without Cilium', surveyed({})],
    ['passes with kube-proxy', surveyed({ cilium: { 'kube-proxy-replacement': 'false' } })],
    [
      'cannot judge Cilium without its ConfigMap, and says so',
      surveyed({ workloads: [workload({ images: ['quay.io/cilium/cilium:v1.18.0'] })] }),
      'DaemonSet/kube-system/other: is Cilium, and there is no ConfigMap/kube-system/cilium-config.',
    ],
    [
      'finds it replaced',
      surveyed({ cilium: { 'kube-proxy-replacement': 'true' } }),
      'ConfigMap/kube-system/cilium-config: has kube-proxy-replacement true. Expected kube-proxy, with which kube-vip is tested.',
    ],
  ],
};
