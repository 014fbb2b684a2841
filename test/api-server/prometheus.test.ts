// What is shipped for Prometheus, in a real one that scrapes two real operators: one leads, one stands by.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { dashboard } from '../generated-dashboard.ts';
import { freePorts } from '../free-ports.ts';
import { alerts, ruleFile, type RuleFile } from '../monitoring/alerts.ts';
import { queriesOf } from '../monitoring/dashboard.ts';
import { api, doEverything, doWitnessed, seen, seenHolder, services } from './everything.ts';
import { startOperator, type Operator } from './operator.ts';
import { probeArgs } from './played-probe.ts';
import { startPrometheus, type Prometheus, type Rule } from './prometheus.ts';
import { withoutLeaseWrites } from './rights.ts';
import { startStage, type Stage } from './stage.ts';
import { container } from './tampering.ts';
import { settled, until } from './until.ts';

jest.setTimeout(40_000);

const holders = { [api]: 'n1', [services]: 'n1', [seen]: seenHolder };
const stopped = new AbortController();

let beats: Promise<void>;
let stage: Stage;
let standby: Operator;
let prometheus: Prometheus;

// An alert that must last is given seconds instead of minutes; all else is as it is shipped.
const hurried: RuleFile = {
  groups: ruleFile().groups.map(({ name, rules }) => ({
    name,
    rules: rules.map((row) => ({ ...row, ...(row.for && { for: '2s' }) })),
  })),
};

const firing = async (): Promise<readonly string[]> =>
  (await prometheus.rules())
    .filter(({ state }) => state === 'firing')
    .map(({ name }) => name)
    .toSorted();

const untilFires = (name: string): Promise<Rule> =>
  until(
    `${name} to fire`,
    async () => {
      const rules = await prometheus.rules();
      const found = rules.find((row) => row.name === name && row.state === 'firing');
      return found ?? Promise.reject(new Error(rules.map((row) => `${row.name} ${row.state}`).join(', ')));
    },
    30_000,
  );

/** kube-vip renews its Leases, and witnesses say what they hear. */
async function beat(sayWitnesses: () => Promise<unknown>): Promise<void> {
  while (!stopped.signal.aborted) {
    for (const [name, holder] of Object.entries(holders)) {
      await stage.play.hold(name, { holder, durationSeconds: 15 });
    }
    await sayWitnesses();
    await sleep(2000);
  }
}

beforeAll(async () => {
  const [leading = 0, standing = 0] = await freePorts(2);
  stage = await startStage({ args: [...probeArgs, '--metrics-port', String(leading)] });
  const args = [...probeArgs, '--health-port', '0', '--metrics-port', String(standing)];
  standby = startOperator({ kubeconfig: stage.kubeconfig, args });
  await doEverything(stage, 'going');
  await stage.remove('going');
  beats = beat(await doWitnessed(stage)).catch(() => undefined);
  prometheus = await startPrometheus(
    [
      ['kube-vip-operator-a', leading],
      ['kube-vip-operator-b', standing],
    ],
    hurried,
  );
}, 60_000);

afterAll(async () => {
  stopped.abort();
  await beats;
  await prometheus?.stop();
  await standby?.stop();
  await stage?.stop();
});

it('scrapes both, of which one leads', async () => {
  const health = async () =>
    (await prometheus.targets()).map((row) => `${row.labels['pod']} ${row.health}`).toSorted();
  const up = ['kube-vip-operator-a up', 'kube-vip-operator-b up'];
  expect(await settled(health, up, 10_000)).toEqual(up);
  const [leaders] = await prometheus.query('sum(kube_vip_operator_leader)');
  expect(leaders?.value[1]).toBe('1');
});

it('shows nothing that waits, though a standby has seen every KubeVipConfig and works on none', async () => {
  const depths = async () =>
    (await prometheus.query('kube_vip_operator_queue_depth')).map(({ metric, value }) => [
      metric['pod'],
      value[1],
    ]);
  const idle = [
    ['kube-vip-operator-a', '0'],
    ['kube-vip-operator-b', '0'],
  ];
  expect(await settled(depths, idle, 10_000)).toEqual(idle);
});

it('evaluates every rule that is shipped without an error', async () => {
  const unknown = async () => (await prometheus.rules()).filter(({ health }) => health === 'unknown');
  await until('every rule to be evaluated', async () => (await unknown()).length === 0, 10_000);
  const found = (await prometheus.rules()).map(({ name, health, lastError = '' }) => [
    name,
    health,
    lastError,
  ]);
  expect(found).toEqual(alerts.map(({ alert }) => [alert, 'ok', '']));
});

describe('the dashboard', () => {
  it.each(queriesOf(dashboard(), { $kubevipconfig: '.+', $__rate_interval: '1m' }))(
    'shows something for %s',
    async (expr) => {
      const samples = await until(
        `an answer to ${expr}`,
        async () => {
          const found = await prometheus.query(expr);
          return found.length > 0 && found;
        },
        10_000,
      );
      // One replica's series, or the sum of both: never one line for each.
      const lines = samples.map(({ metric }) => JSON.stringify(metric));
      expect(new Set(lines).size).toBe(lines.length);
    },
  );
});

describe('alerts', () => {
  it('are those of what is wrong, and no others', async () => {
    const wrong = [
      'KubeVipConfigNotReady',
      'KubeVipConfigStalled',
      'KubeVipPreflightBlocks',
      'KubeVipRolloutWaits',
    ];
    expect(await settled(firing, wrong, 20_000)).toEqual(wrong);
    expect((await untilFires('KubeVipConfigNotReady')).alerts).toMatchObject([
      {
        labels: { kubevipconfig: 'blocked' },
        annotations: { summary: 'KubeVipConfig blocked is not ready' },
      },
    ]);
  });

  it('fire as they are shipped when the holder changes again and again', async () => {
    for (let round = 0; round < 6; round += 1) {
      const holder = round % 2 === 0 ? 'n2' : 'n1';
      holders[services] = holder;
      await stage.play.hold(services, { holder, durationSeconds: 15 });
      await until(`${holder} to hold`, async () => {
        const { status } = (await stage.config('edge')) ?? {};
        return status?.services?.holder === holder;
      });
    }
    const { alerts: found } = await untilFires('KubeVipHolderFlapping');
    expect(found).toMatchObject([
      {
        labels: { kubevipconfig: 'edge', function: 'services', severity: 'critical' },
        annotations: { summary: 'The holder of edge services changes again and again' },
      },
    ]);
  });

  it('fire as they are shipped when somebody fights over a DaemonSet', async () => {
    const image = async () => (await stage.container(api))?.image ?? '';
    for (let round = 0; round < 6; round += 1) {
      await stage.admin.expect(container({ image: 'example.org/other' }));
      await until('the repair', async () => !(await image()).startsWith('example.org'));
    }
    const { alerts: found } = await untilFires('KubeVipDriftRepeated');
    expect(found.map(({ labels }) => labels['function'])).toEqual(['control-plane']);
  });

  it('fire when replicas run and none can renew its Lease, and end when one can', async () => {
    await withoutLeaseWrites(stage.admin, () => untilFires('KubeVipOperatorNoLeader'));
    const leaders = async () => (await prometheus.query('sum(kube_vip_operator_leader)'))[0]?.value[1];
    expect(await settled(leaders, '1', 15_000)).toBe('1');
    expect(await firing()).not.toContain('KubeVipOperatorTwoLeaders');
  });

  it('fire when nobody is left to tell', async () => {
    await stage.operator.stop();
    await standby.stop();
    await untilFires('KubeVipOperatorDown');
    expect((await prometheus.targets()).map(({ health }) => health)).toEqual(['down', 'down']);
  });
});
