// A class that a KubeVipConfig took over from an earlier install is ours as well: the same law, by a parameter.
import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import { specWith, written } from '../builders.ts';
import { paths } from '../cluster.ts';
import { startFence, type Fence, type Row } from './fence.ts';
import { expectOpen, judges } from './judges.ts';
import { accounts, annotates, changes, makes, ofClass, publishes } from './services.ts';

jest.setTimeout(100_000);

const policy = 'service-requests-by-class.kubevip.dev';
const ips = 'kube-vip.io/loadbalancerIPs';
const lan = ofClass('example.org/lan');
const other = ofClass('example.org/other');

const granted = (name: string, found: string) =>
  `Service default/${name}: annotation ${ips}: expected it as the operator wrote it, found ${found}; use kubevip.dev/addresses: ADDRESS[,ADDRESS] instead`;

const rows: readonly Row[] = [
  [
    'an address by itself',
    makes('web', { annotations: { [ips]: '192.0.2.7' }, spec: lan }),
    granted('web', '192.0.2.7'),
  ],
  [
    'an address the way it is asked for',
    makes('web', { annotations: { 'kubevip.dev/addresses': '192.0.2.7' }, spec: lan }),
    'allowed',
  ],
  [
    'an address for a class of nobody',
    makes('web', { annotations: { [ips]: '192.0.2.7' }, spec: other }),
    'allowed',
  ],
  [
    'another address than it was granted',
    annotates('granted', { [ips]: '192.0.2.8' }),
    granted('granted', '192.0.2.8'),
  ],
  ['a grant, by the operator', annotates('plain', { [ips]: '192.0.2.9' }, accounts.operator), 'allowed'],
  [
    'spec.loadBalancerIP',
    makes('web', { spec: { ...lan, loadBalancerIP: '192.0.2.7' } }),
    'Service default/web: spec.loadBalancerIP: expected none, found 192.0.2.7; use the annotation kubevip.dev/addresses: ADDRESS[,ADDRESS] instead',
  ],
  [
    'an interface',
    makes('web', { annotations: { 'kube-vip.io/serviceInterface': 'lo' }, spec: lan }),
    'Service default/web: annotation kube-vip.io/serviceInterface: expected none, found lo, which a Service of class example.org/lan may not tell kube-vip; remove it',
  ],
  [
    'a status, by another controller',
    publishes('plain', ['192.0.2.7']),
    'Service default/plain: status.loadBalancer.ingress: expected to be written by ServiceAccount kube-vip-services only, found UPDATE by some-controller; keep that controller off class example.org/lan',
  ],
  ['a status, by kube-vip', publishes('granted', ['192.0.2.50'], accounts.kubeVip), 'allowed'],
  ['a label', changes('granted', { metadata: { labels: { team: 'blue' } } }), 'allowed'],
];

const probe = makes('probe', { annotations: { [ips]: '192.0.2.1' }, spec: lan });
let fence: Fence;

beforeAll(async () => {
  fence = await startFence();
  const spec = specWith({ services: { loadBalancerClass: 'example.org/lan' } });
  await fence.must({ method: 'POST', path: paths.configs, body: written('lan', spec) });
  await fence.must(makes('plain', { spec: lan }));
  await fence.must(makes('granted', { spec: lan }));
  await fence.inForce(policy, probe);
  await fence.must(annotates('granted', { [ips]: '192.0.2.50' }, accounts.operator));
}, 90_000);

afterAll(() => fence?.stop());

describe('a Service of a class that a KubeVipConfig has, and that asks for', () => {
  judges(() => fence, rows);
});

describe('without the fence', () => {
  it('every refused write is allowed', async () => {
    await expectOpen(fence, policy, probe, rows);
  });
});
