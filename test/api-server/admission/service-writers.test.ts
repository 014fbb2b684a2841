// The operator and kube-vip change of a Service what is theirs. What kube-vip writes is tested for every release that may be
// chosen for Services: each write as its source makes it, under its account.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { writtenByKubeVip } from '../../../src/catalog/service-annotations.ts';
import { choosable, mayBeUsed } from '../../../src/catalog/verdicts.ts';
import { startFence, type Fence, type Row, type Write } from './fence.ts';
import { expectOpen, judges } from './judges.ts';
import { accounts, annotates, changes, makes, ofClass, publishes, servicesPath } from './services.ts';

jest.setTimeout(100_000);

const policy = 'service-writers.kubevip.dev';
const ips = 'kube-vip.io/loadbalancerIPs';
const { operator, kubeVip } = accounts;

const whose = (name: string, what: string, found: string) =>
  `Service default/${name}: expected ${what} of a load balancer with a class only, found ${found}; whoever has the token of that account is not kube-vip or its operator`;
const operators = (found: string, name = 'web') =>
  whose(name, `the operator to change annotations ${ips} and kubevip.dev/assigned`, found);
const kubeVips = (found: string, name = 'web') =>
  whose(name, 'kube-vip to change its own annotations and status.loadBalancer', found);

const labelled = (as: string) => changes('web', { metadata: { labels: { team: 'blue' } } }, as);
const finalized = (as: string) => changes('web', { metadata: { finalizers: ['example.org/x'] } }, as);
const owners = [{ apiVersion: 'v1', kind: 'Node', name: 'n1', uid: 'n1' }];
const owned = (as: string) => changes('web', { metadata: { ownerReferences: owners } }, as);
const conditioned = (as: string) =>
  changes(
    'web/status',
    {
      status: {
        conditions: [
          { type: 'X', status: 'True', reason: 'X', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
        ],
      },
    },
    as,
  );
const removes = (as: string): Write => ({ method: 'DELETE', path: `${servicesPath}/web`, as });
const creates = (as: string): Write => ({ ...makes('new'), as });

const attempts: readonly (readonly [
  what: string,
  write: (as: string) => Write,
  found: string,
  name?: string,
])[] = [
  ['a port', (as) => changes('web', { spec: { ports: [{ port: 81 }] } }, as), 'spec'],
  ['external IPs', (as) => changes('web', { spec: { externalIPs: ['192.0.2.1'] } }, as), 'spec'],
  ['a selector', (as) => changes('web', { spec: { selector: { app: 'x' } } }, as), 'spec'],
  ['a label', labelled, 'metadata.labels'],
  ['a finalizer', finalized, 'metadata.finalizers'],
  ['an owner', owned, 'metadata.ownerReferences'],
  ['a condition', conditioned, 'status.conditions'],
  [
    'an annotation of others',
    (as) => annotates('web', { 'example.org/x': 'y' }, as),
    'annotation example.org/x',
  ],
  [
    'that an annotation of others goes',
    (as) => annotates('web', { 'example.org/kept': null }, as),
    'annotation example.org/kept',
  ],
  [
    'what a person asks for',
    (as) => annotates('web', { 'kubevip.dev/addresses': '192.0.2.1' }, as),
    'annotation kubevip.dev/addresses',
  ],
  ['a deletion', removes, 'a deletion'],
  ['a creation', creates, 'a creation', 'new'],
];

const rows: readonly Row[] = [
  [
    'the operator grants what it chose',
    annotates('web', { [ips]: '192.0.2.1', 'kubevip.dev/assigned': 'main' }, operator),
    'allowed',
  ],
  ['the operator grants', annotates('web', { [ips]: '192.0.2.1' }, operator), 'allowed'],
  ['the operator takes a grant back', annotates('web', { [ips]: null }, operator), 'allowed'],
  [
    'the operator grants beside the status',
    changes('web/status', { metadata: { annotations: { [ips]: '192.0.2.1' } } }, operator),
    'allowed',
  ],
  ['kube-vip publishes', publishes('web', ['192.0.2.7'], kubeVip), 'allowed'],
  ['kube-vip publishes nothing', publishes('web', [], kubeVip), 'allowed'],
  ['somebody else writes what they may', labelled('jane'), 'allowed'],
  ...attempts.flatMap(([what, write, found, name]): readonly Row[] => [
    [`the operator: ${what}`, write(operator), operators(found, name)],
    [`kube-vip: ${what}`, write(kubeVip), kubeVips(found, name)],
  ]),
  [
    'the operator publishes',
    publishes('foreign', ['192.0.2.7'], operator),
    operators('status.loadBalancer', 'foreign'),
  ],
  [
    'the operator marks the holder',
    annotates('foreign', { 'kube-vip.io/vipHost': 'n1' }, operator),
    operators('annotation kube-vip.io/vipHost', 'foreign'),
  ],
  [
    'kube-vip grants',
    annotates('foreign', { [ips]: '192.0.2.1' }, kubeVip),
    kubeVips(`annotation ${ips}`, 'foreign'),
  ],
  [
    'the operator at a Service without a class',
    annotates('inner', { [ips]: '192.0.2.1' }, operator),
    operators('a Service without a class', 'inner'),
  ],
  [
    'kube-vip at a Service without a class',
    annotates('inner', { 'kube-vip.io/vipHost': 'n1' }, kubeVip),
    kubeVips('a Service without a class', 'inner'),
  ],
];

interface Stored {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly status: object;
}

const probe = labelled(operator);
let fence: Fence;

beforeAll(async () => {
  fence = await startFence();
  await fence.must(makes('web', { annotations: { 'example.org/kept': 'x' } }));
  await fence.must(makes('foreign', { spec: ofClass('example.org/other') }));
  await fence.must(makes('inner', { spec: { type: 'ClusterIP' } }));
  await fence.inForce(policy, probe);
  await fence.must(annotates('web', { [ips]: '192.0.2.7' }, operator));
}, 90_000);

afterAll(() => fence?.stop());

describe('an account of ours', () => {
  judges(() => fence, rows);
});

// updateStatus in pkg/manager/services.go@v0.6.4 to @v0.9.2 and pkg/services/services.go@v1.0.0 to @v1.1.2: it reads the
// Service, writes all of it with its annotations, and then all of it with its status.
describe('a fail-over of kube-vip', () => {
  const releases = choosable
    .filter(({ version }) => mayBeUsed(version, 'services'))
    .map(({ version }) => version);

  const put = (path: string, body: unknown): Write => ({ method: 'PUT', path, body, as: kubeVip });

  it.each(releases)(
    '%s writes as a whole what it read, with its own annotations, and the status',
    async (version) => {
      const path = `${servicesPath}/web`;
      const read = () => fence.admin.expect<Stored>({ method: 'GET', path });
      const before = await read();
      const own = Object.fromEntries(writtenByKubeVip.map((key) => [key, `${version}-n2`]));
      const annotations = { ...before.metadata.annotations, ...own };
      expect(await fence.write(put(path, { ...before, metadata: { ...before.metadata, annotations } }))).toBe(
        'allowed',
      );
      const marked = await read();
      const ingress = [{ ip: '192.0.2.7', ports: [{ port: 80, protocol: 'TCP' }] }];
      const status = { ...marked.status, loadBalancer: { ingress } };
      expect(await fence.write(put(`${path}/status`, { ...marked, status }))).toBe('allowed');
    },
  );
});

describe('without the fence', () => {
  it('every refused write is allowed', async () => {
    await expectOpen(fence, policy, probe, rows);
  });
});
