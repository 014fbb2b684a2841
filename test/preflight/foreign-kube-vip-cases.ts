import { kubeVipConfig } from '../builders.ts';
import type { Workload } from '../../src/observed/neighbours/survey.ts';
import type { Cases } from './find.ts';
import { kubeVip, surveyed, workload } from './survey-builders.ts';

const services = { svc_enable: 'true', cp_enable: 'false', address: '' };
const filtered = { ...services, lb_class_only: 'true', lb_class_name: 'kubevip.dev/edge' };
const staticPod = kubeVip(
  { cp_namespace: 'kube-system' },
  { kind: 'Pod', name: 'kube-vip-n1', node: 'n1', isStatic: true, hostPaths: ['/etc/kubernetes/admin.conf'] },
);
const exact = { ...services, lb_class_legacy_handling: 'false', lb_class_name: 'a/b' };
const dual = kubeVipConfig({ spec: { controlPlane: { addresses: ['203.0.113.100', '2001:db8::100'] } } });
const both = { svc_enable: 'true', cp_namespace: 'told' };
const leased = (version: string) =>
  kubeVip(both, { namespace: 'own', images: [`ghcr.io/kube-vip/kube-vip:${version}`] });
const told = (...args: readonly string[]) => kubeVip({}, { env: {}, args: ['manager', ...args] });
const ofClass = (loadBalancerClass: string) => kubeVipConfig({ spec: { services: { loadBalancerClass } } });
const onlyControlPlane = kubeVipConfig({ spec: { services: undefined } });

const seen = (...workloads: readonly Workload[]) => surveyed({ workloads });

export const foreignKubeVipCases: Cases = {
  'foreign-kube-vip-has-vip': [
    ['passes without another', seen(workload())],
    ['passes with another address', seen(kubeVip({ address: '203.0.113.7' }))],
    [
      'names a DaemonSet, its mode, its Lease and the hand-over',
      seen(kubeVip()),
      'DaemonSet/kube-system/kube-vip-ds: is a kube-vip with 203.0.113.100. It runs in ARP mode, Lease kube-system/plndr-cp-lock. Expected no other kube-vip with the virtual address of KubeVipConfig edge. To hand over, run kubectl -n kube-system delete daemonset kube-vip-ds. The address is on no node until it is applied here, which follows by itself.',
    ],
    [
      'names a static pod, its node and its hazards',
      seen(staticPod),
      'Pod/kube-system/kube-vip-n1: is a kube-vip with 203.0.113.100. It runs in ARP mode, Lease kube-system/plndr-cp-lock on node n1. It has hazards super-admin-conf. Expected no other kube-vip with the virtual address of KubeVipConfig edge. To hand over, move its manifest out of the folder of static pods (kubeadm: /etc/kubernetes/manifests) on n1 and on every other node that has it, the holder last. The address is on no node until it is applied here, which follows by itself.',
    ],
    [
      'says that one without hostNetwork puts no address on a node',
      seen(kubeVip({}, { hostNetwork: false, namespace: 'tenant' })),
      'DaemonSet/tenant/kube-vip-ds: is a kube-vip with 203.0.113.100. It runs in ARP mode, Lease tenant/plndr-cp-lock. It has no hostNetwork, so it puts no address on a node. Expected no other kube-vip with the virtual address of KubeVipConfig edge. To hand over, run kubectl -n tenant delete daemonset kube-vip-ds.',
    ],
    [
      'names each Lease where its release has it',
      seen(leased('v0.9.2'), leased('v1.1.2')),
      'DaemonSet/own/kube-vip-ds: is a kube-vip with 203.0.113.100. It runs in ARP mode, Lease told/plndr-cp-lock and told/plndr-svcs-lock. It has hazards foreign-status-adopted, cp-svc-one-process, status-ports-loop, k3s-servicelb, metallb-coexist, lb-class-conflict. Expected no other kube-vip with the virtual address of KubeVipConfig edge.',
      'DaemonSet/own/kube-vip-ds: is a kube-vip with 203.0.113.100. It runs in ARP mode, Lease own/plndr-cp-lock and own/plndr-svcs-lock. It has hazards foreign-status-adopted, cp-svc-one-process, status-ports-loop, k3s-servicelb, metallb-coexist, lb-class-conflict. Expected no other kube-vip with the virtual address of KubeVipConfig edge.',
    ],
    [
      'finds one of several addresses, and one under the old name',
      surveyed({
        workloads: [
          kubeVip({ address: '2001:db8::1, 203.0.113.100' }),
          kubeVip({ address: '', vip_address: '203.0.113.100' }),
          kubeVip({ address: '' }, { args: ['manager', '--address=203.0.113.100'] }),
          kubeVip({ address: '' }, { args: ['manager', '--address', '203.0.113.100', '--arp'] }),
          kubeVip({ address: '' }, { args: ['manager', '--vip', '203.0.113.100'] }),
        ],
      }),
      'DaemonSet/',
      'DaemonSet/',
      'DaemonSet/',
      'DaemonSet/',
      'DaemonSet/',
    ],
    [
      'passes with a flag that a variable overrides',
      surveyed({
        workloads: [kubeVip({ address: '203.0.113.7' }, { args: ['--address', '203.0.113.100'] })],
      }),
    ],
    [
      'reads mode, functions, Leases and what is against them from flags too',
      surveyed({
        workloads: [
          told('--arp', '--controlplane', '--services', '--address', '203.0.113.100', '--leaseName=a'),
        ],
      }),
      'DaemonSet/kube-system/kube-vip-ds: is a kube-vip with 203.0.113.100. It runs in ARP mode, Lease kube-system/a and kube-system/plndr-svcs-lock. It has hazards foreign-status-adopted, arp-no-election, cp-svc-one-process, status-ports-loop, k3s-servicelb, metallb-coexist, lb-class-conflict. Expected no other kube-vip with the virtual address of KubeVipConfig edge. To hand over, run kubectl -n kube-system delete daemonset kube-vip-ds. The address is on no node until it is applied here, which follows by itself.',
    ],
    [
      'says that a release that is told by flags is to be avoided',
      surveyed({
        workloads: [
          {
            ...told('--arp', '--leaderElection', '--controlplane', '--address', '203.0.113.100'),
            images: ['ghcr.io/kube-vip/kube-vip:v0.7.2'],
          },
        ],
      }),
      'DaemonSet/kube-system/kube-vip-ds: is a kube-vip with 203.0.113.100. It runs in ARP mode, Lease kube-system/plndr-cp-lock. v0.7.2: an address stays behind after a crash, and no public record gives the digest of its image, so it cannot be pinned. Expected no other kube-vip with the virtual address of KubeVipConfig edge. To hand over, run kubectl -n kube-system delete daemonset kube-vip-ds. The address is on no node until it is applied here, which follows by itself.',
    ],
    [
      'finds an address however it is written',
      surveyed(
        {
          workloads: [
            kubeVip({ address: '2001:DB8:0::100' }),
            kubeVip({ address: '::ffff:203.0.113.100' }, { name: 'mapped' }),
          ],
        },
        { config: dual },
      ),
      'DaemonSet/kube-system/kube-vip-ds: is a kube-vip with 2001:db8::100',
      'DaemonSet/kube-system/mapped: is a kube-vip with 203.0.113.100',
    ],
    [
      'finds the build of a mirror',
      surveyed({
        workloads: [
          kubeVip({}, { images: ['rancher/mirrored-kube-vip-kube-vip-iptables:v1.0.2'] }),
          kubeVip({}, { images: ['docker.io/plndr/kube-vip:v0.8.9'] }),
        ],
      }),
      'DaemonSet/',
      'DaemonSet/',
    ],
    [
      'lets its cloud provider be',
      surveyed({
        workloads: [kubeVip({}, { images: ['ghcr.io/kube-vip/kube-vip-cloud-provider:v0.0.12'] })],
      }),
    ],
    ['lets our own be', seen(kubeVip({}, { namespace: 'kube-vip-system', name: 'edge-control-plane' }))],
    [
      'says that its release is to be avoided',
      seen(kubeVip({}, { images: ['ghcr.io/kube-vip/kube-vip:v0.7.2'] })),
      'DaemonSet/kube-system/kube-vip-ds: is a kube-vip with 203.0.113.100. It runs in ARP mode, Lease kube-system/plndr-cp-lock. v0.7.2: an address stays behind after a crash, and no public record gives the digest of its image, so it cannot be pinned. Expected no other kube-vip with the virtual address of KubeVipConfig edge. To hand over, run kubectl -n kube-system delete daemonset kube-vip-ds. The address is on no node until it is applied here, which follows by itself.',
    ],
  ],
  'foreign-kube-vip-has-class': [
    ['passes with another class', seen(kubeVip({ ...filtered, lb_class_name: 'a/b' }))],
    [
      'finds ours',
      seen(kubeVip(filtered)),
      'DaemonSet/kube-system/kube-vip-ds: is a kube-vip for class kubevip.dev/edge. It runs in ARP mode, Lease kube-system/plndr-svcs-lock. Expected no other kube-vip for the class of KubeVipConfig edge.',
    ],
    [
      'finds one that serves ours and Services without a class too',
      seen(kubeVip({ ...services, lb_class_name: 'kubevip.dev/edge' })),
      'DaemonSet/kube-system/kube-vip-ds: is a kube-vip for class kubevip.dev/edge. It runs in ARP mode, Lease kube-system/plndr-svcs-lock. It has hazards foreign-status-adopted, status-ports-loop, k3s-servicelb, metallb-coexist, lb-class-conflict. Expected no other kube-vip for the class of KubeVipConfig edge. To hand over, run kubectl -n kube-system delete daemonset kube-vip-ds. The address is on no node until it is applied here, which follows by itself.',
    ],
    [
      'finds the default class where ours is that, by saying nothing',
      surveyed({ workloads: [kubeVip(services)] }, { config: ofClass('kube-vip.io/kube-vip-class') }),
      'DaemonSet/kube-system/kube-vip-ds: is a kube-vip for class kube-vip.io/kube-vip-class',
    ],
    [
      'finds it in whatever mode',
      seen(kubeVip({ ...filtered, vip_arp: 'false', bgp_enable: 'true' })),
      'DaemonSet/',
    ],
    [
      'finds ours in a flag, with a filter and without one',
      surveyed({
        workloads: [
          told('--arp', '--services', '--lbClassName=kubevip.dev/edge'),
          told('--arp', '--services', '--lbClassOnly', '--lbClassName', 'kubevip.dev/edge'),
        ],
      }),
      'DaemonSet/kube-system/kube-vip-ds: is a kube-vip for class kubevip.dev/edge. It runs in ARP mode, Lease kube-system/plndr-svcs-lock. It has hazards foreign-status-adopted, arp-no-election, status-ports-loop, k3s-servicelb, metallb-coexist, lb-class-conflict. Expected no other kube-vip for the class of KubeVipConfig edge. To hand over, run kubectl -n kube-system delete daemonset kube-vip-ds. The address is on no node until it is applied here, which follows by itself.',
      'DaemonSet/kube-system/kube-vip-ds: is a kube-vip for class kubevip.dev/edge. It runs in ARP mode, Lease kube-system/plndr-svcs-lock. It has hazards arp-no-election. Expected no other kube-vip for the class of KubeVipConfig edge.',
    ],
    ['passes when it serves no Services', seen(kubeVip({ ...filtered, svc_enable: 'false' }))],
    ['passes with the default class where ours is another', seen(kubeVip(services))],
    [
      'does not care without services',
      surveyed({ workloads: [kubeVip(filtered)] }, { config: onlyControlPlane }),
    ],
  ],
  'foreign-kube-vip-is-unsafe': [
    ['passes with a filter', seen(kubeVip({ ...filtered, lb_class_name: 'a/b' }))],
    [
      'finds one without, and its hazards',
      seen(kubeVip(services)),
      'DaemonSet/kube-system/kube-vip-ds: is a kube-vip that serves Services without a class. It runs in ARP mode, Lease kube-system/plndr-svcs-lock. It has hazards foreign-status-adopted, status-ports-loop, k3s-servicelb, metallb-coexist, lb-class-conflict. Expected every kube-vip of the cluster to serve Services of one class only (lb_class_only=true, or from v0.8.1 on lb_class_legacy_handling=false, and a lb_class_name). Set lb_class_only=true and lb_class_name there, or let a KubeVipConfig serve these Services.',
    ],
    [
      'finds one that is told by flags, as a static pod too',
      surveyed({
        workloads: [
          told('--arp', '--services'),
          { ...told('--arp', '--services'), kind: 'Pod', name: 'kube-vip-n1', node: 'n1', isStatic: true },
        ],
      }),
      'DaemonSet/kube-system/kube-vip-ds: is a kube-vip that serves Services without a class. It runs in ARP mode, Lease kube-system/plndr-svcs-lock. It has hazards foreign-status-adopted, arp-no-election, status-ports-loop, k3s-servicelb, metallb-coexist, lb-class-conflict. Expected every kube-vip of the cluster to serve Services of one class only (lb_class_only=true, or from v0.8.1 on lb_class_legacy_handling=false, and a lb_class_name). Set lb_class_only=true and lb_class_name there, or let a KubeVipConfig serve these Services.',
      'Pod/kube-system/kube-vip-n1: is a kube-vip that serves Services without a class',
    ],
    [
      'passes with a filter by flags',
      surveyed({
        workloads: [
          told('--services', '--lbClassOnly', '--lbClassName=a/b'),
          told('--services', '--lbClassNameLegacyHandling=false', '--lbClassName', 'a/b'),
        ],
      }),
    ],
    [
      'finds a filter in variables that count only beside svc_enable',
      surveyed({
        workloads: [{ ...told('--services'), env: { lb_class_only: 'true', lb_class_name: 'a/b' } }],
      }),
      'DaemonSet/',
    ],
    ['passes with an exact match instead', seen(kubeVip(exact))],
    [
      'passes with an exact match of a mirror',
      surveyed({
        workloads: [kubeVip(exact, { images: ['x/mirrored-kube-vip-kube-vip-iptables:v0.8.9-rancher1'] })],
      }),
    ],
    [
      'finds an exact match that the release does not know, or that hides its release',
      surveyed({
        workloads: [
          kubeVip(exact, { images: ['ghcr.io/kube-vip/kube-vip:v0.8.0'] }),
          kubeVip(exact, { images: ['ghcr.io/kube-vip/kube-vip@sha256:0'] }),
        ],
      }),
      'DaemonSet/',
      'DaemonSet/',
    ],
    ['finds an empty class', seen(kubeVip({ ...filtered, lb_class_name: '' })), 'DaemonSet/'],
    [
      'leaves one of our class to the check that blocks',
      seen(kubeVip({ ...services, lb_class_name: 'kubevip.dev/edge' })),
    ],
    ['leaves one with our address to the check that blocks', seen(kubeVip({ svc_enable: 'true' }))],
  ],
};
