// Preflight against a real API server with the objects that distributions really have. A clean cluster passes
// without a word; one that would have lost its nodes is stopped, and nothing is made.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { conditionsOf, messageOf, specWith } from './builders.ts';
import { nodeObject, serviceObject, type ClusterObject } from './cluster-objects.ts';
import { k3s, kubeadm, kubeadmNotes, rke2, serviceLb } from './distributions.ts';
import { onPreflightStage, vip, type PreflightStage } from './preflight-stage.ts';
import { until } from './until.ts';

const stageOf = onPreflightStage();
let scene: PreflightStage;

beforeAll(() => {
  scene = stageOf();
});

const started = ['server', '--cluster-init', '--disable', 'servicelb', '--disable=traefik'];
describe('a clean cluster', () => {
  it.each<[string, readonly ClusterObject[]]>([
    ['of kubeadm', kubeadm()],
    ['of kubeadm with IPVS and strictARP', kubeadm({ mode: 'ipvs', strictArp: true })],
    [
      'of k3s without ServiceLB, a Service without class still waiting',
      [...k3s(started), serviceObject('traefik')],
    ],
    ['of RKE2', rke2()],
  ])('%s passes without a word', async (_, objects) => {
    await scene.prepare(objects);
    const config = await scene.judged();
    expect(await scene.findings([])).toEqual([]);
    expect(config.status?.preflightCounts).toEqual({ failed: 0, warned: 0, acknowledged: 0 });
    expect(messageOf(config, 'PreflightPassed')).toMatch(/^All \d+ checks of the live cluster pass\.$/);
    await scene.stage.untilRuns('edge-services');
  });
});

describe('a cluster of kubeadm with a name as endpoint', () => {
  it('is warned, because the operator resolves no names, and runs', async () => {
    await scene.prepare(kubeadm({ endpoint: 'api.example.org:6443' }));
    const wanted = ['kubelets-use-vip Warned ConfigMap/kube-system/kubeadm-config'];
    expect(await scene.findings(wanted)).toEqual(wanted);
    await scene.stage.untilRuns('edge-services');
  });
});

describe('the k3s cluster of the outage of 2024', () => {
  it('is told why and what to do, and no kube-vip for Services is made', async () => {
    await scene.prepare([...k3s(['server', '--cluster-init']), ...serviceLb]);
    const wanted = [
      'service-status-has-node-address Failed Service/kube-system/traefik',
      'servicelb-is-active Failed DaemonSet/kube-system/svclb-traefik-3d2a',
    ];
    expect(await scene.findings(wanted)).toEqual(wanted);
    const config = await scene.judged();
    expect(conditionsOf(config)).toEqual({
      Accepted: 'True Accepted',
      PreflightPassed: 'False PreflightFailed',
      Programmed: 'False PreflightFailed',
      Ready: 'False PreflightFailed',
      Stalled: 'True PreflightFailed',
    });
    expect(messageOf(config, 'Ready')).toBe(
      'Service/kube-system/traefik: publishes 127.1.0.1 of node n1 and 3 more. Nothing new is applied for Services. ' +
        'Expected no address of a node in status.loadBalancer, because kube-vip may take it from its node. ' +
        'Turn off the controller that writes node addresses into Services ' +
        '(k3s: start every server with --disable servicelb). Then wait until the status is empty. And 1 more, see status.preflight.',
    );
    console.info(messageOf(config, 'Ready'));
    console.info(config.status?.preflight?.[1]?.message);
    expect(await scene.daemonSets()).toEqual(['edge-control-plane']);
  });

  it('says in an event that one of its two troubles is over, and what is left', async () => {
    await scene.prepare([...k3s(['server', '--cluster-init']), ...serviceLb]);
    const left = ['service-status-has-node-address Failed Service/kube-system/traefik'];
    const both = [...left, 'servicelb-is-active Failed DaemonSet/kube-system/svclb-traefik-3d2a'];
    expect(await scene.findings(both)).toEqual(both);
    const path = '/apis/apps/v1/namespaces/kube-system/daemonsets/svclb-traefik-3d2a';
    await scene.stage.admin.expect({ method: 'DELETE', path });
    // No node and no Service changed: the next look is within 15 s.
    const note = await until(
      'an event',
      async () => (await scene.notes('PreflightFailed')).find((text) => text.startsWith('Fails no longer')),
      20_000,
    );
    expect(note).toMatch(
      /^Fails no longer: servicelb-is-active\. Still fails: service-status-has-node-address\. Service\/kube-system\/traefik: publishes 127\.1\.0\.1 of node n1/,
    );
  });

  it('goes on by itself when ServiceLB is off', async () => {
    await scene.prepare([
      ...k3s(['server', '--cluster-init']),
      serviceObject('traefik', { published: ['127.1.0.1'] }),
    ]);
    expect(conditionsOf(await scene.judged())['PreflightPassed']).toBe('False PreflightFailed');
    const path = '/api/v1/namespaces/kube-system/services/traefik/status';
    await scene.stage.admin.expect({
      method: 'PATCH',
      path,
      body: { status: { loadBalancer: null } },
      type: 'merge',
    });
    await scene.stage.untilRuns('edge-services');
    const wanted = ['n1', 'n2', 'n3'].map((name) => `servicelb-is-enabled Warned Node/${name}`);
    expect(await scene.findings(wanted)).toEqual(wanted);
  });
});

describe('a Service of the class that was there before', () => {
  it('and asks for what is refused later is named, with the command, and holds nothing back', async () => {
    // A class of another name than ours is fenced by its KubeVipConfig, which is not there yet.
    const loadBalancerClass = 'example.org/edge';
    const ours = { loadBalancerClass, externalTrafficPolicy: 'Local' };
    const object = serviceObject('old', ours);
    const annotations = { 'kube-vip.io/egress': 'true', 'kube-vip.io/vipHost': 'n1' };
    const old = { ...object, body: { ...object.body, metadata: { name: 'old', annotations } } };
    await scene.prepare([...kubeadm(), old], specWith({ services: { loadBalancerClass } }));
    const wanted = ['egress', 'policy'].map(() => 'service-asks-for-more Warned Service/kube-system/old');
    expect(await scene.findings(wanted)).toEqual(wanted);
    const messages = (await scene.judged()).status?.preflight?.map(({ message }) => message) ?? [];
    expect(messages[0]).toContain('kubectl annotate -n kube-system service old kube-vip.io/egress-');
    expect(messages[1]).toContain('Service/kube-system/old: has spec.externalTrafficPolicy Local. ');
    await scene.stage.untilRuns('edge-services');
    const path = '/api/v1/namespaces/kube-system/services/old';
    const body = {
      metadata: { annotations: { 'kube-vip.io/egress': null } },
      spec: { externalTrafficPolicy: 'Cluster' },
    };
    await scene.stage.admin.expect({ method: 'PATCH', path, body, type: 'merge' });
    expect(await scene.findings([])).toEqual([]);
  });
});

describe('a node that is late', () => {
  it('ends the warning that there is none for a function', async () => {
    const worker = nodeObject('w1', { address: '127.1.0.4', podRange: '10.244.4.0/24', kubelet: 'v1.36.3' });
    await scene.prepare([...kubeadmNotes(), worker], specWith());
    const wanted = ['selector-matches-no-node Warned KubeVipConfig/edge'];
    expect(await scene.findings(wanted)).toEqual(wanted);
    const labels = { 'node-role.kubernetes.io/control-plane': '' };
    const shape = { address: '127.1.0.1', podRange: '10.244.1.0/24', kubelet: 'v1.36.3', labels };
    await scene.install([nodeObject('n1', shape)]);
    // Facts are read again half a minute after a node comes.
    await until(
      'the warning to go',
      async () => (await scene.stage.config('edge'))?.status?.preflightCounts?.warned === 0,
      45_000,
    );
  });
});

describe('a node that joins later with the address', () => {
  it('stalls the config, names both, and takes nothing down', async () => {
    await scene.prepare(kubeadm());
    await scene.stage.untilRuns('edge-services');
    await scene.stage.play.runHealthy('edge-control-plane', 'n1');
    await scene.stage.play.runHealthy('edge-services', 'w1');
    const fine = {
      Accepted: 'True Accepted',
      PreflightPassed: 'True PreflightPassed',
      Programmed: 'True Applied',
      Ready: 'True Held',
    };
    expect(await scene.stage.conditions('edge', fine)).toEqual(fine);
    const before = await scene.stage.daemonSet('edge-control-plane');
    const late = nodeObject('late', { address: vip, podRange: '10.244.8.0/24', kubelet: 'v1.36.3' });
    await scene.install([late]);
    const wanted = { ...fine, PreflightPassed: 'False PreflightFailed', Stalled: 'True PreflightFailed' };
    expect(await scene.stage.conditions('edge', wanted)).toEqual(wanted);
    const message = messageOf(await scene.stage.config('edge'), 'Stalled');
    expect(message).toContain(
      'Node/late: has 203.0.113.100 as its InternalIP. Expected no node with the virtual address of KubeVipConfig edge.',
    );
    const after = await scene.stage.daemonSet('edge-control-plane');
    expect(after?.metadata?.resourceVersion).toBe(before?.metadata?.resourceVersion);
    await scene.stage.change('edge', { arp: { announceIntervalSeconds: 7 } });
    const held = { ...wanted, Programmed: 'False PreflightFailed' };
    expect(await scene.stage.conditions('edge', held)).toEqual(held);
    expect((await scene.stage.daemonSet('edge-control-plane'))?.metadata?.generation).toBe(
      before?.metadata?.generation,
    );
    await Promise.all([
      scene.stage.play.endPod('edge-control-plane', 'n1'),
      scene.stage.play.endPod('edge-services', 'w1'),
    ]);
  });
});
