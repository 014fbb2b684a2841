// Services that ask for nothing: two replicas of the operator, as processes with their shipped rights, on a real API server.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { V1Service } from '@kubernetes/client-node';
import { asked, pathOf, Services } from './asking.ts';
import { heard } from './audit.ts';
import { specWith } from './builders.ts';
import { startReplica, type Operator } from './operator.ts';
import { startStage, type Stage } from './stage.ts';
import { settled } from './until.ts';

jest.setTimeout(200_000);

const pools = [
  { name: 'few', addresses: ['203.0.113.130-203.0.113.131'], autoAssign: false },
  {
    name: 'own',
    addresses: ['203.0.113.150-203.0.113.159'],
    namespaces: ['c'],
    priority: 1,
    reserved: ['203.0.113.150/31'],
  },
  { name: 'main', addresses: ['203.0.113.110-203.0.113.119', '2001:db8::110/124'] },
];
/** Nothing is dialled here, so that every free address rests for a minute after a start of the operator. */
const minuteMs = 60_000;

const assigned = 'kubevip.dev/assigned';

let stage: Stage;
let services: Services;
let operator: Operator | undefined;

beforeAll(async () => {
  stage = await startStage();
  services = new Services(stage);
  for (const name of ['a', 'b', 'c']) {
    await stage.admin.expect({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name } } });
  }
  await stage.create('edge', specWith({ services: { pools } }));
  await stage.create(
    'tight',
    specWith({
      controlPlane: undefined,
      services: { pools: [{ name: 'one', addresses: ['203.0.113.140/32'] }] },
    }),
  );
  ({ operator } = await startReplica({ kubeconfig: stage.kubeconfig }));
}, minuteMs);

afterAll(async () => {
  await operator?.stop();
  await stage?.stop();
});

afterEach(() => services.clear());

const grantOf = (name: string, namespace = 'a') => services.grantOf(name, namespace);

/** What a Service was given, as soon as it was. */
async function given(name: string, namespace = 'a'): Promise<string> {
  const has = async (): Promise<boolean> => (await grantOf(name, namespace)) !== undefined;
  expect(await settled(has, true, 2 * minuteMs)).toBe(true);
  const grant = (await grantOf(name, namespace)) ?? '';
  await services.publish(name, grant, namespace);
  return grant;
}

describe('a Service that asks for nothing', () => {
  it('is given an address of a pool, and told so', async () => {
    await services.make('web', undefined);
    const address = await given('web');
    expect(address).toMatch(/^203\.0\.113\.11\d$/);
    expect(await services.untilTold('web', 'AddressAssigned')).toBe(
      `${address} from pool main of KubeVipConfig edge is assigned, and stays until the Service is deleted.`,
    );
    const service = await stage.admin.get<V1Service>(pathOf('web', 'a'));
    expect(service?.metadata?.annotations?.[assigned]).toBe('main');
  });

  it('is answered without delay', async () => {
    const times: number[] = [];
    for (const index of [1, 2, 3]) {
      await services.make(`fast-${index}`, undefined);
      await given(`fast-${index}`);
      const create = await heard(stage.api, 'create services', `fast-${index}`);
      const patch = await heard(stage.api, 'patch services', `fast-${index}`);
      times.push(patch.answeredAt - create.answeredAt);
    }
    // On a machine with other work it says nothing: a figure, and no limit. No operator of these tests dials.
    console.info(`create to annotation, nothing asked for, without the dial: ${times.join(', ')} ms`);
    expect(times).toHaveLength(3);
  });

  it('keeps it when it asked for it before, and when the pools change', async () => {
    await services.make('asked', '203.0.113.115');
    expect(await services.settledGrant('asked', '203.0.113.115')).toBe('203.0.113.115');
    await services.annotate('asked', { [asked]: null });
    await services.untilTold('asked', 'AddressAssigned');
    await stage.change('edge', {
      services: { pools: pools.map((pool) => ({ ...pool, autoAssign: false })) },
    });
    await services.make('late', undefined);
    await services.untilTold('late', 'NoPool');
    expect([await grantOf('asked'), await grantOf('late')]).toEqual(['203.0.113.115', undefined]);
    await stage.change('edge', { services: { pools } });
    expect(await given('late')).toMatch(/^203\.0\.113\.11/);
  });

  it('is told that no address is free, and of what it cannot have', async () => {
    await services.make('only', undefined, { of: 'tight' });
    expect(await given('only')).toBe('203.0.113.140');
    await services.make('more', undefined, { of: 'tight', in: 'b' });
    expect(await services.untilTold('more', 'PoolExhausted', 'b')).toContain(
      'expected a free IPv4 address in pool one',
    );
    await services.make('lost', undefined, { of: 'none', in: 'b' });
    expect(await services.untilTold('lost', 'NoKubeVipConfig', 'b')).toContain('found kubevip.dev/none');
  });
});

describe('a pool', () => {
  it('gives only to its namespaces, first to them, and nothing that it reserves', async () => {
    await services.make('own', undefined, { in: 'c' });
    expect(await given('own', 'c')).toBe('203.0.113.152');
    await services.make('thief', '203.0.113.153', { in: 'b' });
    expect(await services.untilTold('thief', 'PoolNotForService', 'b')).toContain(
      'found an address of pool own, which is not for namespace b; choose an address of pool few, main',
    );
    await services.make('left-out', '203.0.113.151', { in: 'c' });
    expect(await services.untilTold('left-out', 'AddressReserved', 'c')).toContain('of 203.0.113.150/31');
    expect([await grantOf('thief', 'b'), await grantOf('left-out', 'c')]).toEqual([undefined, undefined]);
  });

  it('without autoAssign gives to a Service that names it', async () => {
    await services.make('named', undefined, { notes: { 'kubevip.dev/pool': 'few' } });
    expect(await given('named')).toBe('203.0.113.130');
    await services.make('wrong', undefined, { in: 'b', notes: { 'kubevip.dev/pool': 'none' } });
    expect(await services.untilTold('wrong', 'NoPool', 'b')).toContain(
      'kubevip.dev/pool: expected a pool of KubeVipConfig edge, found none',
    );
  });
});

describe('of two namespaces that want one address', () => {
  it('the first keeps it, and the other is told who has it', async () => {
    await services.make('first', undefined);
    const address = await given('first');
    await services.make('second', address, { in: 'b' });
    expect(await services.untilTold('second', 'AddressTaken', 'b')).toContain(
      'found Service a/first with it',
    );
    expect([await grantOf('first'), await grantOf('second', 'b')]).toEqual([address, undefined]);
  });
});

it('two replicas give no address twice, while one of them is stopped', async () => {
  const names = ['a', 'b', 'c'].flatMap((namespace) => [1, 2].map((n) => [`crowd-${n}`, namespace] as const));
  for (const [index, [name, namespace]] of names.entries()) {
    await services.make(name, undefined, { in: namespace });
    if (index === 2) {
      await stage.operator.stop();
    }
  }
  const grants: string[] = [];
  for (const [name, namespace] of names) {
    grants.push(await given(name, namespace));
  }
  expect(new Set(grants).size).toBe(names.length);
  const kept = await Promise.all(names.map(([name, namespace]) => grantOf(name, namespace)));
  expect(kept).toEqual(grants);
});
