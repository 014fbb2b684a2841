import { describe, expect, it } from '@jest/globals';
import { nodesGroup, orphansGroup } from '../../src/witness/contract.ts';
import {
  addressesToAsk,
  mostAddresses,
  parseQuestions,
  questionsFor,
  type AddressFacts,
} from '../../src/witness/questions.ts';
import { daemonSet, kubeVipConfig } from '../builders.ts';
import { service } from '../cluster-builders.ts';
import { served } from './world.ts';

const edge = kubeVipConfig();
const core = kubeVipConfig({ name: 'core', spec: { controlPlane: { addresses: ['2001:db8::100'] } } });
const off = kubeVipConfig({ spec: { witness: 'Off' } });
const refused = kubeVipConfig({
  status: {
    conditions: [
      { type: 'Accepted', status: 'False', reason: 'ClaimConflict', message: '', lastTransitionTime: '' },
    ],
  },
});

type Row = readonly [what: string, facts: Partial<AddressFacts>, asked: readonly string[]];

const rows: readonly Row[] = [
  ['the address of a control plane', { configs: [edge] }, ['203.0.113.100 control edge-control-plane']],
  [
    'those of every config',
    { configs: [edge, core] },
    ['203.0.113.100 control edge-control-plane', '2001:db8::100 control core-control-plane'],
  ],
  [
    'nothing of a config without a witness',
    { configs: [off], services: [served('web', '203.0.113.64')] },
    [],
  ],
  ['nothing of a spec that is refused and never ran', { configs: [refused] }, []],
  [
    'what a refused config runs',
    { configs: [refused], daemonSets: [daemonSet()] },
    ['203.0.113.100 control edge-control-plane'],
  ],
  [
    'what still runs of a control plane that was taken out',
    { configs: [kubeVipConfig({ spec: { controlPlane: undefined } })], daemonSets: [daemonSet()] },
    ['203.0.113.100 control edge-control-plane'],
  ],
  [
    'the addresses of Services of its class',
    {
      configs: [kubeVipConfig({ spec: { controlPlane: undefined } })],
      services: [served('web', '203.0.113.64'), served('other', '203.0.113.65', 'example.org/other')],
    },
    ['203.0.113.64 kubevip.dev/edge edge-services'],
  ],
  [
    'what was granted and what is published, each once',
    {
      configs: [kubeVipConfig({ spec: { controlPlane: undefined } })],
      services: [
        service({
          loadBalancerClass: 'kubevip.dev/edge',
          annotations: { 'kube-vip.io/loadbalancerIPs': '203.0.113.64' },
          published: ['203.0.113.65'],
        }),
        served('shares', '203.0.113.64'),
      ],
    },
    ['203.0.113.64 kubevip.dev/edge edge-services', '203.0.113.65 kubevip.dev/edge edge-services'],
  ],
  [
    'an address of a control plane once, as that',
    { configs: [edge], services: [served('web', '203.0.113.100')] },
    ['203.0.113.100 control edge-control-plane'],
  ],
];

describe('addressesToAsk', () => {
  it.each(rows)('are %s', (_, facts, asked) => {
    const found = addressesToAsk({ configs: [], services: [], daemonSets: [], ...facts });
    expect(found.map((row) => `${row.address} ${row.loadBalancerClass ?? 'control'} ${row.lease}`)).toEqual(
      asked,
    );
  });
});

const subnets = ['203.0.113.0/24'];
const of = (address: string, loadBalancerClass?: string) => ({ address, loadBalancerClass, lease: 'x' });

describe('questionsFor', () => {
  it('sorts what is asked, so that the same is asked by the same text', () => {
    const asked = [
      of('203.0.113.9', 'b/b'),
      of('203.0.113.100'),
      of('203.0.113.8', 'b/b'),
      of('203.0.113.7', 'a/a'),
    ];
    const { questions, omitted } = questionsFor(subnets, asked, ['203.0.113.5']);
    expect(questions).toEqual({
      v: 1,
      revision: expect.stringMatching(/^[0-9a-f]{16}$/),
      subnets,
      control: [{ address: '203.0.113.100' }],
      groups: [
        { name: orphansGroup, addresses: ['203.0.113.5'] },
        { name: 'a/a', addresses: ['203.0.113.7'] },
        { name: 'b/b', addresses: ['203.0.113.8', '203.0.113.9'] },
      ],
    });
    expect(omitted).toBe(0);
    expect(questionsFor(subnets, asked.toReversed(), ['203.0.113.5']).questions).toEqual(questions);
  });

  it('has another revision when something else is asked', () => {
    const [one, other] = [[of('203.0.113.9')], [of('203.0.113.8')]].map(
      (asked) => questionsFor(subnets, asked, []).questions.revision,
    );
    expect(one).not.toBe(other);
  });

  it('asks for nodes last, and none where there is none to ask', () => {
    const groupsWith = (nodes: readonly string[]) =>
      questionsFor(subnets, [of('203.0.113.9', 'b/b')], [], nodes).questions.groups;
    expect(groupsWith(['203.0.113.12', '203.0.113.11']).slice(1)).toEqual([
      { name: nodesGroup, addresses: ['203.0.113.11', '203.0.113.12'] },
    ]);
    expect(groupsWith([])).toHaveLength(1);
  });

  it('leaves out what is too much, and no orphan', () => {
    const asked = Array.from({ length: mostAddresses + 5 }, (_, index) =>
      of(`10.0.${index >> 8}.${index & 255}`, 'a/a'),
    );
    const { questions, omitted } = questionsFor(subnets, asked, ['203.0.113.5']);
    expect(questions.groups.map(({ name, addresses }) => [name, addresses.length])).toEqual([
      [orphansGroup, 1],
      ['a/a', mostAddresses - 1],
    ]);
    expect(omitted).toBe(6);
    expect(JSON.stringify(questions).length).toBeLessThan(1_000_000);
  });
});

describe('parseQuestions', () => {
  it('reads the addresses of ours in what was written', () => {
    const { questions } = questionsFor(
      subnets,
      [of('203.0.113.9', 'b/b'), of('203.0.113.100')],
      ['203.0.113.5'],
      ['203.0.113.11'],
    );
    expect(parseQuestions(JSON.stringify(questions))).toEqual({
      subnets,
      addresses: ['203.0.113.100', '203.0.113.5', '203.0.113.9'],
    });
  });

  it.each(['', '{}', 'null', '{"v":1,"control":7}'])('takes %j for nothing', (text) => {
    expect(parseQuestions(text)).toBeUndefined();
  });
});
