// No two KubeVipConfigs with one address or one class, in any order; what is in conflict can still be edited.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { specWith, written, type AnySpec } from '../builders.ts';
import { paths } from '../cluster.ts';
import { startFence, type Fence, type Row, type Write } from './fence.ts';
import { expectOpen, judges } from './judges.ts';

jest.setTimeout(100_000);

const policy = 'kubevipconfig-claims.kubevip.dev';
const create = (name: string, spec: AnySpec): Write => ({
  method: 'POST',
  path: paths.configs,
  body: written(name, spec),
});
const change = (name: string, body: object, subresource = ''): Write => ({
  method: 'PATCH',
  path: `${paths.configs}/${name}${subresource}`,
  body,
  type: 'merge',
});
const remove = (name: string): Write => ({ method: 'DELETE', path: `${paths.configs}/${name}` });

const controlPlane = (...addresses: string[]): AnySpec => specWith({ controlPlane: { addresses } });
const services = (loadBalancerClass?: string): AnySpec =>
  specWith({ controlPlane: undefined, services: loadBalancerClass ? { loadBalancerClass } : {} });

const addressTaken = (address: string, owner: string, toDo = `change it here or delete ${owner}`) =>
  `spec.controlPlane.addresses: expected one that no other KubeVipConfig has, found ${address}, which belongs to KubeVipConfig ${owner}; ${toDo}`;
const classTaken = (name: string, owner: string) =>
  `spec.services.loadBalancerClass: expected one that no other KubeVipConfig has, found ${name}, which belongs to KubeVipConfig ${owner}; change it here or delete ${owner}`;

const probe = create('probe', controlPlane('203.0.113.100'));
let fence: Fence;

beforeAll(async () => {
  fence = await startFence();
  await fence.must(create('edge', { ...controlPlane('203.0.113.100', '2001:db8::100'), services: {} }));
  await fence.must(create('ingress', services('example.org/ingress')));
  await fence.must(create('squatter', services('kubevip.dev/late')));
  await fence.must(create('bare', controlPlane('203.0.113.110')));
  await fence.must(create('classless', services()));
  await fence.must(create('leaving', controlPlane('203.0.113.120')));
  await fence.must(change('leaving', { metadata: { finalizers: ['kubevip.dev/operands'] } }));
  await fence.must(remove('leaving'));
  await fence.inForce(policy, probe);
}, 90_000);

afterAll(() => fence?.stop());

const rows: readonly Row[] = [
  ['another address', create('new', controlPlane('203.0.113.101')), 'allowed'],
  ['a class of its own by default', create('new', services()), 'allowed'],
  ['another class', create('new', services('example.org/other')), 'allowed'],
  ['an address', create('new', controlPlane('203.0.113.100')), addressTaken('203.0.113.100', 'edge')],
  [
    'the second of two addresses',
    create('new', controlPlane('203.0.113.101', '2001:db8::100')),
    addressTaken('2001:db8::100', 'edge'),
  ],
  [
    'both addresses',
    create('new', controlPlane('2001:db8::100', '203.0.113.100')),
    addressTaken('2001:db8::100 and 203.0.113.100', 'edge'),
  ],
  [
    'an address of one that is being deleted',
    create('new', controlPlane('203.0.113.120')),
    addressTaken('203.0.113.120', 'leaving', 'leaving is being deleted: wait until it is gone'),
  ],
  ['a class', create('new', services('example.org/ingress')), classTaken('example.org/ingress', 'ingress')],
  [
    'a class that another one has by default',
    create('new', services('kubevip.dev/edge')),
    classTaken('kubevip.dev/edge', 'edge'),
  ],
  [
    'a default class that another one names',
    create('late', services()),
    classTaken('kubevip.dev/late', 'squatter'),
  ],
  [
    'an address that an update adds',
    change('classless', { spec: { controlPlane: { addresses: ['203.0.113.110'] } } }),
    addressTaken('203.0.113.110', 'bare'),
  ],
  [
    'a class that an update adds',
    change('bare', { spec: { services: { loadBalancerClass: 'kubevip.dev/classless' } } }),
    classTaken('kubevip.dev/classless', 'classless'),
  ],
  ['an update that adds nothing', change('edge', { spec: { suspend: true } }), 'allowed'],
  ['an update that drops a claim', change('edge', { spec: { services: null } }), 'allowed'],
];

describe('a claim', () => {
  judges(() => fence, rows);

  it.each([
    ['one', 'two', '203.0.113.130'],
    ['two', 'one', '203.0.113.131'],
  ])('is refused to the second, when %s is the first', async (first, second, address) => {
    const twin = (name: string): Write => create(name, controlPlane(address));
    await fence.must(twin(first));
    // The API server reads parameters from a watch.
    await fence.inForce(policy, twin(second));
    expect(await fence.write(twin(second))).toBe(addressTaken(address, first));
    await fence.must(remove(first));
  });
});

describe('without the fence', () => {
  it('every refused write is allowed', async () => {
    await expectOpen(fence, policy, probe, rows);
  });

  describe('what conflicts when the fence comes back', () => {
    beforeAll(async () => {
      await fence.must(
        create('younger', {
          ...controlPlane('203.0.113.100'),
          services: services('kubevip.dev/edge')['services'],
        }),
      );
      await fence.close(policy, probe);
    });

    judges(
      () => fence,
      [
        ['can be labelled', change('younger', { metadata: { labels: { team: 'blue' } } }), 'allowed'],
        ['can be suspended', change('younger', { spec: { suspend: true } }), 'allowed'],
        [
          'can have a finalizer',
          change('younger', { metadata: { finalizers: ['kubevip.dev/operands'] } }),
          'allowed',
        ],
        ['can have a status', change('younger', { status: { observedGeneration: 1 } }, '/status'), 'allowed'],
        ['can give up its claim', change('younger', { spec: { controlPlane: null } }), 'allowed'],
        ['can be deleted', remove('younger'), 'allowed'],
        ['does not hinder the other one', change('edge', { spec: { suspend: true } }), 'allowed'],
      ],
    );
  });
});
