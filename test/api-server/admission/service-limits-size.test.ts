// What others write into a load balancer with a class leaves etcd room for what kube-vip writes: one Service of 1.5 MiB kept
// the addresses of all others off every node when another kube-vip began to lead (lab run, v1.1.2).
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
  somePorts,
  type ServiceParts,
} from './services.ts';

jest.setTimeout(100_000);

const policy = 'service-limits.kubevip.dev';
const foreign = ofClass('example.org/other');
const { kubeVip, operator } = accounts;

const tooMuch = (field: string, found: string, name = 'web') =>
  `Service default/${name}: ${field}: expected at most 256 entries and 20000 bytes in all, found ${found}; kube-vip needs the rest, so remove what this Service does not need`;
const tooLong = (field: string) =>
  `Service default/web: ${field}: expected at most 256 characters, found 257; write only what this Service needs`;
const tooManaged = (found: string, name = 'plain') =>
  `Service default/${name}: metadata.managedFields: expected at most 256 entries and 200000 bytes of keys, found ${found}; kube-vip needs the rest, so write metadata.managedFields: [{}]`;

const tooManyKeys =
  '; metadata.managedFields: expected at most 256 entries and 200000 bytes of keys, found more bytes; kube-vip needs the rest, so write metadata.managedFields: [{}]';

const several = (count: number, length: number, value = ''): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`.padEnd(length, 'x'), value]));
const texts = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n));

interface Rest {
  readonly labels?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly object[];
}

/** A Service with more metadata than tests need elsewhere. */
function withRest(rest: Rest, parts: ServiceParts = {}) {
  const write = makes('web', parts);
  const body = write.body as { metadata: object };
  return { ...write, body: { ...body, metadata: { ...body.metadata, ...rest } } };
}

/** The same write of a Service with another name. */
function named(name: string, write: ReturnType<typeof withRest>) {
  return { ...write, body: { ...write.body, metadata: { ...write.body.metadata, name } } };
}

const owner = (n: number) => ({ apiVersion: 'v1', kind: 'ConfigMap', name: `n${n}`, uid: `u${n}` });
const condition = (n: number, message = '') => ({
  type: `T${n}`,
  status: 'True',
  reason: 'R',
  message,
  lastTransitionTime: '2026-11-24T11:00:00Z',
});
const conditions = (rows: readonly object[]) => changes('plain/status', { status: { conditions: rows } });

const managed = (fieldsV1: object, count = 1, name = 'plain') =>
  changes(name, {
    metadata: {
      managedFields: texts(count, (n) => `m${n}`).map((manager) => ({
        manager,
        operation: 'Apply',
        apiVersion: 'v1',
        time: '2026-11-24T11:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1,
      })),
    },
  });
const long = `f:${'x'.repeat(210_000)}`;

const rows: readonly Row[] = [
  ['256 labels', withRest({ labels: several(256, 63) }), 'allowed'],
  ['257 labels', withRest({ labels: several(257, 10) }), tooMuch('metadata.labels', '257 entries')],
  [
    '20,034 bytes of labels',
    withRest({ labels: several(159, 63, 'v'.repeat(63)) }),
    tooMuch('metadata.labels', '20034 bytes'),
  ],
  [
    '10,000 labels',
    withRest({ labels: several(10_000, 63) }),
    tooMuch('metadata.labels', '10000 entries') + tooManyKeys,
  ],
  [
    '10,000 labels in another class, which a KubeVipConfig may have',
    withRest({ labels: several(10_000, 63) }, { spec: foreign }),
    tooMuch('metadata.labels', '10000 entries') + tooManyKeys,
  ],
  [
    '10,000 labels and no class',
    withRest({ labels: several(10_000, 63) }, { spec: { type: 'LoadBalancer' } }),
    'allowed',
  ],
  [
    'a selector of 10,000 labels',
    makes('web', { spec: { ...foreign, selector: several(10_000, 63) } }),
    tooMuch('spec.selector', '10000 entries'),
  ],
  [
    '257 finalizers',
    withRest({ finalizers: texts(257, (n) => `example.org/${n}`) }),
    tooMuch('metadata.finalizers', '257 entries'),
  ],
  [
    '257 owners',
    withRest({ ownerReferences: texts(257, String).map((_, n) => owner(n)) }),
    tooMuch('metadata.ownerReferences', '257 entries'),
  ],
  [
    'an owner with a long name',
    withRest({ ownerReferences: [{ ...owner(1), name: 'x'.repeat(900_000) }] }),
    tooMuch('metadata.ownerReferences', '900013 bytes'),
  ],
  [
    '257 source ranges',
    makes('web', {
      spec: {
        ...foreign,
        loadBalancerSourceRanges: texts(257, (n) => `10.0.${n % 250}.0/${24 + (n > 249 ? 1 : 0)}`),
      },
    }),
    tooMuch('spec.loadBalancerSourceRanges', '257 entries'),
  ],
  [
    'one long condition',
    conditions([condition(1, 'x'.repeat(20_000))]),
    tooMuch('status.conditions', '20003 bytes', 'plain'),
  ],
  [
    '257 conditions',
    conditions(texts(257, String).map((_, n) => condition(n))),
    tooMuch('status.conditions', '257 entries', 'plain'),
  ],
  [
    'a long name for another type',
    makes('web', { spec: { ...foreign, externalName: 'x'.repeat(257) } }),
    tooLong('spec.externalName'),
  ],
  ['256 managers', managed({ 'f:metadata': { 'f:labels': { 'f:a': {} } } }, 256), 'allowed'],
  ['257 managers', managed({ 'f:metadata': { 'f:labels': { 'f:a': {} } } }, 257), tooManaged('257 entries')],
  ['a manager of a long field', managed({ [long]: {} }), tooManaged('more bytes')],
  [
    'a manager of a long field of metadata',
    managed({ 'f:metadata': { [long]: {} } }),
    tooManaged('more bytes'),
  ],
  [
    'a manager of a long label',
    managed({ 'f:metadata': { 'f:labels': { [long]: {} } } }),
    tooManaged('more bytes'),
  ],
  [
    'a manager of a long field of a port',
    managed({ 'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { [long]: {} } } } }),
    tooManaged('more bytes'),
  ],
  [
    'a manager of what lies deeper than any field',
    managed({ 'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { 'f:a': { 'f:b': {} } } } } }),
    tooManaged('more bytes'),
  ],
];

const probe = withRest({ labels: several(257, 10) });
let fence: Fence;

beforeAll(async () => {
  fence = await startFence({ open: [policy] });
  await fence.must(makes('plain'));
  await fence.must(named('crowded', withRest({ labels: several(300, 10) })));
  await fence.close(policy, probe);
}, 90_000);

afterAll(() => fence?.stop());

describe('a Service with', () => {
  judges(() => fence, rows);
});

describe('a Service that was large before', () => {
  judges(
    () => fence,
    [
      ['can be annotated', annotates('crowded', { team: 'blue' }), 'allowed'],
      [
        'can lose a label of 300',
        changes('crowded', { metadata: { labels: { k0xxxxxxxx: null } } }),
        'allowed',
      ],
      [
        'cannot get another',
        changes('crowded', { metadata: { labels: { more: '' } } }),
        tooMuch('metadata.labels', '301 entries', 'crowded'),
      ],
      [
        'gets its node from kube-vip',
        annotates('crowded', { 'kube-vip.io/vipHost': 'n1' }, kubeVip),
        'allowed',
      ],
      ['gets its status from kube-vip', publishes('crowded', ['203.0.113.1'], kubeVip), 'allowed'],
      [
        'gets a grant',
        annotates('crowded', { 'kube-vip.io/loadbalancerIPs': '10.0.0.1' }, operator),
        'allowed',
      ],
    ],
  );
});

it('a Service as large as it may be has room for what kube-vip and the operator write', async () => {
  const many = several(158, 63, 'v'.repeat(63));
  const write = withRest(
    {
      labels: many,
      finalizers: texts(256, (n) => `example.org/${n}`.padEnd(75, 'x')),
      ownerReferences: [{ ...owner(1), name: 'x'.repeat(19_980) }],
    },
    {
      annotations: paddedTo(200_000),
      spec: { ...ofClass('kubevip.dev/edge'), selector: many, ports: somePorts(256) },
    },
  );
  await fence.must(named('wide', write));
  await fence.must(
    changes('wide/status', { status: { conditions: [condition(1, 'x'.repeat(19_990))] } }, 'tenant'),
  );
  await fence.must(
    managed({ 'f:metadata': { 'f:labels': { [`f:${'x'.repeat(199_900)}`]: {} } } }, 1, 'wide'),
  );
  await fence.must(annotates('wide', { 'kube-vip.io/loadbalancerIPs': '10.0.0.1' }, operator));
  await fence.must(annotates('wide', { 'kube-vip.io/vipHost': 'n1' }, kubeVip));
  expect(await fence.write(publishes('wide', ['10.0.0.1'], kubeVip))).toBe('allowed');
});

describe('without the fence', () => {
  it('every refused write is allowed', async () => {
    await expectOpen(fence, policy, probe, rows);
  });
});
