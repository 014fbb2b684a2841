// A request is not a grant: on a Service of a class that is ours by name only the operator grants addresses, only kube-vip
// publishes them, and of kube-vip's annotations those count that the table allows. No KubeVipConfig is needed for that.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { serviceAnnotationRows } from '../../../src/catalog/service-annotations.ts';
import { startFence, type Fence, type Row } from './fence.ts';
import { expectOpen, judges } from './judges.ts';
import { accounts, annotates, changes, makes, ofClass, publishes } from './services.ts';

jest.setTimeout(100_000);

const policy = 'service-requests.kubevip.dev';
const ips = 'kube-vip.io/loadbalancerIPs';
const foreign = ofClass('example.org/other');

const granted = (name: string, found: string) =>
  `Service default/${name}: annotation ${ips}: expected it as the operator wrote it, found ${found}; use kubevip.dev/addresses: ADDRESS[,ADDRESS] instead`;
const inSpec = (name: string, found: string) =>
  `Service default/${name}: spec.loadBalancerIP: expected none, found ${found}; use the annotation kubevip.dev/addresses: ADDRESS[,ADDRESS] instead`;
const inStatus = (name: string, by = 'some-controller') =>
  `Service default/${name}: status.loadBalancer.ingress: expected to be written by ServiceAccount kube-vip-services only, found UPDATE by ${by}; keep that controller off class kubevip.dev/edge`;
const annotated = (key: string, found: string, name = 'web') =>
  `Service default/${name}: annotation ${key}: expected none, found ${found}, which a Service of class kubevip.dev/edge may not tell kube-vip; remove it`;

/** Each was admitted before, bound, announced, and captured by every kube-proxy. */
const coveted = [
  '203.0.113.1',
  '203.0.113.11',
  '198.51.100.1',
  '169.254.169.254',
  '127.0.0.1',
  '224.0.0.1',
  'ff02::1',
  '203.0.113.255',
  '0.0.0.0',
  'web.example.org',
];

const rows: readonly Row[] = [
  ...coveted.map((ip): Row => [
    `${ip} by itself`,
    makes('web', { annotations: { [ips]: ip } }),
    granted('web', ip),
  ]),
  ['an empty grant', makes('web', { annotations: { [ips]: '' } }), granted('web', '')],
  [
    'an address the way it is asked for',
    makes('web', { annotations: { 'kubevip.dev/addresses': '203.0.113.70' } }),
    'allowed',
  ],
  ['nothing', makes('web'), 'allowed'],
  [
    'an address for another class',
    makes('web', { annotations: { [ips]: '192.0.2.7' }, spec: foreign }),
    'allowed',
  ],
  [
    'spec.loadBalancerIP',
    makes('web', { spec: { ...ofClass('kubevip.dev/edge'), loadBalancerIP: '192.0.2.7' } }),
    inSpec('web', '192.0.2.7'),
  ],
  [
    'spec.loadBalancerIP later',
    changes('granted', { spec: { loadBalancerIP: '192.0.2.7' } }),
    inSpec('granted', '192.0.2.7'),
  ],
  ['an address later', annotates('plain', { [ips]: '192.0.2.7' }), granted('plain', '192.0.2.7')],
  [
    'an address later, beside the status',
    changes('plain/status', { metadata: { annotations: { [ips]: '192.0.2.7' } } }, 'some-controller'),
    granted('plain', '192.0.2.7'),
  ],
  [
    'another address than it was granted',
    annotates('granted', { [ips]: '192.0.2.8' }),
    granted('granted', '192.0.2.8'),
  ],
  [
    'one more address than it was granted',
    annotates('granted', { [ips]: '192.0.2.50,192.0.2.8' }),
    granted('granted', '192.0.2.50,192.0.2.8'),
  ],
  ['that the grant goes', annotates('granted', { [ips]: null }), granted('granted', 'none')],
  [
    'an address while it was no load balancer',
    changes('port', { spec: ofClass('kubevip.dev/edge') }),
    granted('port', '192.0.2.9'),
  ],
  ['a long text', makes('web', { annotations: { [ips]: 'w'.repeat(200) } }), granted('web', 'w'.repeat(64))],
  [
    'a label, with the grant as it is',
    changes('granted', { metadata: { labels: { team: 'blue' } } }),
    'allowed',
  ],
  [
    'another port, with the grant as it is',
    changes('granted', { spec: { ports: [{ port: 81 }] } }),
    'allowed',
  ],
  ['to be deleted', { method: 'DELETE', path: '/api/v1/namespaces/default/services/granted' }, 'allowed'],
  [
    'to be no load balancer any more',
    changes('granted', { spec: { type: 'ClusterIP', loadBalancerClass: null } }),
    'allowed',
  ],
  ['a grant, by the operator', annotates('plain', { [ips]: '203.0.113.70' }, accounts.operator), 'allowed'],
  ['that a grant goes, by the operator', annotates('granted', { [ips]: null }, accounts.operator), 'allowed'],
  ['a status, by kube-vip', publishes('granted', ['192.0.2.50'], accounts.kubeVip), 'allowed'],
  ['a status, by another controller', publishes('granted', ['192.0.2.7']), inStatus('granted')],
  [
    'a status, by a person who may do everything',
    publishes('granted', ['203.0.113.11'], 'jane'),
    inStatus('granted', 'jane'),
  ],
  ['that its status goes, by another controller', publishes('published', []), inStatus('published')],
  ['its status as it is, by another controller', publishes('published', ['192.0.2.10']), 'allowed'],
  ['a status of another class, by another controller', publishes('foreign', ['192.0.2.7']), 'allowed'],
  [
    'an annotation that no release knows',
    makes('web', { annotations: { 'kube-vip.io/new': 'x' } }),
    annotated('kube-vip.io/new', 'x'),
  ],
  [
    'an annotation of somebody else',
    makes('web', { annotations: { 'example.org/kube-vip.io': 'x' } }),
    'allowed',
  ],
  [
    'an annotation beside the status',
    changes(
      'plain/status',
      { metadata: { annotations: { 'kube-vip.io/serviceInterface': 'lo' } } },
      'some-controller',
    ),
    annotated('kube-vip.io/serviceInterface', 'lo', 'plain'),
  ],
];

const ofTable: readonly Row[] = serviceAnnotationRows
  .filter(({ key }) => key !== ips)
  .flatMap(({ key, writers, isSwitch }): readonly Row[] => [
    [
      `${key} at its creation`,
      makes('web', { annotations: { [key]: 'eth1' } }),
      writers === 'anyone' ? 'allowed' : annotated(key, 'eth1'),
    ],
    [
      `${key} later`,
      annotates('plain', { [key]: 'eth1' }),
      writers === 'anyone' ? 'allowed' : annotated(key, 'eth1', 'plain'),
    ],
    [
      `${key} switched off`,
      makes('web', { annotations: { [key]: 'false' } }),
      isSwitch || writers === 'anyone' ? 'allowed' : annotated(key, 'false'),
    ],
    [`${key} for another class`, makes('web', { annotations: { [key]: 'eth1' }, spec: foreign }), 'allowed'],
  ]);

const probe = makes('probe', { annotations: { [ips]: '192.0.2.1' } });
let fence: Fence;

beforeAll(async () => {
  // Which keeps a Service with an address a load balancer.
  fence = await startFence({ open: ['service-grants.kubevip.dev'] });
  await fence.must(makes('plain'));
  await fence.must(makes('granted'));
  await fence.must(makes('published'));
  await fence.must(makes('foreign', { spec: foreign }));
  await fence.must(makes('port', { annotations: { [ips]: '192.0.2.9' }, spec: { type: 'NodePort' } }));
  await fence.inForce(policy, probe);
  await fence.must(annotates('granted', { [ips]: '192.0.2.50' }, accounts.operator));
  await fence.must(annotates('published', { [ips]: '192.0.2.10' }, accounts.operator));
  await fence.must(publishes('published', ['192.0.2.10'], accounts.kubeVip));
}, 90_000);

afterAll(() => fence?.stop());

describe('a Service of ours that asks for', () => {
  judges(() => fence, rows);
});

describe('the annotation', () => {
  judges(() => fence, ofTable);
});

it('hears every complaint at once', async () => {
  const said = await fence.ask(
    makes('web', {
      annotations: { [ips]: '192.0.2.7', 'kube-vip.io/serviceInterface': 'lo' },
      spec: { ...ofClass('kubevip.dev/edge'), loadBalancerIP: '192.0.2.8' },
    }),
  );
  const [first, ...rest] = [
    granted('web', '192.0.2.7'),
    inSpec('web', '192.0.2.8'),
    annotated('kube-vip.io/serviceInterface', 'lo'),
  ];
  expect(said).toBe([first, ...rest.map((text) => text.replace('Service default/web: ', ''))].join('; '));
});

describe('without the fence', () => {
  it('every refused write is allowed', async () => {
    await expectOpen(fence, policy, probe, [...rows, ...ofTable]);
  });

  describe('a Service that was there before', () => {
    const everything = Object.fromEntries(
      serviceAnnotationRows.map(({ key }) => [key, key === ips ? '192.0.2.60' : 'eth1']),
    );

    beforeAll(async () => {
      await fence.must(
        makes('old', {
          annotations: everything,
          spec: { ...ofClass('kubevip.dev/edge'), loadBalancerIP: '192.0.2.60' },
        }),
      );
      await fence.must(publishes('old', ['192.0.2.60']));
      await fence.close(policy, probe);
    });

    judges(
      () => fence,
      [
        ['keeps what it has', changes('old', { metadata: { labels: { team: 'blue' } } }), 'allowed'],
        ['can have its status written again', publishes('old', ['192.0.2.60']), 'allowed'],
        ['can lose spec.loadBalancerIP', changes('old', { spec: { loadBalancerIP: null } }), 'allowed'],
        ['can lose an annotation', annotates('old', { 'kube-vip.io/serviceInterface': null }), 'allowed'],
        [
          'cannot change one',
          annotates('old', { 'kube-vip.io/serviceInterface': 'lo' }),
          annotated('kube-vip.io/serviceInterface', 'lo', 'old'),
        ],
        [
          'can be marked by kube-vip',
          annotates('old', { 'kube-vip.io/vipHost': 'n1' }, accounts.kubeVip),
          'allowed',
        ],
      ],
    );
  });
});
