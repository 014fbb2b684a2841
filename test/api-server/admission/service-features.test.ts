// No Service of our class has externalTrafficPolicy Local, because one node holds every address of a class, and one that has
// published an address in a class of another name stays what it is.
import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import { specWith, written } from '../builders.ts';
import { paths } from '../cluster.ts';
import { startFence, type Fence, type Row } from './fence.ts';
import { expectOpen, judges } from './judges.ts';
import { accounts, annotates, changes, makes, ofClass, publishes, servicesPath } from './services.ts';

jest.setTimeout(100_000);

const policy = 'service-features.kubevip.dev';
const ips = 'kube-vip.io/loadbalancerIPs';
const ours = ofClass('kubevip.dev/edge');
const foreign = ofClass('example.org/other');
const adopted = ofClass('example.org/ours');
const noBalancer = { spec: { type: 'ClusterIP', loadBalancerClass: null } };
const local = { externalTrafficPolicy: 'Local' };

const dropped = (name: string) =>
  `Service default/${name}: spec.externalTrafficPolicy: expected Cluster, found Local, with which the one node that holds all addresses of class kubevip.dev/edge drops what it has no endpoint for; set it to Cluster`;

const leaves = (name: string, found: string) =>
  `Service default/${name}: spec.type: expected LoadBalancer of class example.org/ours as long as it publishes 192.0.2.60, found ${found}, with which kube-vip leaves the address on its node; delete the Service and make it anew`;

const leaving: readonly Row[] = [
  ['another type, with an address', changes('adopted', noBalancer), leaves('adopted', 'ClusterIP')],
  [
    'a NodePort, with an address',
    changes('adopted', { spec: { type: 'NodePort', loadBalancerClass: null } }),
    leaves('adopted', 'NodePort'),
  ],
  ['another type, without an address', changes('pending', noBalancer), 'allowed'],
  ['another type, in a class that is not ours', changes('foreign', noBalancer), 'allowed'],
  ['another port', changes('adopted', { spec: { ports: [{ port: 81 }] } }), 'allowed'],
  ['a deletion', { method: 'DELETE', path: `${servicesPath}/adopted` }, 'allowed'],
];

const rows: readonly Row[] = [
  ['nothing of the kind', makes('web'), 'allowed'],
  ['policy Cluster', makes('web', { spec: { ...ours, externalTrafficPolicy: 'Cluster' } }), 'allowed'],
  ['policy Local', makes('web', { spec: { ...ours, ...local } }), dropped('web')],
  ['policy Local for another class', makes('web', { spec: { ...foreign, ...local } }), 'allowed'],
  ['policy Local later', changes('plain', { spec: local }), dropped('plain')],
  ['policy Local while it was of no class', changes('port', { spec: ours }), dropped('port')],
  ['what kube-vip writes', annotates('plain', { 'kube-vip.io/vipHost': 'n1' }), 'allowed'],
];

const probe = makes('probe', { spec: { ...ours, ...local } });
let fence: Fence;

beforeAll(async () => {
  fence = await startFence();
  const configs = {
    edge: specWith({ services: {} }),
    own: specWith({
      controlPlane: { addresses: ['203.0.113.102'] },
      services: { loadBalancerClass: 'example.org/ours' },
    }),
    api: specWith({ controlPlane: { addresses: ['203.0.113.101'] } }),
  };
  for (const [name, spec] of Object.entries(configs)) {
    await fence.must({ method: 'POST', path: paths.configs, body: written(name, spec) });
  }
  await fence.must(makes('plain'));
  await fence.must(makes('adopted', { spec: adopted }));
  await fence.must(makes('pending', { spec: adopted }));
  await fence.must(makes('foreign', { spec: foreign }));
  await fence.must(publishes('foreign', ['192.0.2.61']));
  await fence.must(makes('port', { spec: { type: 'NodePort', ...local } }));
  await fence.inForce(policy, probe);
  await fence.must(annotates('adopted', { [ips]: '192.0.2.60' }, accounts.operator));
  await fence.must(publishes('adopted', ['192.0.2.60'], accounts.kubeVip));
  await fence.must(annotates('adopted', { [ips]: null }, accounts.operator));
}, 90_000);

afterAll(() => fence?.stop());

describe('a Service that asks for', () => {
  judges(() => fence, rows);
});

describe('a Service of a class of another name that asks for', () => {
  judges(() => fence, leaving);
});

describe('without the fence', () => {
  it('every refused write is allowed', async () => {
    await expectOpen(fence, policy, probe, [...rows, ...leaving]);
  });

  describe('a Service that was there before', () => {
    beforeAll(async () => {
      await fence.must(makes('old', { spec: { ...ours, ...local } }));
      await fence.close(policy, probe);
    });

    judges(
      () => fence,
      [
        ['can be labelled', changes('old', { metadata: { labels: { team: 'blue' } } }), 'allowed'],
        ['can get other ports', changes('old', { spec: { ports: [{ port: 81 }] } }), 'allowed'],
        ['can be marked by kube-vip', annotates('old', { 'kube-vip.io/vipHost': 'n1' }), 'allowed'],
        [
          'can go to policy Cluster',
          changes('old', { spec: { externalTrafficPolicy: 'Cluster' } }),
          'allowed',
        ],
        ['can be deleted', { method: 'DELETE', path: `${servicesPath}/old` }, 'allowed'],
      ],
    );
  });
});
