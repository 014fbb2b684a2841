import { describe, expect, it } from '@jest/globals';
import * as foreign from '../../src/preflight/facts/foreign-kube-vip.ts';
import { emptySurvey } from '../../src/plan/survey.ts';
import { kubeVipConfig } from '../builders.ts';
import { describeChecks } from './find.ts';
import { kubeVip, surveyed, workload } from './survey-builders.ts';

const services = { svc_enable: 'true', cp_enable: 'false', address: '' };
const filtered = { ...services, lb_class_only: 'true', lb_class_name: 'kubevip.dev/edge' };
const held = { namespace: 'kube-system', name: 'plndr-cp-lock', holder: 'n1', isFresh: true };
const staticPod = kubeVip(
  { cp_namespace: 'kube-system' },
  { kind: 'Pod', name: 'kube-vip-n1', node: 'n1', isStatic: true, hostPaths: ['/etc/kubernetes/admin.conf'] },
);
const onlyControlPlane = kubeVipConfig({ spec: { services: undefined } });

describeChecks({
  'foreign-kube-vip-has-vip': [
    ['passes without another', surveyed({ workloads: [workload()] })],
    ['passes with another address', surveyed({ workloads: [kubeVip({ address: '203.0.113.7' })] })],
    [
      'names a DaemonSet, its mode, its Lease and the hand-over',
      surveyed({ workloads: [kubeVip()] }),
      'DaemonSet/kube-system/kube-vip-ds: expected no other kube-vip with 203.0.113.100, the virtual address of KubeVipConfig edge, found it in ARP mode, Lease kube-system/plndr-cp-lock; to hand over, kubectl -n kube-system delete daemonset kube-vip-ds; the address',
    ],
    [
      'names a static pod, its node and its hazards',
      surveyed({ workloads: [staticPod] }),
      'Pod/kube-system/kube-vip-n1: expected no other kube-vip with 203.0.113.100, the virtual address of KubeVipConfig edge, found it in ARP mode, Lease kube-system/plndr-cp-lock on node n1; hazards super-admin-conf; to hand over, move its manifest',
    ],
    [
      'finds one of several addresses, and one under the old name',
      surveyed({
        workloads: [
          kubeVip({ address: '2001:db8::1, 203.0.113.100' }),
          kubeVip({ address: '', vip_address: '203.0.113.100' }),
          kubeVip({ address: '' }, { args: ['manager', '--address=203.0.113.100'] }),
        ],
      }),
      'DaemonSet/',
      'DaemonSet/',
      'DaemonSet/',
    ],
    [
      'lets our own be',
      surveyed({ workloads: [kubeVip({}, { namespace: 'kube-vip-system', name: 'edge-control-plane' })] }),
    ],
    [
      'says that its release is to be avoided',
      surveyed({ workloads: [kubeVip({}, { images: ['ghcr.io/kube-vip/kube-vip:v0.7.2'] })] }),
      'DaemonSet/kube-system/kube-vip-ds: expected no other kube-vip with 203.0.113.100, the virtual address of KubeVipConfig edge, found it in ARP mode, Lease kube-system/plndr-cp-lock; v0.7.2: ',
    ],
  ],
  'foreign-kube-vip-has-class': [
    ['passes with another class', surveyed({ workloads: [kubeVip({ ...filtered, lb_class_name: 'a/b' })] })],
    [
      'finds ours',
      surveyed({ workloads: [kubeVip(filtered)] }),
      'DaemonSet/kube-system/kube-vip-ds: expected no other kube-vip that serves class kubevip.dev/edge of KubeVipConfig edge, found it in ARP mode, Lease kube-system/plndr-svcs-lock',
    ],
    [
      'does not care without services',
      surveyed({ workloads: [kubeVip(filtered)] }, { config: onlyControlPlane }),
    ],
  ],
  'foreign-kube-vip-is-unsafe': [
    ['passes with a filter', surveyed({ workloads: [kubeVip({ ...filtered, lb_class_name: 'a/b' })] })],
    [
      'finds one without, and its hazards',
      surveyed({ workloads: [kubeVip(services)] }),
      'DaemonSet/kube-system/kube-vip-ds: expected every kube-vip of the cluster to serve Services of one class only (lb_class_only, lb_class_name), found ARP mode, Lease kube-system/plndr-svcs-lock; hazards foreign-status-adopted',
    ],
    [
      'leaves one with our address to the check that blocks',
      surveyed({ workloads: [kubeVip({ svc_enable: 'true' })] }),
    ],
  ],
  'foreign-kube-vip-is-unseen': [
    ['passes without a Lease', surveyed({})],
    [
      'finds a Lease that nobody explains',
      surveyed({ foreignLeases: [held] }),
      'Lease/kube-system/plndr-cp-lock: expected nobody to renew a Lease under a default name of kube-vip where no kube-vip is seen, found n1 as its holder',
    ],
    ['lets a stale one be', surveyed({ foreignLeases: [{ ...held, isFresh: false }] })],
    ['lets one be that was given back', surveyed({ foreignLeases: [{ ...held, holder: '' }] })],
    [
      'is content with a kube-vip that is seen',
      surveyed({ foreignLeases: [held], workloads: [kubeVip({ address: '203.0.113.7' })] }),
    ],
  ],
});

describe('hazardsOf', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['finds none in what is rendered here', filtered, []],
    ['finds both functions in one process', { ...filtered, cp_enable: 'true' }, ['cp-svc-one-process']],
    ['finds a missing election', { vip_leaderelection: 'false' }, ['arp-no-election']],
    ['finds two modes', { bgp_enable: 'true' }, ['several-modes']],
    ['finds a health port', { health_check_port: '9000' }, ['no-probe']],
    ['takes a switch that is off for off', { lb_enable: 'false', bgp_enable: '0' }, []],
  ])('%s', (_, env, ids) => {
    const found = foreign.hazardsOf(kubeVip(env)).map(({ id }) => id);
    expect(found.filter((id) => ids.length === 0 || ids.includes(id))).toEqual(ids);
  });
});

describe('foreignKubeVips', () => {
  it.each([
    ['ghcr.io/kube-vip/kube-vip:v1.1.2', true],
    ['ghcr.io/kube-vip/kube-vip-iptables@sha256:0', true],
    ['registry.example.org:5000/mirror/kube-vip', true],
    ['ghcr.io/kube-vip/kube-vip-cloud-provider:v0.0.12', false],
    ['ghcr.io/kube-vip-operator/kube-vip-operator:v0.1.0', false],
  ])('%s: %s', (image, isOne) => {
    const workloads = [workload({ images: [image] })];
    expect(foreign.foreignKubeVips({ ...emptySurvey, workloads })).toHaveLength(isOne ? 1 : 0);
  });
});
