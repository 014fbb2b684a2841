import { describe, expect, it } from '@jest/globals';
import { resources } from '../src/cluster/resources.ts';
import { Meter } from '../src/meter.ts';
import { noFacts, type Facts } from '../src/metrics/samples.ts';
import { rowList } from '../src/metrics/rows.ts';
import { kubeVipConfig } from './builders.ts';
import { valuesOf } from './metrics/exposition.ts';

const facts: Facts = { ...noFacts, isLeading: true, configs: [kubeVipConfig()] };
const name = 'edge-control-plane';

async function read(meter: Meter, metric: string, now: Facts = facts) {
  return valuesOf(await meter.expose(now), `kube_vip_operator_${metric}`);
}

const answered = (verb: 'GET' | 'WATCH', code: string) => ({ verb, code, path: '/x', seconds: 0.02 });

describe('Meter', () => {
  it('writes help and type of every row, and of nothing else', async () => {
    const text = await new Meter().expose(facts);
    const said = [...text.matchAll(/^# TYPE (\w+ \w+)$/gm)].map(([, words = '']) => words);
    expect(said.sort()).toEqual(rowList.map(([metric, { type }]) => `${metric} ${type}`).sort());
  });

  it('counts answers by verb and code, and throttling apart', async () => {
    const meter = new Meter();
    meter.answered(answered('GET', '200'));
    meter.answered(answered('GET', '200'));
    meter.answered(answered('WATCH', '429'));
    expect(await read(meter, 'api_requests_total')).toEqual({ 'GET,200': 2, 'WATCH,429': 1 });
    expect(await read(meter, 'api_throttled_total')).toEqual({ '': 1 });
    expect(await read(meter, 'api_request_duration_seconds_count')).toEqual({ GET: 2, WATCH: 1 });
  });

  it('counts reconciles by outcome, from 0', async () => {
    const meter = new Meter();
    meter.reconciled('failed', 0.2);
    const expected = { done: 0, waiting: 0, stalled: 0, failed: 1 };
    expect(await read(meter, 'reconciles_total')).toEqual(expected);
    expect(await read(meter, 'reconcile_duration_seconds_sum')).toEqual({ '': 0.2 });
  });

  it('counts failures of watches, and how long they wait', async () => {
    const meter = new Meter();
    meter.watchFailed(resources.pods, 500);
    meter.watchFailed(resources.pods, 1000);
    expect(await read(meter, 'watch_failures_total')).toMatchObject({ pods: 2, nodes: 0 });
    expect(await read(meter, 'watch_wait_seconds_total')).toMatchObject({ pods: 1.5 });
  });

  it.each<[string, readonly string[], number]>([
    ['no change when it first sees a holder', ['n1'], 0],
    ['no change when a holder renews', ['n1', 'n1'], 0],
    ['one change when another node takes over', ['n1', 'n2'], 1],
    ['one change when the Lease is given back in between', ['n1', '', 'n2'], 1],
    ['no change when a node takes back what it gave back', ['n1', '', 'n1'], 0],
    ['each of many', ['n1', 'n2', 'n1', 'n2'], 3],
  ])('counts %s', async (_, holders, changes) => {
    const meter = new Meter();
    holders.forEach((holder) => meter.leasesSeen([{ name, holder }], false));
    expect(await read(meter, 'function_holder_changes_total')).toEqual({
      'edge,control-plane': changes,
      'edge,services': 0,
    });
  });

  it('takes who holds a Lease that was deleted for no change', async () => {
    const meter = new Meter();
    meter.leasesSeen([{ name, holder: 'n1' }], true);
    meter.leasesSeen([], true);
    meter.leasesSeen([{ name, holder: 'n2' }], true);
    expect(await read(meter, 'function_holder_changes_total')).toMatchObject({ 'edge,control-plane': 0 });
  });

  it('starts the counters of a config at 0, and ends them with it', async () => {
    const meter = new Meter();
    meter.repaired('edge-services');
    meter.repaired('gone-services');
    const expected = { 'edge,control-plane': 0, 'edge,services': 1 };
    expect(await read(meter, 'drift_repairs_total')).toEqual(expected);
    expect(await read(meter, 'drift_repairs_total', noFacts)).toEqual({});
    expect(await meter.expose(noFacts)).not.toContain('kubevipconfig="');
  });

  it('counts pods that were ended because of an address', async () => {
    const meter = new Meter();
    meter.remedied('edge-control-plane');
    expect(await read(meter, 'remedies_total')).toEqual({ 'edge,control-plane': 1, 'edge,services': 0 });
  });

  it('ignores Leases that are none of a config', async () => {
    const meter = new Meter();
    meter.leasesSeen([{ name: 'kube-vip-operator', holder: 'a' }], true);
    meter.leasesSeen([{ name: 'kube-vip-operator', holder: 'b' }], true);
    expect(await read(meter, 'function_holder_changes_total', noFacts)).toEqual({});
  });
});
