// No Service of our class asks for what a KubeVipConfig does not offer: egress, an election of its own, policy Local, …
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { V1Service } from '@kubernetes/client-node';
import { specWith, written } from '../builders.ts';
import { paths } from '../cluster.ts';
import { refused, startFence, type Fence, type Row, type Write } from './fence.ts';

jest.setTimeout(100_000);

const policy = 'service-features.kubevip.dev';
const path = '/api/v1/namespaces/default/services';
type Annotations = Readonly<Record<string, string | null>>;

const ours = { type: 'LoadBalancer', loadBalancerClass: 'kubevip.dev/edge' };
const foreign = { type: 'LoadBalancer', loadBalancerClass: 'example.org/other' };
const local = { ...ours, externalTrafficPolicy: 'Local' };

const service = (name: string, annotations: Annotations, spec: V1Service['spec'] = ours): object => ({
  metadata: { name, annotations },
  spec: { ports: [{ port: 80 }], ...spec },
});
const create = (annotations: Annotations, spec?: V1Service['spec']): Write => ({
  method: 'POST',
  path,
  body: service('web', annotations, spec),
});
const change = (name: string, body: object): Write => ({
  method: 'PATCH',
  path: `${path}/${name}`,
  body,
  type: 'merge',
});
const annotate = (name: string, annotations: Annotations): Write =>
  change(name, { metadata: { annotations } });

const sentence = (key: string, found: string, what: string) =>
  `annotation kube-vip.io/${key}: expected none, found ${found} (${what}), which KubeVipConfig edge does not offer; remove it`;
const egress = sentence('egress', 'true', 'egress');
const dropped =
  'spec.externalTrafficPolicy: expected Cluster, found Local, with which the one node that holds all addresses of class kubevip.dev/edge drops what it has no endpoint for; set it to Cluster';
const ofService = (name: string, ...complaints: readonly string[]) =>
  `Service default/${name}: ${complaints.join('; ')}`;

const rows: readonly Row[] = [
  ['nothing of the kind', create({}), 'allowed'],
  ['egress', create({ 'kube-vip.io/egress': 'true' }), ofService('web', egress)],
  ['no egress, in so many words', create({ 'kube-vip.io/egress': 'false' }), 'allowed'],
  ['egress for another class', create({ 'kube-vip.io/egress': 'true' }, foreign), 'allowed'],
  ['egress for no class', create({ 'kube-vip.io/egress': 'true' }, { type: 'LoadBalancer' }), 'allowed'],
  [
    'egress for what is no load balancer',
    create({ 'kube-vip.io/egress': 'true' }, { type: 'NodePort' }),
    'allowed',
  ],
  [
    'UPnP',
    create({ 'kube-vip.io/forwardUPNP': 'true' }),
    ofService('web', sentence('forwardUPNP', 'true', 'UPnP')),
  ],
  [
    'dynamic DNS, as Go spells a truth',
    create({ 'kube-vip.io/ddns': 'T' }),
    ofService('web', sentence('ddns', 'T', 'dynamic DNS')),
  ],
  [
    'an election of its own',
    create({ 'kube-vip.io/forcePerServiceElection': 'true' }),
    ofService('web', sentence('forcePerServiceElection', 'true', 'an election of its own')),
  ],
  [
    'a Lease of its own',
    create({ 'kube-vip.io/leaseName': 'team-a' }),
    ofService('web', sentence('leaseName', 'team-a', 'a Lease of its own')),
  ],
  [
    'a Lease with no name, which kube-vip takes for one',
    create({ 'kube-vip.io/leaseName': '' }),
    ofService('web', sentence('leaseName', 'an empty text', 'a Lease of its own')),
  ],
  [
    'an endless Lease',
    create({ 'kube-vip.io/leaseName': 'x'.repeat(5000) }),
    ofService('web', sentence('leaseName', 'x'.repeat(64), 'a Lease of its own')),
  ],
  ['policy Cluster', create({}, { ...ours, externalTrafficPolicy: 'Cluster' }), 'allowed'],
  ['policy Local', create({}, local), ofService('web', dropped)],
  ['policy Local for another class', create({}, { ...foreign, externalTrafficPolicy: 'Local' }), 'allowed'],
  [
    'egress and policy Local, which belong together elsewhere',
    create({ 'kube-vip.io/egress': 'true' }, local),
    ofService('web', egress, dropped),
  ],
  ['what means nothing without egress', create({ 'kube-vip.io/egress-ipv6': 'true' }), 'allowed'],
  ['what kube-vip writes', annotate('plain', { 'kube-vip.io/vipHost': 'n1' }), 'allowed'],
  [
    'an update that adds egress',
    annotate('plain', { 'kube-vip.io/egress': 'true' }),
    ofService('plain', egress),
  ],
  [
    'a write of the status that adds egress beside it',
    annotate('plain/status', { 'kube-vip.io/egress': 'true' }),
    ofService('plain', egress),
  ],
  [
    'an update that sets policy Local',
    change('plain', { spec: { externalTrafficPolicy: 'Local' } }),
    ofService('plain', dropped),
  ],
  [
    'an update that makes it a load balancer of our class',
    change('port', { spec: ours }),
    ofService('port', egress),
  ],
];

const probe = create({ 'kube-vip.io/egress': 'true' });
let fence: Fence;

beforeAll(async () => {
  fence = await startFence();
  const configs = {
    edge: specWith({ services: {} }),
    api: specWith({ controlPlane: { addresses: ['203.0.113.101'] } }),
  };
  for (const [name, spec] of Object.entries(configs)) {
    await fence.must({ method: 'POST', path: paths.configs, body: written(name, spec) });
  }
  await fence.must({ method: 'POST', path, body: service('plain', {}) });
  const port = service('port', { 'kube-vip.io/egress': 'true' }, { type: 'NodePort' });
  await fence.must({ method: 'POST', path, body: port });
  await fence.inForce(policy, probe);
}, 90_000);

afterAll(() => fence?.stop());

describe('a Service that asks for', () => {
  it.each(rows)('%s', async (_, write, said) => {
    expect(await fence.ask(write)).toBe(said);
  });
});

describe('without the fence', () => {
  it('every refused write is allowed', async () => {
    await fence.open(policy, probe);
    for (const [, write] of refused(rows)) {
      expect(await fence.ask(write)).toBe('allowed');
    }
  });

  describe('a Service that was there before', () => {
    beforeAll(async () => {
      const annotations = { 'kube-vip.io/egress': 'true', 'kube-vip.io/leaseName': 'team-a' };
      await fence.must({ method: 'POST', path, body: service('old', annotations, local) });
      await fence.close(policy, probe);
    });

    it.each<Row>([
      ['can be labelled', change('old', { metadata: { labels: { team: 'blue' } } }), 'allowed'],
      ['can get other ports', change('old', { spec: { ports: [{ port: 81 }] } }), 'allowed'],
      ['can be marked by kube-vip', annotate('old', { 'kube-vip.io/vipHost': 'n1' }), 'allowed'],
      ['can have its status written', change('old/status', { status: { loadBalancer: {} } }), 'allowed'],
      ['can give egress up', annotate('old', { 'kube-vip.io/egress': null }), 'allowed'],
      ['can go to policy Cluster', change('old', { spec: { externalTrafficPolicy: 'Cluster' } }), 'allowed'],
      ['can be deleted', { method: 'DELETE', path: `${path}/old` }, 'allowed'],
      [
        'cannot ask for more',
        annotate('old', { 'kube-vip.io/forwardUPNP': 'true' }),
        ofService('old', sentence('forwardUPNP', 'true', 'UPnP')),
      ],
      [
        'cannot take another Lease',
        annotate('old', { 'kube-vip.io/leaseName': 'team-b' }),
        ofService('old', sentence('leaseName', 'team-b', 'a Lease of its own')),
      ],
    ])('%s', async (_, write, said) => {
      expect(await fence.ask(write)).toBe(said);
    });
  });
});
