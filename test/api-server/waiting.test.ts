// Services that get nothing: status of the KubeVipConfig counts them and names the first, on a real API server.
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import type { KubeVipConfigStatus } from '../../src/api/types.ts';
import { countEveryMs } from '../../src/controller/grant-board.ts';
import { operatorRequests } from './audit.ts';
import { Services } from './asking.ts';
import { specWith } from './builders.ts';
import { startStage, type Stage } from './stage.ts';
import { settled } from './until.ts';

jest.setTimeout(60_000);

type ServicesStatus = NonNullable<KubeVipConfigStatus['services']>;

const pools = [
  { name: 'main', addresses: ['203.0.113.110-203.0.113.119', '2001:db8::/64'], reserved: ['203.0.113.119'] },
];
const patienceMs = 4 * countEveryMs;

let stage: Stage;
let services: Services;

beforeAll(async () => {
  stage = await startStage();
  services = new Services(stage);
  for (const name of ['a', 'b']) {
    await stage.admin.expect({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name } } });
  }
  await stage.create('edge', specWith({ services: { pools } }));
  await stage.create('bare', specWith({ controlPlane: { addresses: ['203.0.113.101'] }, services: {} }));
}, 60_000);

afterAll(() => stage?.stop());
afterEach(() => services.clear());

const read = async (config: string): Promise<ServicesStatus> =>
  (await stage.config(config))?.status?.services ?? {};
const waitingOf = async (config: string) => {
  const { waiting, waitingServices = [] } = await read(config);
  return { waiting, first: waitingServices.map(({ service, reason }) => `${service} ${reason}`) };
};
const untilWaiting = (config: string, waiting: number, ...first: readonly string[]) =>
  settled(() => waitingOf(config), { waiting, first: [...first] }, patienceMs);

it('counts each that gets nothing, and names the first three with their reason', async () => {
  await services.make('got', '203.0.113.110');
  expect(await services.untilTold('got', 'ConfigNotReady')).toContain(
    '203.0.113.110 is granted and on no node yet: expected KubeVipConfig edge Ready, found Ready',
  );
  await services.make('outside', '198.51.100.7');
  await services.make('taken', '203.0.113.110', { in: 'b' });
  const named = ['a/got ConfigNotReady', 'a/outside AddressNotInPool', 'b/taken AddressTaken'];
  expect(await untilWaiting('edge', 3, ...named)).toEqual({ waiting: 3, first: named });
  await services.publish('got', '203.0.113.110');
  expect(await untilWaiting('edge', 2, ...named.slice(1))).toEqual({ waiting: 2, first: named.slice(1) });
});

it('says how full the pools are, of IPv6 as text', async () => {
  await services.make('one', '203.0.113.112,2001:db8::12');
  const wanted: ServicesStatus['pools'] = [
    { name: 'main', family: 'IPv4', size: '10', used: 1, free: '8' },
    { name: 'main', family: 'IPv6', size: '18446744073709551616', used: 1, free: '18446744073709551615' },
  ];
  expect(await settled(async () => (await read('edge')).pools, wanted, patienceMs)).toEqual(wanted);
});

it('counts those of a KubeVipConfig without pools for that one', async () => {
  await services.make('poor', '203.0.113.112', { of: 'bare' });
  expect(await untilWaiting('bare', 1, 'a/poor NoPool')).toEqual({ waiting: 1, first: ['a/poor NoPool'] });
  expect((await waitingOf('edge')).waiting).toBe(0);
});

it('writes status a few times, and not once for each of a hundred Services', async () => {
  await untilWaiting('edge', 0);
  const count = (): number =>
    operatorRequests(stage.api).filter(
      ({ objectRef, verb }) =>
        objectRef?.name === 'edge' && objectRef.subresource === 'status' && verb !== 'get',
    ).length;
  const before = count();
  const since = Date.now();
  for (let n = 0; n < 100; n += 1) {
    await services.make(`many-${n}`, '198.51.100.7', { in: n % 2 === 0 ? 'a' : 'b' });
  }
  expect(await settled(async () => (await waitingOf('edge')).waiting, 100, patienceMs)).toBe(100);
  const seconds = (Date.now() - since) / 1000;
  // One for each count, and some for what else a busy machine has happen.
  expect(count() - before).toBeLessThanOrEqual(3 + (2 * seconds) / (countEveryMs / 1000));
});
