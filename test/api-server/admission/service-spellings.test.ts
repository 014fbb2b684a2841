// An address in a spelling that Kubernetes takes before 1.36, where it does not check it (StrictIPCIDRValidation), and that
// kube-proxy reads: such a Service has the virtual address too.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { specWith, written } from '../builders.ts';
import { paths } from '../cluster.ts';
import { startFence, type Fence, type Row, type Write } from './fence.ts';

jest.setTimeout(100_000);

const policy = 'service-addresses.kubevip.dev';
const path = '/api/v1/namespaces/default/services';
const vip = '203.0.113.100';
const spellings = [
  '::ffff:203.0.113.100',
  '0:0:0:0:0:FFFF:203.0.113.100',
  '203.0.113.0100',
  '203.000.113.00000100',
];

const service = (name: string, spec: object): Write => ({
  method: 'POST',
  path,
  body: { metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } },
});
const external = (...externalIPs: readonly string[]): Write => service('web', { externalIPs });
const change = (name: string, body: object): Write => ({
  method: 'PATCH',
  path: `${path}/${name}`,
  body,
  type: 'merge',
  as: 'some-controller',
});
const publishes = (name: string, ip: string): Write =>
  change(`${name}/status`, { status: { loadBalancer: { ingress: [{ ip }] } } });

const held = (name: string, field: string, by = '') =>
  `Service default/${name}: ${field}: expected no control-plane address, found ${vip}${by}, which KubeVipConfig edge holds for the API servers; choose another address`;
const inExternalIPs = held('web', 'spec.externalIPs');
const inStatus = (name: string) => held(name, 'status.loadBalancer.ingress', ' written by some-controller');

const rows: readonly Row[] = [
  ...spellings.map((text): Row => [`spec.externalIPs ${text}`, external('203.0.113.9', text), inExternalIPs]),
  ...spellings.map((text): Row => [`the status ${text}`, publishes('foreign', text), inStatus('foreign')]),
  ['another address in such a spelling', external('::ffff:203.0.113.10', '203.0.113.0101'), 'allowed'],
  ['another address in the status', publishes('foreign', '203.0.113.0101'), 'allowed'],
];

let fence: Fence;

beforeAll(async () => {
  fence = await startFence({ flags: { 'feature-gates': 'StrictIPCIDRValidation=false' } });
  const spec = specWith({ controlPlane: { addresses: [vip] }, services: {} });
  await fence.must({ method: 'POST', path: paths.configs, body: written('edge', spec) });
  const [type, loadBalancerClass] = ['LoadBalancer', 'example.org/other'];
  await fence.must(service('foreign', { type, loadBalancerClass }));
  await fence.inForce(policy, external(vip));
}, 90_000);

afterAll(() => fence?.stop());

describe('a Service with the virtual address as', () => {
  it.each(rows)('%s', async (_, write, sentence) => {
    expect(await fence.ask(write)).toBe(sentence);
  });
});

it('is still judged with 5,000 addresses before and after', async () => {
  const some = (count: number) =>
    Array.from({ length: count }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.00000${n & 255}`);
  await fence.must(service('wide', { externalIPs: some(5000) }));
  const wider = (ip: string) => change('wide', { spec: { externalIPs: [...some(4999), ip] } });
  expect(await fence.ask(wider('203.0.113.0100'))).toBe(held('wide', 'spec.externalIPs'));
  expect(await fence.ask(wider('203.0.113.0101'))).toBe('allowed');
});

it('was stored without the fence, and then can be written as long as the address does not change', async () => {
  await fence.open(policy, external(vip));
  for (const [, write] of rows) {
    expect(await fence.ask(write)).toBe('allowed');
  }
  await fence.must(service('old', { externalIPs: ['203.0.113.0100'] }));
  await fence.close(policy, external(vip));
  expect(await fence.ask(change('old', { metadata: { labels: { team: 'blue' } } }))).toBe('allowed');
  expect(await fence.ask(change('old', { spec: { externalIPs: [vip] } }))).toBe('allowed');
  expect(await fence.ask(change('old', { spec: { externalIPs: ['203.0.113.9'] } }))).toBe('allowed');
});
