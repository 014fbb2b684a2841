// No Service with a control-plane address in whatever field. What a class of ours asks for: service-requests.test.ts.
import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import { specWith, written } from '../builders.ts';
import { paths } from '../cluster.ts';
import { startFence, type Fence, type Row, type Write } from './fence.ts';
import { expectOpen, judges } from './judges.ts';
import {
  accounts,
  annotates,
  changes,
  makes,
  ofClass,
  publishes,
  servicesPath,
  someAddresses,
  type ServiceParts,
} from './services.ts';

jest.setTimeout(100_000);

const policy = 'service-addresses.kubevip.dev';
const [v4, v6] = ['203.0.113.100', '2001:db8::100'];
const ips = 'kube-vip.io/loadbalancerIPs';

const foreign = ofClass('example.org/other');

const create = (parts: ServiceParts): Write => makes('web', parts);
const asks = (list: string, spec = foreign): Write => create({ annotations: { [ips]: list }, spec });
const change = changes;

const held = (field: string, found: string) =>
  `Service default/web: ${field}: expected no control-plane address, found ${found}, which KubeVipConfig edge holds for the API servers; choose another address`;
const annotated = (found: string) => held(`annotation ${ips}`, found);
const notGranted = (found: string) =>
  `Service default/plain: status.loadBalancer.ingress: expected only addresses that this Service was granted, found ${found} written by ${accounts.kubeVip}; keep that controller off class kubevip.dev/edge`;

const rows: readonly Row[] = [
  ['another address', asks('203.0.113.10'), 'allowed'],
  ['no address', create({}), 'allowed'],
  ['the address in the annotation', asks(v4), annotated(v4)],
  ['for another class', asks(v4), annotated(v4)],
  ['without a class', create({ annotations: { [ips]: v4 }, spec: { type: 'LoadBalancer' } }), annotated(v4)],
  ['in a list with blanks', asks(` 203.0.113.10 ,, ${v4} `), annotated(v4)],
  ['as IPv6 in another spelling', asks('2001:DB8:0::100'), annotated(v6)],
  ['as IPv4 inside IPv6, which kube-vip takes', asks(`::ffff:${v4}`), annotated(v4)],
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
  ['DHCP for another class', asks('0.0.0.0'), 'allowed'],
  ['a host name for another class', asks('web.example.org'), 'allowed'],
  [
    'in a grant, by the operator',
    annotates('plain', { [ips]: v4 }, accounts.operator),
    annotated(v4).replace('/web', '/plain'),
  ],
  ['another address in a grant', annotates('plain', { [ips]: '203.0.113.20' }, accounts.operator), 'allowed'],
  [
    'an update that adds the address',
    annotates('foreign', { [ips]: v4 }),
    annotated(v4).replace('/web', '/foreign'),
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
    'an address of a node in the status of our class, by kube-vip',
    publishes('plain', ['203.0.113.11'], accounts.kubeVip),
    notGranted('203.0.113.11'),
  ],
  ['a status with what it was granted', publishes('asking', ['203.0.113.20'], accounts.kubeVip), 'allowed'],
  ['a status with 5,000 other addresses', publishes('foreign', someAddresses(5000)), 'allowed'],
  [
    'a status with 5,000 other addresses, and the address',
    publishes('foreign', [...someAddresses(4999), v4]),
    `Service default/foreign: status.loadBalancer.ingress: expected no control-plane address, found ${v4} written by some-controller, which KubeVipConfig edge holds for the API servers; choose another address`,
  ],
];

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
  const seed = (name: string, parts: ServiceParts) => fence.must(makes(name, parts));
  await seed('port', { annotations: { [ips]: v4 }, spec: { type: 'NodePort' } });
  await seed('plain', {});
  await seed('asking', {});
  await seed('foreign', { spec: foreign });
  await fence.inForce(policy, probe);
  await fence.must(annotates('asking', { [ips]: '203.0.113.20' }, accounts.operator));
}, 90_000);

afterAll(() => fence?.stop());

describe('a Service that asks for', () => {
  judges(() => fence, rows);
});

describe('without the fence', () => {
  it('every refused write is allowed', async () => {
    await expectOpen(fence, policy, probe, rows);
  });

  describe('a Service that was there before', () => {
    beforeAll(async () => {
      await fence.must(
        makes('old', { annotations: { [ips]: `${v4},0.0.0.0,web.example.org` }, spec: foreign }),
      );
      await fence.must(publishes('old', [v4]));
      await fence.close(policy, probe);
    });

    judges(
      () => fence,
      [
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
        ['can be deleted', { method: 'DELETE', path: `${servicesPath}/old` }, 'allowed'],
        [
          'cannot claim more',
          change('old', { metadata: { annotations: { [ips]: `${v4},${v6}` } } }),
          annotated(v6).replace('/web', '/old'),
        ],
      ],
    );
  });
});
