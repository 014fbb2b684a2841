import { describe, expect, it } from '@jest/globals';
import { labels } from '../../src/api/metadata.ts';
import type { resources } from '../../src/cluster/resources.ts';
import { makeKeysOf } from '../../src/controller/keys.ts';
import { FakeCluster } from '../fake-cluster.ts';
import { kubeVipConfig, lease, nowText } from '../builders.ts';

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
    ['the config that a Lease is named after', 'leases', { name: 'edge-control-plane' }, ['edge']],
    ['nobody, when a Lease is a stranger’s', 'leases', { name: 'other' }, []],
    ['every config, when a namespace is opted out', 'openNamespaces', { name: 'x' }, ['edge', 'refused']],
  ] as Row[])('%s', (_, resource, metadata, expected) => {
    expect(makeKeysOf(cluster())(resource, { metadata })).toEqual(expected);
  });

  it('a config again only when the holder of its Lease changes', () => {
    const view = cluster();
    const keysOf = makeKeysOf(view);
    const event = { metadata: { name: 'edge-control-plane' } };
    expect(keysOf('leases', event)).toEqual(['edge']);
    expect(keysOf('leases', event)).toEqual([]);
    view.leaseList = [lease({ holder: 'n2' })];
    expect(keysOf('leases', event)).toEqual(['edge']);
  });
});
