// Preflight against a real API server with the kinds of Cilium in the versions that its releases serve.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { configMapObject, serviceObject, workloadObject, type ClusterObject } from './cluster-objects.ts';
import { kubeadm } from './distributions.ts';
import { serveCiliumPools } from './neighbours.ts';
import { onPreflightStage, type PreflightStage } from './preflight-stage.ts';

const stageOf = onPreflightStage();
let scene: PreflightStage;

beforeAll(() => {
  scene = stageOf();
});

/** What is found in a cluster of kubeadm with these objects, as soon as it is the wanted. */
async function findings(
  objects: readonly ClusterObject[],
  wanted: readonly string[],
): Promise<readonly string[]> {
  await scene.prepare([...kubeadm(), ...objects]);
  return scene.findings(wanted);
}

function custom(version: string, kind: string, plural: string, spec: object): ClusterObject {
  const apiVersion = `cilium.io/${version}`;
  return {
    path: `/apis/${apiVersion}/${plural}`,
    body: { apiVersion, kind, metadata: { name: 'lan' }, spec },
  };
}

/** Of the Services of an app in kube-system. */
const selecting = (app: string): object => ({
  serviceSelector: {
    matchLabels: { app },
    matchExpressions: [{ key: 'io.kubernetes.service.namespace', operator: 'In', values: ['kube-system'] }],
  },
});

function labelled(app: string, spec: Readonly<Record<string, unknown>> = {}): ClusterObject {
  const made = serviceObject('web', spec);
  return { ...made, body: { ...made.body, metadata: { name: 'web', labels: { app } } } };
}

describe('a pool of Cilium with our address', () => {
  const found = ['pool-has-vip Warned CiliumLoadBalancerIPPool/lan'];
  const [range, others] = [{ blocks: [{ cidr: '203.0.113.0/24' }] }, [labelled('web')]];

  describe.each<[string, readonly string[], Readonly<Record<string, readonly [object, readonly string[]]>>]>([
    [
      'that serves v2 alone',
      ['v2'],
      {
        'is found': [range, found],
        'is found by its first and last address': [
          { blocks: [{ start: '203.0.113.90', stop: '203.0.113.120' }] },
          found,
        ],
        'is let be when it ends before': [{ blocks: [{ start: '203.0.113.90', stop: '203.0.113.99' }] }, []],
        'is let be when it is disabled': [{ ...range, disabled: true }, []],
        'is found when it selects a Service': [{ ...range, ...selecting('web') }, found],
        'is let be when it selects others': [{ ...range, ...selecting('db') }, []],
      },
    ],
    ['from v1.18 on, that serves both', ['v2alpha1', 'v2'], { 'is found once': [range, found] }],
    [
      'of before v1.18, that serves v2alpha1 alone',
      ['v2alpha1'],
      {
        'is found': [range, found],
        'is found in the field of old': [{ cidrs: [{ cidr: '203.0.113.0/24' }] }, found],
        'is let be when it is disabled': [{ ...range, disabled: true }, []],
      },
    ],
  ])('%s', (_, served, rows) => {
    const version = served.at(-1) ?? '';
    beforeAll(() => serveCiliumPools(scene.stage, served));

    it.each(Object.entries(rows))('%s', async (_sentence, [spec, wanted]) => {
      const pool = custom(version, 'CiliumLoadBalancerIPPool', 'ciliumloadbalancerippools', spec);
      expect(await findings([pool, ...others], wanted)).toEqual(wanted);
    });
  });
});

describe('a policy of Cilium', () => {
  const policy = (spec: object): ClusterObject =>
    custom('v2alpha1', 'CiliumL2AnnouncementPolicy', 'ciliuml2announcementpolicies', spec);
  const cilium = (tag: string): readonly ClusterObject[] => [
    workloadObject('daemonsets', 'cilium', { image: `quay.io/cilium/cilium:${tag}` }),
    configMapObject('kube-system', 'cilium-config', { 'kube-proxy-replacement': 'false' }),
  ];
  const ours = labelled('web', { loadBalancerClass: 'kubevip.dev/edge' });
  const found = ['cilium-announces-all Warned CiliumL2AnnouncementPolicy/lan'];
  const all = { loadBalancerIPs: true };

  it.each<[string, readonly ClusterObject[], readonly string[]]>([
    ['that announces everything, before v1.15', [policy(all), ...cilium('v1.14.1')], found],
    ['that selects a Service of ours', [policy({ ...all, ...selecting('web') }), ours], found],
    ['that selects others', [policy({ ...all, ...selecting('db') }), ours], []],
    ['that announces no load balancers', [policy({ loadBalancerIPs: false }), ...cilium('v1.14.1')], []],
    ['of a release that looks at classes', [policy(all), ...cilium('v1.18.2')], []],
  ])('%s', async (_, objects, wanted) => {
    expect(await findings(objects, wanted)).toEqual(wanted);
  });
});
