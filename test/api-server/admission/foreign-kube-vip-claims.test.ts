// A kube-vip beside ours, safe or not, in whatever mode, does not take what a KubeVipConfig has.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { specWith, written, type AnySpec } from '../builders.ts';
import { operatorUser } from '../audit.ts';
import { namespace as ours, paths } from '../cluster.ts';
import { startFence, type Fence, type Row } from './fence.ts';
import { expectOpen, judges } from './judges.ts';
import { change, create, inContainer } from './workloads.ts';

jest.setTimeout(100_000);

const policy = 'foreign-kube-vip-claims.kubevip.dev';
const subject = 'DaemonSet default/kube-vip: ';
const tail = (config: string) =>
  `, which its own kube-vip has; change it here or delete KubeVipConfig ${config}`;
const address = (found: string) =>
  `${subject}address: expected none of KubeVipConfig edge, found ${found}${tail('edge')}`;
const className = (found: string, config: string) =>
  `${subject}lb_class_name: expected another class than KubeVipConfig ${config} has, found ${found}${tail(config)}`;
const lease = (found: string, where: string) =>
  `DaemonSet ${where}/kube-vip: vip_leasename or svc_leasename: expected no Lease of KubeVipConfig edge, found ${found} in kube-vip-system${tail('edge')}`;

const controlPlane = {
  svc_enable: undefined,
  lb_class_only: undefined,
  lb_class_name: undefined,
  cp_enable: 'true',
};
const at = (value: string) => create({ env: { ...controlPlane, address: value } });
const byClass = (lb_class_name: string | undefined) => create({ env: { lb_class_name } });

const rows: readonly Row[] = [
  ['another address', at('203.0.113.101'), 'allowed'],
  ['an address', at('203.0.113.100'), address('203.0.113.100')],
  ['an address in a list', at('203.0.113.101, 2001:DB8::100'), address('2001:db8::100')],
  ['an address inside IPv6', at('::ffff:203.0.113.100'), address('203.0.113.100')],
  [
    'an address by its old name',
    create({ env: { ...controlPlane, vip_address: '203.0.113.100' } }),
    address('203.0.113.100'),
  ],
  [
    'an address in a ReplicationController',
    create({ kind: 'ReplicationController', env: { ...controlPlane, address: '203.0.113.100' } }),
    address('203.0.113.100').replace('DaemonSet', 'ReplicationController'),
  ],
  [
    'an address under BGP',
    create({ env: { ...controlPlane, vip_arp: undefined, bgp_enable: 'true', address: '203.0.113.100' } }),
    address('203.0.113.100'),
  ],
  ['a class', byClass('kubevip.dev/edge'), className('kubevip.dev/edge', 'edge')],
  [
    'a class without Services',
    create({ env: { ...controlPlane, lb_class_name: 'kubevip.dev/edge' } }),
    'allowed',
  ],
  [
    'the default class, by saying nothing',
    byClass(undefined),
    className('kube-vip.io/kube-vip-class', 'adopted'),
  ],
  [
    'the default class, by a flag where the namespace opts out of safety',
    create({ namespace: 'open', env: { ...controlPlane }, container: { args: ['manager', '--services'] } }),
    className('kube-vip.io/kube-vip-class', 'adopted').replace('default/', 'open/'),
  ],
  [
    'a Lease in kube-vip-system',
    create({ namespace: ours, env: { svc_leasename: 'edge-services' } }),
    lease('edge-services', ours),
  ],
  ['a Lease of that name elsewhere', create({ env: { svc_leasename: 'edge-services' } }), 'allowed'],
  [
    'a Lease through cp_namespace',
    create({ env: { svc_leasename: 'edge-services', cp_namespace: ours } }),
    lease('edge-services', 'default'),
  ],
  [
    'a Lease by its full name',
    create({ env: { ...controlPlane, vip_leasename: `${ours}/edge-control-plane` } }),
    lease('edge-control-plane', 'default'),
  ],
  [
    'an address and a Lease',
    create({
      env: { ...controlPlane, address: '203.0.113.100', vip_leasename: `${ours}/edge-control-plane` },
    }),
    `${address('203.0.113.100').replace(tail('edge'), '')}; ${lease('edge-control-plane', 'default').replace(subject, '')}`,
  ],
  [
    'an address, in a namespace that opts out of safety',
    create({ namespace: 'open', env: { ...controlPlane, address: '203.0.113.100' } }),
    address('203.0.113.100').replace('default', 'open'),
  ],
  ['an address, by the operator', { ...at('203.0.113.100'), as: operatorUser }, 'allowed'],
];

const probe = at('203.0.113.100');
const component = { namespace: ours, name: 'edge-control-plane' };
let fence: Fence;

beforeAll(async () => {
  fence = await startFence();
  const labels = { 'kubevip.dev/unsafe-kube-vip': 'allowed' };
  await fence.must({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { metadata: { name: 'open', labels } },
  });
  const config = (name: string, spec: AnySpec) =>
    fence.must({ method: 'POST', path: paths.configs, body: written(name, specWith(spec)) });
  await config('edge', { controlPlane: { addresses: ['203.0.113.100', '2001:db8::100'] }, services: {} });
  await config('adopted', {
    controlPlane: undefined,
    services: { loadBalancerClass: 'kube-vip.io/kube-vip-class' },
  });
  await fence.inForce(policy, probe);
  await fence.inForce(policy, byClass(undefined));
  const ownerReferences = [
    { apiVersion: 'kubevip.dev/v1alpha1', kind: 'KubeVipConfig', name: 'edge', uid: '1', controller: true },
  ];
  const made = create({ ...component, ownerReferences, env: { ...controlPlane, address: '203.0.113.100' } });
  await fence.must({ ...made, as: operatorUser });
}, 90_000);

afterAll(() => fence?.stop());

describe('a kube-vip of somebody else with', () => {
  judges(() => fence, rows);
});

it('lets a person edit what the operator made; the operator puts it back', async () => {
  const image = { image: 'ghcr.io/kube-vip/kube-vip:v1.0.4' };
  expect(await fence.ask(change(component, inContainer(image)))).toBe('allowed');
});

it('allows every refused write without the fence', async () => {
  await expectOpen(fence, policy, probe, rows);
});
