// No Service with a control-plane address in whatever field, and none of our class with DHCP or a host name.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { V1Service } from '@kubernetes/client-node';
import { specWith, written } from '../builders.ts';
import { paths } from '../cluster.ts';
import { refused, startFence, type Fence, type Row, type Write } from './fence.ts';

jest.setTimeout(100_000);

const policy = 'service-addresses.kubevip.dev';
const path = '/api/v1/namespaces/default/services';
const [v4, v6] = ['203.0.113.100', '2001:db8::100'];
const ips = 'kube-vip.io/loadbalancerIPs';
const hostname = 'kube-vip.io/loadbalancerHostname';

interface Parts {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: V1Service['spec'];
}

const ours = { type: 'LoadBalancer', loadBalancerClass: 'kubevip.dev/edge' };
const foreign = { type: 'LoadBalancer', loadBalancerClass: 'example.org/other' };

const service = (name: string, { annotations = {}, spec = ours }: Parts): object => ({
  metadata: { name, annotations },
  spec: { ports: [{ port: 80 }], ...spec },
});
const create = (parts: Parts): Write => ({ method: 'POST', path, body: service('web', parts) });
const change = (name: string, body: object, as?: string): Write => ({
  method: 'PATCH',
  path: `${path}/${name}`,
  body,
  type: 'merge',
  ...(as !== undefined && { as }),
});
const asks = (list: string, spec = ours): Write => create({ annotations: { [ips]: list }, spec });
const publishes = (name: string, addresses: readonly string[]): Write =>
  change(
    `${name}/status`,
    { status: { loadBalancer: { ingress: addresses.map((ip) => ({ ip })) } } },
    'some-controller',
  );

const held = (field: string, found: string) =>
  `Service default/web: ${field}: expected no control-plane address, found ${found}, which KubeVipConfig edge holds for the API servers; choose another address`;
const annotated = (found: string) => held(`annotation ${ips}`, found);
const literal = (found: string, why: string) =>
  `Service default/web: ${ips} or spec.loadBalancerIP: expected literal addresses, found ${found}${why}; name an address`;
const dhcp = (found: string) => literal(found, ' (DHCP), which KubeVipConfig edge does not offer');
const named = (found: string) => literal(found, ', and KubeVipConfig edge does not follow names');
const notAskedFor = (found: string) =>
  `Service default/plain: status.loadBalancer.ingress: expected only addresses that this Service asks for, found ${found} written by some-controller; name it in ${ips}, or keep that controller off class kubevip.dev/edge`;
const byName = `Service default/web: annotation ${hostname}: expected none, found web (a name for DHCP), which KubeVipConfig edge does not offer; remove it and name an address in ${ips}`;

const rows: readonly Row[] = [
  ['another address', asks('203.0.113.10'), 'allowed'],
  ['no address', create({}), 'allowed'],
  ['the address in the annotation', asks(v4), annotated(v4)],
  ['for another class', asks(v4, foreign), annotated(v4)],
  ['without a class', create({ annotations: { [ips]: v4 }, spec: { type: 'LoadBalancer' } }), annotated(v4)],
  ['in a list with blanks', asks(` 203.0.113.10 ,, ${v4} `), annotated(v4)],
  ['as IPv6 in another spelling', asks('2001:DB8:0::100'), annotated(v6)],
  ['as IPv4 inside IPv6, which kube-vip takes', asks(`::ffff:${v4}`, foreign), annotated(v4)],
  ['both addresses', asks(`${v6},${v4}`), annotated(`${v4} and ${v6}`)],
  [
    'in spec.loadBalancerIP',
    create({ spec: { ...foreign, loadBalancerIP: v4 } }),
    held('spec.loadBalancerIP', v4),
  ],
  [
    'in spec.externalIPs, of any type',
    create({ spec: { type: 'ClusterIP', externalIPs: ['203.0.113.9', v4] } }),
    held('spec.externalIPs', v4),
  ],
  [
    'in the annotation of a Service that is no load balancer',
    create({ annotations: { [ips]: v4 }, spec: { type: 'NodePort' } }),
    'allowed',
  ],
  [
    'which then becomes one',
    change('port', { spec: { type: 'LoadBalancer' } }),
    annotated(v4).replace('/web', '/port'),
  ],
  ['DHCP', asks('0.0.0.0'), dhcp('0.0.0.0')],
  ['DHCP for both families', asks('0.0.0.0, ::'), dhcp('0.0.0.0 and ::')],
  ['DHCP in spec.loadBalancerIP', create({ spec: { ...ours, loadBalancerIP: '::' } }), dhcp('::')],
  ['DHCP for another class', asks('0.0.0.0', foreign), 'allowed'],
  ['a host name', asks('web.example.org'), named('web.example.org')],
  ['a long host name', asks('w'.repeat(200)), named('w'.repeat(64))],
  ['a network', asks('203.0.113.0/24'), named('203.0.113.0/24')],
  ['a host name for another class', asks('web.example.org', foreign), 'allowed'],
  ['a name for DHCP', create({ annotations: { [hostname]: 'web' } }), byName],
  [
    'a name for DHCP, and DHCP',
    create({ annotations: { [hostname]: 'web', [ips]: '0.0.0.0' } }),
    `${dhcp('0.0.0.0')}; ${byName.replace('Service default/web: ', '')}`,
  ],
  [
    'an endless list',
    asks(Array.from({ length: 400 }, (_, n) => `203.0.113.${n % 99}`).join()),
    `Service default/web: annotation ${ips}: expected at most 2000 characters, found 5155; list only what this Service needs`,
  ],
  [
    'an update that adds the address',
    change('plain', { metadata: { annotations: { [ips]: v4 } } }),
    annotated(v4).replace('/web', '/plain'),
  ],
  ['an update of something else', change('plain', { metadata: { labels: { team: 'blue' } } }), 'allowed'],
  [
    'a status that says so',
    publishes('foreign', ['203.0.113.10', v4]),
    `Service default/foreign: status.loadBalancer.ingress: expected no control-plane address, found ${v4} written by some-controller, which KubeVipConfig edge holds for the API servers; choose another address`,
  ],
  [
    'node addresses in the status, as k3s ServiceLB writes them for no class',
    publishes('foreign', ['203.0.113.11']),
    'allowed',
  ],
  [
    'node addresses in the status of our class',
    publishes('plain', ['203.0.113.11']),
    notAskedFor('203.0.113.11'),
  ],
  ['a status with what it asks for', publishes('asking', ['203.0.113.20']), 'allowed'],
  ['a status with 5,000 other addresses', publishes('foreign', manyAddresses(5000)), 'allowed'],
  [
    'a status of our class with 5,000 addresses',
    publishes('plain', manyAddresses(5000)),
    notAskedFor('more than 100 addresses'),
  ],
];

function manyAddresses(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `10.1.${n >> 8}.${n & 255}`);
}

// Not v4: Service "old" has that, so service-sharing would refuse it too, and which of two policies is named is chance.
const probe = asks(v6);
let fence: Fence;

beforeAll(async () => {
  fence = await startFence();
  await fence.must({
    method: 'POST',
    path: paths.configs,
    body: written('edge', specWith({ controlPlane: { addresses: [v4, v6] }, services: {} })),
  });
  const seed = (name: string, parts: Parts) =>
    fence.must({ method: 'POST', path, body: service(name, parts) });
  await seed('port', { annotations: { [ips]: v4 }, spec: { type: 'NodePort' } });
  await seed('plain', {});
  await seed('asking', { annotations: { [ips]: '203.0.113.20' } });
  await seed('foreign', { spec: foreign });
  await fence.inForce(policy, asks('0.0.0.0'));
}, 90_000);

afterAll(() => fence?.stop());

describe('a Service that asks for', () => {
  it.each(rows)('%s', async (_, write, sentence) => {
    expect(await fence.ask(write)).toBe(sentence);
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
      await fence.must({
        method: 'POST',
        path,
        body: service('old', { annotations: { [ips]: `${v4},0.0.0.0,web.example.org`, [hostname]: 'web' } }),
      });
      await fence.must(publishes('old', [v4]));
      await fence.close(policy, probe);
    });

    it.each<Row>([
      ['can be labelled', change('old', { metadata: { labels: { team: 'blue' } } }), 'allowed'],
      ['can get other ports', change('old', { spec: { ports: [{ port: 81 }] } }), 'allowed'],
      ['can have its status written again', publishes('old', [v4]), 'allowed'],
      ['can have its status taken back', publishes('old', []), 'allowed'],
      ['can give the address up', change('old', { metadata: { annotations: { [ips]: null } } }), 'allowed'],
      [
        'can be marked by kube-vip',
        change('old', { metadata: { annotations: { 'kube-vip.io/vipHost': 'n1' } } }),
        'allowed',
      ],
      ['can be deleted', { method: 'DELETE', path: `${path}/old` }, 'allowed'],
      [
        'cannot claim more',
        change('old', { metadata: { annotations: { [ips]: `${v4},${v6}` } } }),
        annotated(v6).replace('/web', '/old'),
      ],
    ])('%s', async (_, write, sentence) => {
      expect(await fence.ask(write)).toBe(sentence);
    });
  });
});
