// Two Services of a namespace do not get one address with one protocol and port, nor one address in two classes.
import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import { startFence, type Fence, type Row, type Write } from './fence.ts';
import { expectOpen, judges } from './judges.ts';

jest.setTimeout(100_000);

const policy = 'service-sharing.kubevip.dev';
const ips = 'kube-vip.io/loadbalancerIPs';
const ours = 'kubevip.dev/edge';

interface Parts {
  readonly name?: string;
  readonly namespace?: string;
  readonly loadBalancerClass?: string | undefined;
  readonly annotation?: string;
  readonly loadBalancerIP?: string;
  readonly ports?: readonly string[];
}

/** A Service as a person writes it; ports as `443` or `53/UDP`. */
function create(parts: Parts): Write {
  const { name = 'new', namespace = 'default', annotation, loadBalancerIP, ports = ['80'] } = parts;
  const loadBalancerClass = 'loadBalancerClass' in parts ? parts.loadBalancerClass : ours;
  return {
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/services`,
    body: {
      metadata: { name, ...(annotation !== undefined && { annotations: { [ips]: annotation } }) },
      spec: {
        type: 'LoadBalancer',
        loadBalancerClass,
        loadBalancerIP,
        ports: ports.map((text) => {
          const [port, protocol = 'TCP'] = text.split('/');
          return { name: text.toLowerCase().replace('/', '-'), port: Number(port), protocol };
        }),
      },
    },
  };
}

const portTaken = (port: string, service: string, address = '203.0.113.10', className = ours) =>
  `Service default/new: spec.ports: expected none that another Service has on ${address}, found ${port}, which Service ${service} of class ${className} has; choose another port or another address`;
const otherClass = (service: string, className: string, address = '203.0.113.10') =>
  `Service default/new: expected an address that no Service of another class has, found ${address}, which Service ${service} of class ${className} has; choose another address or the same class`;

const rows: readonly Row[] = [
  ['another address', create({ annotation: '203.0.113.11' }), 'allowed'],
  ['no address', create({}), 'allowed'],
  ['one address, another port', create({ annotation: '203.0.113.10', ports: ['8080'] }), 'allowed'],
  [
    'one address, one port, another protocol',
    create({ annotation: '203.0.113.10', ports: ['443/UDP'] }),
    'allowed',
  ],
  [
    'one address and one port',
    create({ annotation: '203.0.113.10', ports: ['443'] }),
    portTaken('TCP/443', 'web'),
  ],
  [
    'one of several addresses and ports',
    create({ annotation: '203.0.113.9, 203.0.113.10', ports: ['8080', '53/UDP', '443'] }),
    portTaken('TCP/443', 'web'),
  ],
  [
    'one address of spec.loadBalancerIP',
    create({ loadBalancerIP: '203.0.113.10' }),
    portTaken('TCP/80', 'web'),
  ],
  [
    'one address in spec.loadBalancerIP, which the annotation overrides',
    create({ annotation: '203.0.113.11', loadBalancerIP: '203.0.113.10' }),
    'allowed',
  ],
  [
    'the address of a Service without annotation',
    create({ annotation: '203.0.113.20' }),
    portTaken('TCP/80', 'plain', '203.0.113.20'),
  ],
  [
    'IPv6 in another spelling',
    create({ annotation: '2001:DB8:0::20' }),
    portTaken('TCP/80', 'six', '2001:db8::20'),
  ],
  [
    'IPv4 in IPv6, as kube-vip reads it',
    create({ annotation: '::ffff:cb00:710a', ports: ['443'] }),
    portTaken('TCP/443', 'web'),
  ],
  [
    'more ports than are compared',
    create({ annotation: '203.0.113.50', ports: Array.from({ length: 101 }, (_, n) => `${n + 1}`) }),
    portTaken('more than are compared', 'wide', '203.0.113.50'),
  ],
  [
    'one address in another class of ours, whatever the port',
    create({ annotation: '203.0.113.10', loadBalancerClass: 'kubevip.dev/other', ports: ['8080'] }),
    otherClass('web', ours),
  ],
  [
    'one address in a class of another group, with kube-vip’s annotation',
    create({ annotation: '203.0.113.30', loadBalancerClass: 'example.org/ingress' }),
    portTaken('TCP/80', 'custom', '203.0.113.30', 'example.org/ingress'),
  ],
  [
    'one address in a class that is not kube-vip’s',
    create({ loadBalancerIP: '203.0.113.40', loadBalancerClass: 'example.org/cloud' }),
    'allowed',
  ],
  [
    'one address without a class',
    create({ annotation: '203.0.113.10', loadBalancerClass: undefined }),
    'allowed',
  ],
  // A parameter is looked up in the namespace of the object: the operator has to report this one.
  [
    'one address and one port in another namespace',
    create({ namespace: 'apps', annotation: '203.0.113.10' }),
    'allowed',
  ],
];

const probe = create({ annotation: '203.0.113.10' });
let fence: Fence;

beforeAll(async () => {
  // Which refuses to ask so in a class of ours.
  fence = await startFence({ open: ['service-requests.kubevip.dev'] });
  await fence.must({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: 'apps' } } });
  await fence.must(create({ name: 'web', annotation: '203.0.113.10', ports: ['80', '443'] }));
  await fence.must(create({ name: 'plain', loadBalancerIP: '203.0.113.20' }));
  await fence.must(create({ name: 'six', annotation: '2001:db8::20' }));
  await fence.must(
    create({ name: 'custom', annotation: '203.0.113.30', loadBalancerClass: 'example.org/ingress' }),
  );
  await fence.must(
    create({ name: 'cloud', loadBalancerIP: '203.0.113.40', loadBalancerClass: 'example.org/cloud' }),
  );
  const ports = Array.from({ length: 100 }, (_, n) => `${n + 1000}`);
  await fence.must(create({ name: 'wide', annotation: '203.0.113.50', ports }));
  await fence.inForce(policy, probe);
}, 90_000);

afterAll(() => fence?.stop());

describe('a Service with', () => {
  judges(() => fence, rows);
});

describe('a Service that is there', () => {
  const change = (body: object): Write => ({
    method: 'PATCH',
    path: '/api/v1/namespaces/default/services/web',
    body,
    type: 'merge',
  });

  judges(
    () => fence,
    [
      [
        'can be marked by kube-vip',
        change({ metadata: { annotations: { 'kube-vip.io/vipHost': 'n1' } } }),
        'allowed',
      ],
      // Updates are not compared, so that a fail-over never waits for it: the operator has to report this one.
      [
        'can move to a taken address',
        change({ metadata: { annotations: { [ips]: '203.0.113.20' } } }),
        'allowed',
      ],
    ],
  );
});

it('allows every refused write without the fence', async () => {
  await expectOpen(fence, policy, probe, rows);
});
