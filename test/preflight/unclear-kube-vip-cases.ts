// Another kube-vip of which the template does not say all that checks judge by.
import type { Cases } from './find.ts';
import { kubeVip, surveyed } from './survey-builders.ts';

export const unclearKubeVipCases: Cases = {
  'foreign-kube-vip-is-unclear': [
    ['passes with literal values', surveyed({ workloads: [kubeVip({ address: '203.0.113.7' })] })],
    [
      'leaves one that is known to have the address to the other check',
      surveyed({ workloads: [kubeVip({}, { unclear: ['vip_address'] })] }),
    ],
    [
      'finds an address that is a name',
      surveyed({ workloads: [kubeVip({ address: 'api.example.org' })] }),
      'DaemonSet/kube-system/kube-vip-ds: is a kube-vip that has the name api.example.org for its address. So it cannot be judged whether it has an address or the class of KubeVipConfig edge. It runs in ARP mode, Lease kube-system/plndr-cp-lock. Expected literal values of address, lb_class_name and svc_enable. Look up what it has.',
    ],
    [
      'leaves a long name to be looked up',
      surveyed({ workloads: [kubeVip({ address: 'a-long-name.of.example.org' })] }),
      'DaemonSet/kube-system/kube-vip-ds: is a kube-vip that has a name for its address.',
    ],
    [
      'finds an address from somewhere else',
      surveyed({ workloads: [kubeVip({ address: '' }, { unclear: ['address'] })] }),
      'DaemonSet/kube-system/kube-vip-ds: is a kube-vip that does not say its address in its template.',
    ],
    [
      'finds that all may come from somewhere else',
      surveyed({ workloads: [kubeVip({ address: '' }, { unclear: ['envFrom'] })] }),
      'DaemonSet/kube-system/kube-vip-ds: is a kube-vip that does not say its address in its template.',
    ],
    [
      'finds a class from somewhere else',
      surveyed({
        workloads: [kubeVip({ address: '203.0.113.7', svc_enable: 'true' }, { unclear: ['lb_class_name'] })],
      }),
      'DaemonSet/kube-system/kube-vip-ds: is a kube-vip that does not say its class in its template.',
    ],
    [
      'lets a variable be that decides nothing',
      surveyed({ workloads: [kubeVip({ address: '203.0.113.7' }, { unclear: ['vip_nodename'] })] }),
    ],
  ],
};
