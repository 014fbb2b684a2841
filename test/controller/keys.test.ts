import { describe, expect, it } from '@jest/globals';
import { annotations, labels } from '../../src/api/metadata.ts';
import type { resources } from '../../src/cluster/resources.ts';
import { makeKeysOf } from '../../src/controller/keys.ts';
import { FakeCluster } from '../fake-cluster.ts';
import { kubeVipConfig, lease, now, nowText } from '../builders.ts';
import { node, service } from '../cluster-builders.ts';

const refused = kubeVipConfig({
  name: 'refused',
  status: {
    conditions: [
      {
        type: 'Accepted',
        status: 'False',
        reason: 'AddressConflict',
        message: '',
        lastTransitionTime: nowText,
      },
    ],
  },
});
type Row = [
  sentence: string,
  resource: keyof typeof resources,
  metadata: object,
  expected: readonly string[],
];

const withCondition = (name: string, type: string, status: 'True' | 'False', reason: string) =>
  kubeVipConfig({
    name,
    spec: { controlPlane: { addresses: [`203.0.113.${name.length}`] } },
    status: { conditions: [{ type, status, reason, message: '', lastTransitionTime: nowText }] },
  });
const several = new FakeCluster({
  configs: [
    kubeVipConfig(),
    withCondition('calm', 'PreflightPassed', 'True', 'PreflightPassed'),
    withCondition('held-back', 'PreflightPassed', 'False', 'PreflightFailed'),
    withCondition('refused', 'Accepted', 'False', 'ServiceConflict'),
    withCondition('shared', 'DuplicateOwner', 'True', 'ServicesShareAddress'),
    withCondition('elsewhere', 'Accepted', 'False', 'AddressConflict'),
  ],
});
const keysFor = (view: FakeCluster, steady = (): number => 0) => makeKeysOf(view, steady);
// What waits for any Service.
const waiting = ['held-back', 'refused', 'shared'];

describe('an event about a Service or a node is about', () => {
  it.each<[string, keyof typeof resources, object, readonly string[]]>([
    ['those that wait for Services', 'services', service(), waiting],
    [
      'the config of its class',
      'services',
      service({ loadBalancerClass: 'kubevip.dev/edge' }),
      ['edge', ...waiting],
    ],
    ['the config of its address', 'services', service({ published: ['203.0.113.4'] }), ['calm', ...waiting]],
    [
      'the config of an external address',
      'services',
      service({ type: 'ClusterIP', externalIPs: ['203.0.113.100'] }),
      ['edge', ...waiting],
    ],
    ['those that preflight holds back', 'nodes', node(), ['held-back']],
    ['the config of its address too', 'nodes', node({ address: '203.0.113.100' }), ['edge', 'held-back']],
  ])('%s', (_, resource, object, expected) => {
    expect(keysFor(several)(resource, object)).toEqual(expected);
  });
});

const cluster = () => new FakeCluster({ configs: [kubeVipConfig(), refused], leases: [lease()] });

describe('an event is about', () => {
  it.each([
    ['the config itself, and those that wait for it', 'configs', { name: 'edge' }, ['edge', 'refused']],
    [
      'the config that a DaemonSet is named after',
      'daemonSets',
      { name: 'edge-services' },
      ['edge', 'refused'],
    ],
    [
      'that config also when its label was edited',
      'daemonSets',
      { name: 'edge-services', labels: { [labels.config]: 'x' } },
      ['edge', 'refused'],
    ],
    ['only those that wait, when a DaemonSet is a stranger’s', 'daemonSets', { name: 'other' }, ['refused']],
    [
      'the config that a pod is labelled with',
      'pods',
      { name: 'p', labels: { [labels.config]: 'edge' } },
      ['edge'],
    ],
    ['nobody, when a pod has no label', 'pods', { name: 'p' }, []],
    [
      'the config whose nodes a DaemonSet probes',
      'daemonSets',
      { name: 'edge-control-plane-probe' },
      ['edge', 'refused'],
    ],
    [
      'nobody, while the pod of a probe has said nothing',
      'pods',
      { name: 'p', labels: { [labels.probe]: 'edge' } },
      [],
    ],
    ['the config that a Lease is named after', 'leases', { name: 'edge-control-plane' }, ['edge']],
    ['nobody, when a Lease is a stranger’s', 'leases', { name: 'other' }, []],
    [
      'every config, when a policy of ours changes',
      'policies',
      { name: 'a.kubevip.dev' },
      ['edge', 'refused'],
    ],
    [
      'every config, when a binding of ours changes',
      'policyBindings',
      { name: 'a.kubevip.dev' },
      ['edge', 'refused'],
    ],
    ['nobody, when a policy of others changes', 'policies', { name: 'a.example.org' }, []],
    ['every config, when a namespace is opted out', 'openNamespaces', { name: 'x' }, ['edge', 'refused']],
  ] as Row[])('%s', (_, resource, metadata, expected) => {
    expect(keysFor(cluster())(resource, { metadata })).toEqual(expected);
  });

  it.each([
    ['what it ended with', { state: { terminated: { message: '{}' } } }],
    ['what it ended with before it was started again', { lastState: { terminated: { message: '{}' } } }],
  ])('the config whose nodes are probed, when a pod says %s', (_, container) => {
    const pod = {
      metadata: { name: 'p', labels: { [labels.probe]: 'edge' } },
      status: { containerStatuses: [{ name: 'probe', ...container }] },
    };
    expect(keysFor(cluster())('pods', pod)).toEqual(['edge']);
  });

  it('those that wait, when the operator takes a Lease, and when it gives it free', () => {
    const view = cluster();
    const keysOf = keysFor(view);
    const event = { metadata: { name: 'edge-control-plane' } };
    keysOf('leases', event);
    view.leaseList = [lease({ holder: '', parkedFrom: 'n1' })];
    expect(keysOf('leases', event)).toEqual(['edge', 'refused']);
    expect(keysOf('leases', event)).toBeUndefined();
    view.leaseList = [];
    expect(keysOf('leases', event)).toEqual(['edge', 'refused']);
  });

  it.each<[string, Partial<Parameters<typeof lease>[0]>, readonly string[] | undefined]>([
    ['nobody, when a Lease is renewed in time', { renewedAt: now + 14_000, renewTime: 'later' }, undefined],
    ['its config, when a Lease that was stale is renewed', { renewedAt: now + 15_000 }, ['edge']],
    ['its config, when the holder of a Lease changes', { holder: 'n2' }, ['edge']],
    ['its config, when a holder takes a Lease anew', { acquireTime: '2026-11-24T12:00:00Z' }, ['edge']],
    ['its config, when a Lease runs out sooner', { durationSeconds: 1 }, ['edge']],
  ])('%s', (_, change, expected) => {
    const view = cluster();
    const keysOf = keysFor(view);
    const event = { metadata: { name: 'edge-control-plane' } };
    expect(keysOf('leases', event)).toEqual(['edge']);
    expect(keysOf('leases', event)).toBeUndefined();
    view.leaseList = [lease(change)];
    expect(keysOf('leases', event)).toEqual(expected);
  });

  describe('a witness,', () => {
    const name = 'kube-vip-witness.0a1b2c3d.n4';
    const said = (mac: string) =>
      JSON.stringify({
        v: 1,
        seq: 1,
        revision: 'r',
        at: 1,
        trouble: '',
        missing: [],
        control: [{ address: '203.0.113.100', asked: 1, owners: [{ mac, since: 1, last: 1 }] }],
        groups: [],
      });
    const event = (mac: string, renewTime: string) => ({
      metadata: { name, annotations: { [annotations.answers]: said(mac) } },
      spec: { renewTime },
    });
    const [own, other] = ['02:00:00:00:00:01', '02:00:00:00:00:02'];
    const renewedAfter = (ms: number, mac: string): readonly string[] | undefined => {
      several.leaseList = [lease({ name })];
      let time = 0;
      const keysOf = keysFor(several, () => time);
      expect(keysOf('leases', event(own, 'a'))).toHaveLength(6);
      time = ms;
      return keysOf('leases', event(mac, 'b'));
    };

    it.each<[string, readonly string[] | undefined, readonly string[] | undefined]>([
      ['and nobody, when it says the same in time', renewedAfter(10_000, own), undefined],
      ['and the configs of which it says something new', renewedAfter(5000, other), ['edge']],
      [
        'and every config, when it was silent meanwhile',
        renewedAfter(10_001, own),
        several.configs().map(({ metadata }) => metadata.name),
      ],
    ])('%s', (_, keys, expected) => {
      expect(keys).toEqual(expected);
    });

    it('and every config, when its Lease is gone', () => {
      several.leaseList = [lease({ name })];
      const keysOf = keysFor(several);
      keysOf('leases', event(own, 'a'));
      several.leaseList = [];
      expect(keysOf('leases', event(own, 'a'))).toHaveLength(6);
    });
  });
});
