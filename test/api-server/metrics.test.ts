// What Prometheus reads, from a process that did something of everything.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { rowList } from '../../src/metrics/rows.ts';
import { parse, valuesOf } from '../metrics/exposition.ts';
import { paths } from './cluster.ts';
import { doEverything, doWitnessed, services } from './everything.ts';
import { probeArgs } from './played-probe.ts';
import { startStage, type Stage } from './stage.ts';
import { container } from './tampering.ts';
import { until } from './until.ts';

jest.setTimeout(30_000);

let stage: Stage;

const scrape = async () => (await stage.page('/metrics')).text();
const read = async (name: string) => valuesOf(await scrape(), `kube_vip_operator_${name}`);

/** Waits until a metric has these values, among others. */
const untilReads = (name: string, wanted: Readonly<Record<string, number>>) =>
  until(`${name} to be ${JSON.stringify(wanted)}`, async () => {
    expect(await read(name)).toMatchObject(wanted);
    return true;
  });

async function untilHeard(): Promise<void> {
  const sayWitnesses = await doWitnessed(stage);
  await until('an owner', async () => {
    await sayWitnesses();
    return 'seen,control-plane,203.0.113.120,n3' in (await read('address_owner'));
  });
}

beforeAll(async () => {
  stage = await startStage({ args: probeArgs });
  await doEverything(stage, 'brief');
  await untilHeard();
  await untilReads('config_ready', { edge: 1, blocked: 0, brief: 1 });
  await untilReads('preflight_findings', { 'blocked,Failed': 1 });
}, 90_000);

afterAll(() => stage?.stop());

it('has a series for every row, and none without a row', async () => {
  const names = rowList.flatMap(([name, { type }]) =>
    type === 'histogram' ? ['bucket', 'count', 'sum'].map((part) => `${name}_${part}`) : [name],
  );
  const found = new Set(parse(await scrape()).map(({ name }) => name));
  expect([...found].sort()).toEqual(names.sort());
});

it('has the labels that the rows name', async () => {
  const rows = new Map<string, readonly string[]>(rowList.map(([name, { labels }]) => [name, labels]));
  for (const { name, labels } of parse(await scrape())) {
    const { le: _, ...rest } = labels;
    const row = rows.get(name) ?? rows.get(name.replace(/_(bucket|sum|count)$/, ''));
    expect([name, Object.keys(rest)]).toEqual([name, [...(row ?? [])]]);
  }
});

it.each<[string, string, Readonly<Record<string, number>>]>([
  ['leads', 'leader', { '': 1 }],
  ['has seen everything', 'unsynced_resources', { '': 0 }],
  ['waits for nothing', 'queue_depth', { '': 0 }],
  ['knows mode and version', 'config_info', { 'edge,ARP,v1.1.2': 1 }],
  ['knows who holds', 'function_holder', { 'edge,control-plane,n1': 1, 'edge,services,n1': 1 }],
  ['counts nodes', 'function_nodes', { 'edge,control-plane,desired': 1, 'edge,services,ready': 1 }],
  ['knows the check that forbids', 'preflight_failures', { 'blocked,vip-is-node-address': 1 }],
  ['knows the reason', 'config_condition_reason', { 'blocked,PreflightPassed,PreflightFailed': 1 }],
  ['has failed at nothing', 'reconciles_total', { failed: 0 }],
])('%s', async (_, name, expected) => {
  expect(await read(name)).toMatchObject(expected);
});

it('counts requests by verb and code, watches among them', async () => {
  const requests = await read('api_requests_total');
  expect(requests).toMatchObject({ 'WATCH,200': expect.any(Number), 'GET,200': expect.any(Number) });
  // Each of three DaemonSets was made by an apply.
  expect(requests['PATCH,201']).toBeGreaterThanOrEqual(3);
});

it('counts the repair of drift', async () => {
  await stage.admin.expect(container({ image: 'example.org/other' }));
  const wanted = { 'edge,control-plane': 1, 'edge,services': 0 };
  expect(await untilReads('drift_repairs_total', wanted)).toBe(true);
});

it('counts a change of the holder, and shows the new one alone', async () => {
  await stage.play.hold(services, { holder: 'n2' });
  await untilReads('function_holder_changes_total', { 'edge,services': 1, 'edge,control-plane': 0 });
  expect(Object.keys(await read('function_holder')).filter((key) => key.startsWith('edge,services'))).toEqual(
    ['edge,services,n2'],
  );
});

it('ages a Lease that nobody renews', async () => {
  const age = async () => (await read('function_lease_age_seconds'))['edge,services'] ?? 0;
  await stage.play.hold(services, { holder: 'n2' });
  await until('it to be renewed', async () => (await age()) < 1);
  await until('it to age', async () => (await age()) > 2);
  await stage.play.hold(services, { holder: 'n2' });
  await until('it to be renewed', async () => (await age()) < 1);
  expect(await age()).toBeLessThan(2);
});

it('takes every series of a config out with it', async () => {
  expect(await scrape()).toContain('kubevipconfig="brief"');
  await stage.remove('brief');
  await until(
    'it to be gone',
    async () => {
      await stage.play.collectGarbage();
      if (await stage.admin.get(`${paths.pods}/brief-control-plane-n1`)) {
        await stage.play.endPod('brief-control-plane', 'n1');
      }
      return (await stage.config('brief')) === undefined;
    },
    40_000,
  );
  await until('its series to be gone', async () => !(await scrape()).includes('kubevipconfig="brief"'));
});

it('answers nothing but /metrics, and that in the format of Prometheus', async () => {
  const { headers } = await stage.page('/metrics');
  expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect((await stage.page('/healthz')).status).toBe(404);
});
