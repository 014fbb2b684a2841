// A Service with an address stays a load balancer of its class, because kube-vip leaves the address on its node otherwise, and
// nobody else writes a grant in the name of the operator.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { V1Service } from '@kubernetes/client-node';
import { refused, startFence, type Fence, type Row, type Write } from './fence.ts';
import { accounts, annotates, changes, makes, ofClass, publishes, servicesPath } from './services.ts';

jest.setTimeout(100_000);

const policy = 'service-grants.kubevip.dev';
const ips = 'kube-vip.io/loadbalancerIPs';
const foreign = ofClass('example.org/other');
const port: ReturnType<typeof ofClass> = { type: 'ClusterIP' };
const noBalancer = { spec: { type: 'ClusterIP', loadBalancerClass: null } };

const leaves = (name: string, found: string, has = '192.0.2.50', of = 'kubevip.dev/edge') =>
  `Service default/${name}: spec.type: expected LoadBalancer of class ${of} as long as it has ${has}, found ${found}, with which kube-vip leaves the address on its node; delete the Service and make it anew`;
const inName = (name: string, by: string, operation = 'UPDATE') =>
  `Service default/${name}: metadata.managedFields: expected annotation ${ips} in the name of kube-vip-operator from the operator only, found ${operation} by ${by}; choose another field manager`;

/** The same write, in the name of the operator. */
const asManager = (write: Write): Write => ({
  ...write,
  path: `${write.path}?fieldManager=kube-vip-operator`,
});
const applies = (name: string, object: object, as: string): Write => ({
  method: 'PATCH',
  path: `${servicesPath}/${name}?fieldManager=kube-vip-operator&force=true`,
  body: { apiVersion: 'v1', kind: 'Service', metadata: { name }, ...object },
  type: 'apply',
  as,
});
const squats = makes('web', { annotations: { [ips]: '192.0.2.7' }, spec: port });
const managedFields = [
  {
    manager: 'kube-vip-operator',
    operation: 'Update',
    apiVersion: 'v1',
    time: '2026-11-24T11:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:metadata': { 'f:annotations': { [`f:${ips}`]: {} } } },
  },
];
const withFields = { metadata: { managedFields } };

const rows: readonly Row[] = [
  ['no load balancer, with a grant', changes('granted', noBalancer), leaves('granted', 'ClusterIP')],
  [
    'no load balancer, by a person who may do everything',
    changes('granted', noBalancer, 'jane'),
    leaves('granted', 'ClusterIP'),
  ],
  [
    'a NodePort',
    changes('granted', { spec: { type: 'NodePort', loadBalancerClass: null } }),
    leaves('granted', 'NodePort'),
  ],
  [
    'no load balancer, with a status and without a grant',
    changes('published', noBalancer),
    leaves('published', 'ClusterIP', '192.0.2.10'),
  ],
  [
    'no load balancer, in the same write as its grant goes, in a class of another name',
    changes('classed', { ...noBalancer, metadata: { annotations: { [ips]: null } } }),
    leaves('classed', 'ClusterIP', '192.0.2.51', 'example.org/ours'),
  ],
  ['no load balancer, with nothing', changes('plain', noBalancer), 'allowed'],
  ['no load balancer, of another class', changes('foreign', noBalancer), 'allowed'],
  ['what it is, with another port', changes('granted', { spec: { ports: [{ port: 81 }] } }), 'allowed'],
  ['deleted', { method: 'DELETE', path: `${servicesPath}/granted` }, 'allowed'],
];

const names: readonly Row[] = [
  ['no load balancer with an address, in a name of its own', { ...squats, as: 'tenant' }, 'allowed'],
  [
    'no load balancer with an address',
    asManager({ ...squats, as: 'tenant' }),
    inName('web', 'tenant', 'CREATE'),
  ],
  [
    'another class with an address',
    asManager({ ...makes('web', { annotations: { [ips]: '192.0.2.7' }, spec: foreign }), as: 'tenant' }),
    inName('web', 'tenant', 'CREATE'),
  ],
  [
    'an address later',
    asManager(annotates('port', { [ips]: '192.0.2.7' }, 'tenant')),
    inName('port', 'tenant'),
  ],
  [
    'an address by server-side apply',
    applies('port', { metadata: { name: 'port', annotations: { [ips]: '192.0.2.7' } } }, 'tenant'),
    inName('port', 'tenant'),
  ],
  ['the owner of what is there', changes('squatter', withFields, 'tenant'), inName('squatter', 'tenant')],
  [
    'nothing, and nor has the operator',
    changes('granted', { metadata: { managedFields: [{}] } }, 'tenant'),
    'Service default/granted: metadata.managedFields: expected kube-vip-operator to stay the manager of annotation kube-vip.io/loadbalancerIPs, found UPDATE by tenant without it; leave that entry as it is',
  ],
  [
    'the same, and nobody minds where the operator wrote nothing',
    changes('squatter', { metadata: { managedFields: [{}] } }, 'tenant'),
    'allowed',
  ],
  [
    'an address, beside the status',
    asManager(changes('port/status', { metadata: { annotations: { [ips]: '192.0.2.7' } } }, 'tenant')),
    inName('port', 'tenant'),
  ],
  [
    'something else',
    asManager(changes('port', { metadata: { labels: { team: 'blue' } } }, 'tenant')),
    'allowed',
  ],
  ['a label, beside a grant', changes('granted', { metadata: { labels: { team: 'blue' } } }), 'allowed'],
  [
    'a grant, by the operator',
    asManager(annotates('plain', { [ips]: '192.0.2.8' }, accounts.operator)),
    'allowed',
  ],
];

const probe = asManager({ ...squats, as: 'tenant' });
let fence: Fence;

beforeAll(async () => {
  fence = await startFence();
  await fence.must(makes('plain'));
  await fence.must(makes('granted'));
  await fence.must(makes('published'));
  await fence.must(makes('classed', { spec: ofClass('example.org/ours') }));
  await fence.must(makes('foreign', { annotations: { [ips]: '192.0.2.6' }, spec: foreign }));
  await fence.must(makes('port', { spec: port }));
  await fence.must(makes('squatter', { annotations: { [ips]: '192.0.2.7' }, spec: port }));
  await fence.inForce(policy, probe);
  await fence.must(asManager(annotates('granted', { [ips]: '192.0.2.50' }, accounts.operator)));
  await fence.must(asManager(annotates('classed', { [ips]: '192.0.2.51' }, accounts.operator)));
  await fence.must(asManager(annotates('published', { [ips]: '192.0.2.10' }, accounts.operator)));
  await fence.must(publishes('published', ['192.0.2.10'], accounts.kubeVip));
  await fence.must(asManager(annotates('published', { [ips]: null }, accounts.operator)));
}, 90_000);

afterAll(() => fence?.stop());

describe('a Service becomes', () => {
  it.each(rows)('%s', async (_, write, sentence) => {
    expect(await fence.ask(write)).toBe(sentence);
  });
});

describe('in the name of the operator a tenant writes', () => {
  it.each(names)('%s', async (_, write, sentence) => {
    expect(await fence.ask(write)).toBe(sentence);
  });
});

it('who makes a Service is its first manager, whatever the list says', async () => {
  const { body } = makes('listed', { annotations: { [ips]: '192.0.2.7' }, spec: port });
  const { metadata, ...rest } = body as { metadata: object };
  const write = { ...squats, body: { ...rest, metadata: { ...metadata, managedFields } }, as: 'tenant' };
  await fence.must(write);
  const made = await fence.admin.expect<V1Service>({ method: 'GET', path: `${servicesPath}/listed` });
  expect(made.metadata?.managedFields?.map(({ manager }) => manager)).not.toContain('kube-vip-operator');
});

it.each([
  'system:kube-controller-manager',
  'system:serviceaccount:kube-system:generic-garbage-collector',
  'system:serviceaccount:kube-system:namespace-controller',
])('%s is never asked', async (as) => {
  const groups = ['system:masters'];
  expect(await fence.ask({ ...changes('granted', noBalancer, as), groups })).toBe('allowed');
});

it('kube-vip publishes beside a grant', async () => {
  expect(await fence.ask(publishes('granted', ['192.0.2.50'], accounts.kubeVip))).toBe('allowed');
});

it('hears both complaints at once', async () => {
  const write = changes('granted', { ...noBalancer, metadata: { annotations: { [ips]: '192.0.2.9' } } });
  expect(await fence.ask(asManager(write))).toContain(
    `${leaves('granted', 'ClusterIP')}; metadata.managedFields: `,
  );
});

describe('without the fence', () => {
  it('every refused write is allowed', async () => {
    await fence.open(policy, probe);
    for (const [, write] of refused([...rows, ...names])) {
      expect(await fence.ask(write)).toBe('allowed');
    }
    await fence.must(changes('granted', noBalancer));
    await fence.close(policy, probe);
  });

  it.each<Row>([
    ['can be labelled', changes('granted', { metadata: { labels: { team: 'blue' } } }), 'allowed'],
    ['can lose its grant', annotates('granted', { [ips]: null }), 'allowed'],
    ['can be deleted', { method: 'DELETE', path: `${servicesPath}/granted` }, 'allowed'],
    [
      'can become one again, and ask anew',
      changes('granted', {
        metadata: { annotations: { [ips]: null, 'kubevip.dev/addresses': '192.0.2.50' } },
        spec: ofClass('kubevip.dev/edge'),
      }),
      'allowed',
    ],
    [
      'can become one of another class, and ask anew',
      changes('granted', {
        metadata: { annotations: { [ips]: null } },
        spec: ofClass('kubevip.dev/blue'),
      }),
      'allowed',
    ],
    [
      'cannot get another in the name of the operator',
      asManager(annotates('granted', { [ips]: '192.0.2.8' }, 'tenant')),
      inName('granted', 'tenant'),
    ],
  ])('a Service that was a load balancer %s', async (_, write, sentence) => {
    expect(await fence.ask(write)).toBe(sentence);
  });
});
