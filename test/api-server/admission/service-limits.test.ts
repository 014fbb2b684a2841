// What a tenant writes into a Service is short enough to be judged, whatever its class, with and without a KubeVipConfig.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '../until.ts';
import { startFence, type Fence, type Row } from './fence.ts';
import { expectOpen, judges } from './judges.ts';
import {
  accounts,
  annotates,
  changes,
  makes,
  ofClass,
  publishes,
  someAddresses,
  somePorts,
} from './services.ts';

jest.setTimeout(100_000);

const policy = 'service-limits.kubevip.dev';
const asked = 'kubevip.dev/addresses';
const ips = 'kube-vip.io/loadbalancerIPs';
const foreign = ofClass('example.org/other');
const external = (count: number) => ({ externalIPs: [...someAddresses(count)] });
const said = (sentence: string, name = 'web') => `Service default/${name}: ${sentence}`;
const tooMany = (count: number, name = 'web') =>
  said(`spec.externalIPs: expected at most 16, found ${count}; make several Services of it`, name);
const tooLong = (field: string, count: number) =>
  said(`${field}: expected at most 256 characters, found ${count}; write only what this Service needs`);
const tooManyAsked = (key: string, most: number, count: number) =>
  said(
    `annotation ${key}: expected at most ${most} addresses, found ${count}; list only what this Service needs`,
  );
const tooManyPublished = (count: number, name: string, by = 'some-controller') =>
  said(
    `status.loadBalancer.ingress: expected at most 16 addresses, found ${count} written by ${by}; keep that controller off this Service`,
    name,
  );

const rows: readonly Row[] = [
  ['16 external IPs', makes('web', { spec: external(16) }), 'allowed'],
  ['17 external IPs', makes('web', { spec: external(17) }), tooMany(17)],
  ['20,000 external IPs', makes('web', { spec: external(20_000) }), tooMany(20_000)],
  ['17 external IPs of another class', makes('web', { spec: { ...foreign, ...external(17) } }), tooMany(17)],
  ['17 external IPs later', changes('plain', { spec: external(17) }), tooMany(17, 'plain')],
  ['4 asked addresses', makes('web', { annotations: { [asked]: someAddresses(4).join() } }), 'allowed'],
  [
    '5 asked addresses',
    makes('web', { annotations: { [asked]: someAddresses(5).join() } }),
    tooManyAsked(asked, 4, 5),
  ],
  [
    '5 asked addresses without a class',
    makes('web', { annotations: { [asked]: ',,,,' }, spec: { type: 'ClusterIP' } }),
    tooManyAsked(asked, 4, 5),
  ],
  ...[asked, 'kubevip.dev/pool', 'kubevip.dev/share', ips, 'kube-vip.io/loadbalancerHostname'].flatMap(
    (key): readonly Row[] => [
      [
        `256 characters of ${key}`,
        makes('web', { annotations: { [key]: 'w'.repeat(256) }, spec: foreign }),
        'allowed',
      ],
      [
        `257 characters of ${key}`,
        makes('web', { annotations: { [key]: 'w'.repeat(257) }, spec: foreign }),
        tooLong(`annotation ${key}`, 257),
      ],
      [
        `190,000 characters of ${key}`,
        makes('web', { annotations: { [key]: 'w,'.repeat(95_000) }, spec: foreign }),
        tooLong(`annotation ${key}`, 190_000),
      ],
    ],
  ),
  [
    '16 addresses of another class',
    makes('web', { annotations: { [ips]: someAddresses(16).join() }, spec: foreign }),
    'allowed',
  ],
  [
    '17 addresses of another class',
    makes('web', { annotations: { [ips]: someAddresses(17).join() }, spec: foreign }),
    tooManyAsked(ips, 16, 17),
  ],
  [
    '257 characters of spec.loadBalancerIP',
    makes('web', { spec: { ...foreign, loadBalancerIP: 'w'.repeat(257) } }),
    tooLong('spec.loadBalancerIP', 257),
  ],
  [
    '16 published addresses of another class',
    publishes('foreign', someAddresses(16), 'system:serviceaccount:default:tenant'),
    'allowed',
  ],
  [
    '17 published addresses of ours, by the account that may publish',
    publishes('plain', someAddresses(17), accounts.kubeVip),
    tooManyPublished(17, 'plain', accounts.kubeVip),
  ],
  [
    '5,000 published addresses of another class by who may write every Service, as k3s ServiceLB',
    publishes('foreign', someAddresses(5000)),
    'allowed',
  ],
  ['5,001 of them', publishes('foreign', someAddresses(5001)), tooManyPublished(5001, 'foreign')],
  [
    'what becomes a load balancer with a text that is too long',
    changes('port', { spec: foreign }),
    said(
      `annotation ${ips}: expected at most 256 characters, found 300; write only what this Service needs`,
      'port',
    ),
  ],
];

const probe = makes('probe', { spec: external(17) });
let fence: Fence;

beforeAll(async () => {
  fence = await startFence({ open: [policy] });
  await fence.must(makes('plain'));
  await fence.must(makes('foreign', { spec: foreign }));
  await fence.must(makes('many', { spec: { type: 'LoadBalancer', ports: somePorts(257) } }));
  // What is over the caps was stored before them.
  const long = { [ips]: 'w'.repeat(300) };
  await fence.must(makes('port', { annotations: long, spec: { type: 'NodePort' } }));
  await fence.must(makes('old', { annotations: long, spec: { ...foreign, ...external(20) } }));
  await fence.must(publishes('old', someAddresses(20)));
  await fence.close(policy, probe);
}, 90_000);

afterAll(() => fence?.stop());

describe('a Service with', () => {
  judges(() => fence, rows);
});

describe('a tenant who may write the status of his own namespace', () => {
  it('publishes no 17 addresses, and none for 257 ports', async () => {
    const as = 'tenant';
    const publish = (count: number) => ({
      ...publishes('foreign', someAddresses(count), as),
      groups: ['tenants', 'system:authenticated'],
    });
    await fence.api.apply(tenant);
    await until('the role to work', async () => (await fence.ask(publish(16))) === 'allowed');
    expect(await fence.ask(publish(17))).toBe(tooManyPublished(17, 'foreign', as));
    // It would capture each of its ports at whatever address.
    const ofMany = {
      ...publishes('many', someAddresses(1), as),
      groups: ['tenants', 'system:authenticated'],
    };
    expect(await fence.ask(ofMany)).toBe(
      'Service default/many: spec.ports: expected at most 256 of a Service that publishes an address, found 257; make several Services of it',
    );
    expect(await fence.ask(publishes('many', someAddresses(1)))).toBe('allowed');
  });
});

const tenant = `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: tenant, namespace: default}
rules: [{apiGroups: [''], resources: [services, services/status], verbs: ['*']}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: tenant, namespace: default}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: tenant}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: tenants}]
`;

describe('a Service that was there before', () => {
  judges(
    () => fence,
    [
      ['can be labelled', changes('old', { metadata: { labels: { team: 'blue' } } }), 'allowed'],
      ['can get other ports', changes('old', { spec: { ports: [{ port: 81 }] } }), 'allowed'],
      ['can have its status written again', publishes('old', someAddresses(20)), 'allowed'],
      ['can give all of it up', annotates('old', { [ips]: null }), 'allowed'],
      ['cannot get more', changes('old', { spec: external(21) }), tooMany(21, 'old')],
      ['can be deleted', { method: 'DELETE', path: '/api/v1/namespaces/default/services/old' }, 'allowed'],
    ],
  );
});

describe('without the fence', () => {
  it('every refused write is allowed', async () => {
    await expectOpen(fence, policy, probe, rows);
  });
});
