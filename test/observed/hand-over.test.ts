// Nodes that give their addresses up before maintenance: which of them go, which wait, and what the template says then.
import { describe, expect, it } from '@jest/globals';
import type { V1Node } from '@kubernetes/client-node';
import { annotations } from '../../src/api/metadata.ts';
import {
  excludedFromLoadBalancers,
  leftOutIn,
  termsOf,
  withoutNodes,
  type HandOver,
} from '../../src/observed/hand-over.ts';
import { markOf } from '../../src/observed/revision.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { withRevision } from '../../src/render/daemon-set.ts';
import { daemonSet, kubeVipConfig, pod, snapshot } from '../builders.ts';
import { node, silentNode } from '../cluster-builders.ts';
import { componentOf } from '../pass.ts';

const config = kubeVipConfig();
const asked = (row: V1Node, value = 'true'): V1Node => ({
  ...row,
  metadata: { ...row.metadata, annotations: { [annotations.handOver]: value } },
});
const labelled = (row: V1Node): V1Node => ({
  ...row,
  metadata: { ...row.metadata, labels: { ...row.metadata?.labels, [excludedFromLoadBalancers]: '' } },
});
const [n1, n2, n3] = ['n1', 'n2', 'n3'].map((name) => node({ name, taints: [] })) as [V1Node, V1Node, V1Node];

const marked = (component: 'control-plane' | 'services', version = 'v1.1.2') =>
  withRevision(daemonSet({ config: kubeVipConfig({ spec: { version } }), component }));
const both = [marked('control-plane'), marked('services')];

function handOver(of: Partial<Snapshot>, kind: 'control-plane' | 'services' = 'control-plane'): string {
  const world = snapshot({ config, daemonSets: both, ...of });
  const { away, waits }: HandOver = componentOf(world, kind).handOver;
  return [...away, ...waits.map(({ node: name, because }) => `${name}: ${because}`)].join(', ');
}

describe('nodes that shall give their addresses up', () => {
  it.each<[string, Partial<Snapshot>, string]>([
    ['are none where none is asked', { nodes: [n1, n2, n3] }, ''],
    ['are those with the annotation', { nodes: [asked(n1), n2, n3] }, 'n1'],
    ['are not those where it says something else', { nodes: [asked(n1, 'false'), n2, n3] }, ''],
    ['are several at once', { nodes: [asked(n1), asked(n3), n2] }, 'n1, n3'],
    [
      'are not those that run nothing of it',
      { nodes: [n1, n2, n3, asked(node({ name: 'w1', labels: { 'kubernetes.io/os': 'linux' } }))] },
      '',
    ],
    [
      'wait while no other node can take over',
      { nodes: [asked(n1), n2, n3], pods: [pod({ node: 'n1' }), pod({ node: 'n2', isReady: false })] },
      'n1: no other node can take over',
    ],
    [
      'wait while no other node reports',
      { nodes: [asked(n1), silentNode('n2'), silentNode('n3')] },
      'n1: no other node can take over',
    ],
    [
      'wait where every node is asked',
      { nodes: [n1, n2, n3].map((row) => asked(row)) },
      'n1: no other node can take over, n2: no other node can take over, n3: no other node can take over',
    ],
    [
      'go on once they have begun, whatever becomes of the others',
      {
        nodes: [asked(n1), silentNode('n2'), silentNode('n3')],
        daemonSets: both.map((row) => withoutNodes(row, ['n1'])),
      },
      'n1',
    ],
    [
      'wait where the release would leave the address behind',
      { nodes: [asked(n1), n2, n3], daemonSets: [marked('control-plane', 'v0.8.7')] },
      'n1: kube-vip v0.8.7 leaves its addresses on a node when its pod ends',
    ],
    [
      'wait where an earlier operator made the pods',
      { nodes: [asked(n1), n2, n3], daemonSets: [daemonSet({ config })] },
      'n1: an earlier operator made its pods. Take the rendering that waits, or edit the spec',
    ],
    [
      'wait while nothing is written',
      { nodes: [asked(n1), n2, n3], config: kubeVipConfig({ spec: { suspend: true } }) },
      'n1: spec.suspend is true',
    ],
    ['do not follow the label of Kubernetes with the control plane', { nodes: [labelled(n1), n2, n3] }, ''],
  ])('%s', (_, of, expected) => {
    expect(handOver(of)).toBe(expected);
  });

  it.each<[string, readonly V1Node[], string]>([
    ['follow the label of Kubernetes', [labelled(n1), n2, n3], 'n1'],
    [
      'do not follow it where every node has it',
      [labelled(n1), labelled(n2)],
      ['n1', 'n2']
        .map((name) => `${name}: every node of Services has the label ${excludedFromLoadBalancers}`)
        .join(', '),
    ],
    ['follow a person where every node has it', [asked(labelled(n1))], 'n1'],
  ])('%s with Services', (_, nodes, expected) => {
    expect(handOver({ nodes }, 'services')).toBe(expected);
  });
});

describe('a template without some nodes', () => {
  it.each(['control-plane', 'services'] as const)('of %s says so in each of its terms', (kind) => {
    const without = withoutNodes(marked(kind), ['n1', 'n3']);
    expect(leftOutIn(without)).toEqual(['n1', 'n3']);
    const terms = termsOf(without);
    expect(terms.map(({ matchFields = [] }) => matchFields.map(({ values }) => values))).toEqual(
      terms.map(() => [['n1'], ['n3']]),
    );
    expect(without.metadata).toEqual(marked(kind).metadata);
    expect(markOf(without)).toBe(markOf(marked(kind)));
  });

  it('is the template itself where none is left out', () => {
    const object = marked('services');
    expect(withoutNodes(object, [])).toBe(object);
    expect(leftOutIn(object)).toEqual([]);
  });
});
