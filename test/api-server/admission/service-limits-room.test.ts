// What others write into a load balancer with a class leaves kube-vip room for what it writes: a write that the API server
// refuses it tries 3,000 times, and all Services wait (updateStatus in pkg/services/services.go@v1.1.2).
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startFence, type Fence, type Row } from './fence.ts';
import { expectOpen, judges } from './judges.ts';
import {
  accounts,
  annotates,
  changes,
  makes,
  ofClass,
  paddedTo,
  publishes,
  someAnnotations,
  somePorts,
} from './services.ts';

jest.setTimeout(100_000);

const policy = 'service-limits.kubevip.dev';
const ips = 'kube-vip.io/loadbalancerIPs';
const host = 'kube-vip.io/vipHost';
const foreign = ofClass('example.org/other');
const capturing = { type: 'ClusterIP', externalIPs: ['10.0.0.1'] };
const { kubeVip, operator } = accounts;
const said = (sentence: string, name = 'web') => `Service default/${name}: ${sentence}`;
const tooManyNotes = (count: number, name = 'web') =>
  said(
    `metadata.annotations: expected at most 256, found ${count}; remove what this Service does not need`,
    name,
  );
const tooManyBytes = (count: number, name = 'web') =>
  said(
    `metadata.annotations: expected at most 200000 bytes in all, found ${count}; kube-vip needs the rest, so remove what this Service does not need`,
    name,
  );
const tooManyPorts = (count: number, name = 'web') =>
  said(`spec.ports: expected at most 256, found ${count}; make several Services of it`, name);

// What leaves kube-vip no room on a load balancer with a class.
const rows: readonly Row[] = [
  ['256 annotations', makes('web', { annotations: someAnnotations(256) }), 'allowed'],
  ['257 annotations', makes('web', { annotations: someAnnotations(257) }), tooManyNotes(257)],
  ['10,000 annotations', makes('web', { annotations: someAnnotations(10_000) }), tooManyNotes(10_000)],
  [
    '257 annotations in another class, which a KubeVipConfig may have',
    makes('web', { annotations: someAnnotations(257), spec: foreign }),
    tooManyNotes(257),
  ],
  [
    '257 annotations and no class',
    makes('web', { annotations: someAnnotations(257), spec: { type: 'LoadBalancer' } }),
    'allowed',
  ],
  ['200,000 bytes of annotations', makes('web', { annotations: paddedTo(200_000) }), 'allowed'],
  ['200,001 bytes of annotations', makes('web', { annotations: paddedTo(200_001) }), tooManyBytes(200_001)],
  [
    'all the bytes of annotations that the API server takes',
    makes('web', { annotations: paddedTo(262_144) }),
    tooManyBytes(262_144),
  ],
  [
    '200,001 bytes in 100,002 characters',
    makes('web', { annotations: { p: `${'é'.repeat(99_999)}xx` } }),
    tooManyBytes(200_001),
  ],
  ['256 ports', makes('web', { spec: { ...foreign, ports: somePorts(256) } }), 'allowed'],
  ['257 ports', makes('web', { spec: { ...foreign, ports: somePorts(257) } }), tooManyPorts(257)],
  [
    '257 ports and no class',
    makes('web', { spec: { type: 'LoadBalancer', ports: somePorts(257) } }),
    'allowed',
  ],
  // What has the address of a machine captures each of its ports there.
  [
    '256 ports and an external address',
    makes('web', { spec: { ...capturing, ports: somePorts(256) } }),
    'allowed',
  ],
  [
    '257 ports and an external address',
    makes('web', { spec: { ...capturing, ports: somePorts(257) } }),
    tooManyPorts(257),
  ],
  [
    'an external address for 300 ports later',
    changes('crowded', { spec: capturing }),
    tooManyPorts(300, 'crowded'),
  ],
  ['257 annotations later', annotates('plain', someAnnotations(257)), tooManyNotes(257, 'plain')],
  ['200,001 bytes later', annotates('plain', paddedTo(200_001)), tooManyBytes(200_001, 'plain')],
  ['257 ports later', changes('plain', { spec: { ports: somePorts(257) } }), tooManyPorts(257, 'plain')],
  [
    '257 annotations beside its status',
    changes('plain/status', { metadata: { annotations: someAnnotations(257) } }),
    tooManyNotes(257, 'plain'),
  ],
  [
    'what becomes a load balancer with too many annotations and ports',
    changes('crowded', { spec: foreign }),
    `${tooManyNotes(300, 'crowded')}; ${tooManyPorts(300, '').replace(/^.*?: /, '')}`,
  ],
];

const probe = makes('probe', { annotations: someAnnotations(257) });
let fence: Fence;

beforeAll(async () => {
  fence = await startFence({ open: [policy] });
  await fence.must(makes('plain'));
  // What is over the caps was stored before them.
  const annotations = someAnnotations(300);
  const ports = somePorts(300);
  await fence.must(makes('crowded', { annotations, spec: { type: 'ClusterIP', ports } }));
  await fence.must(makes('full', { annotations, spec: { ...ofClass('kubevip.dev/edge'), ports } }));
  await fence.must(makes('padded', { annotations: { ...paddedTo(250_000), q: 'x' } }));
  await fence.must(makes('many', { annotations: someAnnotations(5_000) }));
  await fence.must(makes('brim', { annotations: paddedTo(262_144) }));
  await fence.close(policy, probe);
}, 90_000);

afterAll(() => fence?.stop());

it('a Service that is full to the brim has no room for what kube-vip writes', async () => {
  expect(await fence.ask(annotates('brim', { [host]: 'n1' }, kubeVip))).toMatch(/^422 .*Too long/);
});

describe('a Service with', () => {
  judges(() => fence, rows);
});

describe('a Service that was full before', () => {
  judges(
    () => fence,
    [
      ['can be labelled', changes('full', { metadata: { labels: { team: 'blue' } } }), 'allowed'],
      ['can lose an annotation of 300', annotates('full', { n0: null }), 'allowed'],
      ['cannot have one changed', annotates('full', { n0: 'other' }), tooManyNotes(300, 'full')],
      ['cannot have one exchanged', annotates('full', { n0: null, other: 'x' }), tooManyNotes(300, 'full')],
      ['can lose a port of 300', changes('full', { spec: { ports: somePorts(299) } }), 'allowed'],
      ['cannot get another', changes('full', { spec: { ports: somePorts(301) } }), tooManyPorts(301, 'full')],
      ['can lose bytes', annotates('padded', { q: null }), 'allowed'],
      ['cannot get bytes', annotates('padded', { q: 'xx' }), tooManyBytes(250_003, 'padded')],
      ['can be labelled with 5,000', changes('many', { metadata: { labels: { team: 'blue' } } }), 'allowed'],
      ['can lose one of 5,000', annotates('many', { n0: null }), 'allowed'],
      ...['full', 'padded', 'many'].flatMap((name): readonly Row[] => [
        [`${name}: gets its node from kube-vip`, annotates(name, { [host]: 'n1' }, kubeVip), 'allowed'],
        [`${name}: gets its status from kube-vip`, publishes(name, ['203.0.113.1'], kubeVip), 'allowed'],
        [
          `${name}: gets a grant from the operator`,
          annotates(name, { [ips]: '10.0.0.1' }, operator),
          'allowed',
        ],
      ]),
    ],
  );
});

describe('without the fence', () => {
  it('every refused write is allowed', async () => {
    await expectOpen(fence, policy, probe, rows);
  });
});
