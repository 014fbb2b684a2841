import { kubeVipConfig } from '../builders.ts';
import { node } from '../cluster-builders.ts';
import type { Cases } from './find.ts';
import { surveyed, workload } from './survey-builders.ts';

const ipvs = ['server', '--kube-proxy-arg', 'proxy-mode=ipvs'];
const started = (program: 'k3s' | 'rke2', ...args: readonly string[]) =>
  node({ annotations: { [`${program}.io/node-args`]: JSON.stringify(args) } });

const kubeProxy = (...args: readonly string[]) =>
  workload({ name: 'kube-proxy', images: ['registry.k8s.io/kube-proxy:v1.36.3'], args });

export const kubeProxyCases: Cases = {
  'ipvs-without-strict-arp': [
    ['passes without a ConfigMap', surveyed({})],
    ['passes with iptables', surveyed({ kubeProxy: { mode: '', strictArp: false } })],
    ['passes with strictARP', surveyed({ kubeProxy: { mode: 'ipvs', strictArp: true } })],
    [
      'finds IPVS without',
      surveyed({ kubeProxy: { mode: 'ipvs', strictArp: false } }),
      'ConfigMap/kube-system/kube-proxy: has mode ipvs without ipvs.strictARP',
    ],
    [
      'finds IPVS without in the arguments of a DaemonSet',
      surveyed({ workloads: [kubeProxy('--proxy-mode=ipvs')] }),
      'DaemonSet/kube-system/kube-proxy: has mode ipvs without --ipvs-strict-arp',
    ],
    [
      'says that any tenant can have made one outside kube-system',
      surveyed({ workloads: [{ ...kubeProxy('--proxy-mode=ipvs'), namespace: 'tenant' }] }),
      'DaemonSet/tenant/kube-proxy: has mode ipvs without --ipvs-strict-arp. It is outside kube-system, so any tenant can have made it.',
    ],
    [
      'passes with strict ARP there, and with a file',
      surveyed({
        workloads: [
          kubeProxy('--proxy-mode=ipvs', '--ipvs-strict-arp'),
          kubeProxy('--config=/x', '--proxy-mode=ipvs'),
        ],
      }),
    ],
    [
      'does not care without services',
      surveyed(
        { kubeProxy: { mode: 'ipvs', strictArp: false } },
        { config: kubeVipConfig({ spec: { services: undefined } }), nodes: [started('k3s', ...ipvs)] },
      ),
    ],
    [
      'finds IPVS without on servers and agents of k3s, which have no ConfigMap',
      surveyed(
        {},
        {
          nodes: [
            started('k3s', 'server', '--disable', 'servicelb', '--kube-proxy-arg', 'proxy-mode=ipvs'),
            started('k3s', 'agent', '--kube-proxy-arg=--proxy-mode=ipvs'),
          ],
        },
      ),
      'Node/n1: runs kube-proxy with proxy-mode=ipvs and without ipvs-strict-arp. Expected --kube-proxy-arg=ipvs-strict-arp=true, so that only one node answers for the address of a Service. Start every k3s server and agent with --kube-proxy-arg=ipvs-strict-arp=true (kube-proxy-arg: [proxy-mode=ipvs, ipvs-strict-arp=true] in /etc/rancher/k3s/config.yaml), one after the other.',
      'Node/n1: runs kube-proxy with proxy-mode=ipvs and without ipvs-strict-arp',
    ],
    [
      'finds it on RKE2, and strict ARP that is turned off',
      surveyed({}, { nodes: [started('rke2', ...ipvs, '--kube-proxy-arg', 'ipvs-strict-arp=false')] }),
      'Node/n1: runs kube-proxy with proxy-mode=ipvs and without ipvs-strict-arp. Expected --kube-proxy-arg=ipvs-strict-arp=true, so that only one node answers for the address of a Service. Start every RKE2 server and agent with --kube-proxy-arg=ipvs-strict-arp=true (kube-proxy-arg: [proxy-mode=ipvs, ipvs-strict-arp=true] in /etc/rancher/rke2/config.yaml), one after the other.',
    ],
    [
      'passes with strict ARP on k3s, with and without a value',
      surveyed(
        {},
        {
          nodes: [
            started('k3s', ...ipvs, '--kube-proxy-arg', 'ipvs-strict-arp'),
            started('k3s', ...ipvs, '--kube-proxy-arg=ipvs-strict-arp=true'),
          ],
        },
      ),
    ],
    [
      'passes with another mode, also where it comes last',
      surveyed(
        {},
        {
          nodes: [
            started('k3s', 'server'),
            started('k3s', 'agent', '--kube-proxy-arg', 'proxy-mode=nftables'),
            started('k3s', ...ipvs, '--kube-proxy-arg', 'proxy-mode=iptables'),
          ],
        },
      ),
    ],
    [
      'takes no argument of another program for it',
      surveyed({}, { nodes: [started('k3s', 'server', '--kubelet-arg', 'proxy-mode=ipvs')] }),
    ],
    [
      'passes where the servers turn kube-proxy off',
      surveyed({}, { nodes: [started('k3s', 'server', '--disable-kube-proxy'), started('k3s', ...ipvs)] }),
    ],
  ],
};
