// Preflight against a real API server: another kube-vip, other load balancers, and the API servers themselves.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { conditionsOf, messageOf, specWith } from './builders.ts';
import {
  configMapObject,
  nodeObject,
  ownedPodObjects,
  staticPodObject,
  workloadObject,
  type ClusterObject,
} from './cluster-objects.ts';
import { paths } from './cluster.ts';
import { kubeadm, kubeadmNotes } from './distributions.ts';
import { onPreflightStage, vip, type PreflightStage } from './preflight-stage.ts';
import { startProxy } from './proxy.ts';
import { until } from './until.ts';

const stageOf = onPreflightStage();
let scene: PreflightStage;

beforeAll(() => {
  scene = stageOf();
});

describe('another kube-vip', () => {
  const env = {
    vip_arp: 'true',
    cp_enable: 'true',
    cp_namespace: 'kube-system',
    address: vip,
    vip_leaderelection: 'true',
  };
  const image = 'ghcr.io/kube-vip/kube-vip:v0.8.9';

  it('as a static pod with the address is named with mode, Lease, hazards and hand-over', async () => {
    const pod = staticPodObject('kube-vip', 'n1', { image, env, hostPaths: ['/etc/kubernetes/admin.conf'] });
    await scene.prepare([...kubeadm(), pod], specWith());
    const finding = await until('a finding', async () => (await scene.judged()).status?.preflight?.[0]);
    console.info(finding?.message);
    expect(finding).toMatchObject({
      check: 'foreign-kube-vip-has-vip',
      result: 'Failed',
      object: 'Pod/kube-system/kube-vip-n1',
    });
    for (const text of [
      'ARP mode, Lease kube-system/plndr-cp-lock on node n1',
      'super-admin-conf',
      '/etc/kubernetes/manifests',
    ]) {
      expect(finding?.message).toContain(text);
    }
    expect(await scene.daemonSets()).toEqual([]);
    const path = '/api/v1/namespaces/kube-system/pods/kube-vip-n1?gracePeriodSeconds=0';
    await scene.stage.admin.expect({ method: 'DELETE', path });
    await scene.stage.untilRuns('edge-control-plane', 20_000);
  });

  it('as a pod of a ReplicationController with the address is named with what to delete', async () => {
    const made = ownedPodObjects('kube-vip', 'n1', 'ReplicationController', { image, env });
    await scene.prepare([...kubeadm(), ...made], specWith());
    const wanted = ['foreign-kube-vip-has-vip Failed Pod/kube-system/kube-vip-x1'];
    expect(await scene.findings(wanted)).toEqual(wanted);
    expect((await scene.judged()).status?.preflight?.[0]?.message).toContain(
      'on node n1, of ReplicationController/kube-vip',
    );
    expect(await scene.daemonSets()).toEqual([]);
  });

  it('as a DaemonSet with another address is let be', async () => {
    const other = workloadObject('daemonsets', 'kube-vip-ds', {
      image,
      env: { ...env, address: '203.0.113.7' },
    });
    await scene.prepare([...kubeadm(), other], specWith());
    expect(await scene.findings([])).toEqual([]);
    await scene.stage.untilRuns('edge-control-plane');
  });
});

describe('other neighbours', () => {
  const pool: ClusterObject = {
    path: '/apis/metallb.io/v1beta1/namespaces/kube-system/ipaddresspools',
    body: {
      apiVersion: 'metallb.io/v1beta1',
      kind: 'IPAddressPool',
      metadata: { name: 'lan' },
      spec: { addresses: ['203.0.113.90-203.0.113.120'] },
    },
  };
  const speaker = (args: readonly string[]) =>
    workloadObject('daemonsets', 'speaker', {
      image: 'quay.io/metallb/speaker:v0.15.2',
      args,
      hostPorts: [7472],
    });

  it.each<[string, readonly ClusterObject[], readonly string[]]>([
    ['a MetalLB that leaves our class alone', [speaker(['--port=7472'])], []],
    [
      'a MetalLB with our class',
      [speaker(['--lb-class=kubevip.dev/edge'])],
      ['metallb-has-class Failed DaemonSet/kube-system/speaker'],
    ],
    ['a pool with our address', [pool], ['pool-has-vip Warned IPAddressPool/kube-system/lan']],
  ])('%s', async (_, objects, wanted) => {
    await scene.prepare([...kubeadm(), ...objects]);
    expect(await scene.findings(wanted)).toEqual(wanted);
  });

  const cloudProvider = configMapObject('kube-system', 'kubevip', { 'cidr-global': '203.0.113.64/28' });
  const pooled = (...addresses: readonly string[]) =>
    specWith({ controlPlane: undefined, services: { pools: [{ name: 'main', addresses }] } });

  it.each<[string, readonly ClusterObject[], string, readonly string[]]>([
    [
      'a pool of a speaker in its namespace',
      [pool, speaker([])],
      '203.0.113.112/28',
      ['pool-is-of-other-load-balancer Failed IPAddressPool/kube-system/lan'],
    ],
    [
      'a pool of MetalLB without a speaker there, which any tenant can make',
      [pool],
      '203.0.113.112/28',
      ['pool-is-of-other-load-balancer Warned IPAddressPool/kube-system/lan'],
    ],
    [
      'the ConfigMap of the cloud provider of kube-vip',
      [cloudProvider],
      '203.0.113.72/29',
      ['pool-is-of-other-load-balancer Failed ConfigMap/kube-system/kubevip'],
    ],
    ['that ConfigMap beside the pool', [cloudProvider], '203.0.113.80/29', []],
    ['the network of Services', [], '198.51.100.64/28', ['pool-in-service-network Failed pool main']],
    ['the network of pods', [], '10.244.9.128/28', ['pool-in-pod-network Failed pool main']],
  ])('%s, and a pool', async (_, objects, addresses, wanted) => {
    await scene.prepare([...kubeadm(), ...objects], pooled(addresses));
    expect(await scene.findings(wanted)).toEqual(wanted);
  });

  it('a component that was applied before stays, and only warns, when another pool gets addresses of its own', async () => {
    await scene.prepare(kubeadm(), pooled('203.0.113.72/29'));
    await scene.stage.untilRuns('edge-services');
    // A change of nodes has the cluster read again, within half a minute.
    await scene.install([
      cloudProvider,
      nodeObject('w9', { address: '127.1.0.10', podRange: '10.244.10.0/24', kubelet: 'v1.36.3' }),
    ]);
    const wanted = ['pool-is-of-other-load-balancer Warned ConfigMap/kube-system/kubevip'];
    const areFound = async () => expect(await scene.findings(wanted)).toEqual(wanted);
    await until('the finding', async () => (await areFound(), true), 60_000);
    expect(await scene.daemonSets()).toContain('edge-services');
  });

  it('kube-proxy with IPVS and without strictARP', async () => {
    await scene.prepare(kubeadm({ mode: 'ipvs' }));
    expect(await scene.findings(['ipvs-without-strict-arp Failed ConfigMap/kube-system/kube-proxy'])).toEqual(
      ['ipvs-without-strict-arp Failed ConfigMap/kube-system/kube-proxy'],
    );
  });
});

describe('the control plane', () => {
  it('that kubelets reach through the address is a warning, which can be acknowledged', async () => {
    await scene.prepare(kubeadm({ endpoint: `${vip}:6443` }));
    expect(await scene.findings(['kubelets-use-vip Warned ConfigMap/kube-system/kubeadm-config'])).toEqual([
      'kubelets-use-vip Warned ConfigMap/kube-system/kubeadm-config',
    ]);
    await scene.stage.untilRuns('edge-control-plane');
    await scene.stage.admin.expect({
      method: 'PATCH',
      path: `${paths.configs}/edge`,
      body: { metadata: { annotations: { 'kubevip.dev/acknowledge': 'kubelets-use-vip' } } },
      type: 'merge',
    });
    const wanted = ['kubelets-use-vip Acknowledged ConfigMap/kube-system/kubeadm-config'];
    expect(await scene.findings(wanted)).toEqual(wanted);
    expect(messageOf(await scene.stage.config('edge'), 'PreflightPassed')).toContain(
      'Acknowledged: kubelets-use-vip.',
    );
  });

  it('whose certificate lacks the address is a warning that quotes the certificate', async () => {
    const { port } = new URL(scene.stage.api.url);
    const labels = { 'node-role.kubernetes.io/control-plane': '' };
    await scene.prepare(
      [
        ...kubeadmNotes(),
        nodeObject('n1', { address: '127.0.0.1', labels, podRange: '10.244.0.0/24', kubelet: 'v1.36.3' }),
      ],
      { ...specWith(), controlPlane: { addresses: [vip], port: Number(port) } },
    );
    const wanted = ['certificate-lacks-vip Warned Node/n1'];
    expect(await scene.findings(wanted)).toEqual(wanted);
    const [finding] = (await scene.judged()).status?.preflight ?? [];
    expect(finding).toMatchObject({ check: 'certificate-lacks-vip', object: 'Node/n1' });
    expect(finding?.message).toMatch(
      /has no 203\.0\.113\.100 in the certificate of its API server\. The certificate names .*127\.0\.0\.1/,
    );
  });

  it('whose certificate lacks the address of its node holds everything back until kube-vip goes another way', async () => {
    // The API server itself listens at 127.0.0.1 alone.
    const node = '127.0.0.2';
    const proxy = await startProxy(scene.stage.api.url, node);
    try {
      const labels = { 'node-role.kubernetes.io/control-plane': '' };
      const controlPlane = { addresses: [vip], port: proxy.port };
      await scene.prepare(
        [
          ...kubeadmNotes(),
          nodeObject('n1', { address: node, labels, podRange: '10.244.0.0/24', kubelet: 'v1.36.3' }),
        ],
        { ...specWith(), controlPlane },
      );
      const warned = 'certificate-lacks-vip Warned Node/n1';
      const wanted = ['certificate-lacks-node-address Failed Node/n1', warned];
      expect(await scene.findings(wanted)).toEqual(wanted);
      const config = await scene.judged();
      expect(config.status?.preflight?.[0]?.message).toMatch(
        /^Node\/n1: has no 127\.0\.0\.2 in the certificate of its API server\. The certificate names .*127\.0\.0\.1.*\. Expected the address of the node, at which kube-vip talks to the API server \(apiAccess Local\)\. Add the address .*\. Or set spec\.controlPlane\.apiAccess: Service\.$/,
      );
      expect(conditionsOf(config)['PreflightPassed']).toBe('False PreflightFailed');
      expect(await scene.daemonSets()).toEqual([]);
      await scene.stage.change('edge', { controlPlane: { ...controlPlane, apiAccess: 'Service' } });
      expect(await scene.findings([warned])).toEqual([warned]);
      await scene.stage.untilRuns('edge-control-plane');
    } finally {
      await proxy.close();
    }
  });
});
