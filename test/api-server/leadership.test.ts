// Two operators, real processes with the shipped permissions: one works, the other is ready to, and a leader that
// is not one any more writes nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { timing } from '../../src/cluster/election.ts';
import { valuesOf } from '../metrics/exposition.ts';
import { describeRequest, isWrite, operatorRequests, type AuditEvent } from './audit.ts';
import { specWith, written } from './builders.ts';
import { namespace, paths, startCluster, type TestCluster } from './cluster.ts';
import { startFaultProxy } from './faults/proxy.ts';
import { health, startReplica, type Operator } from './operator.ts';
import { withoutLeaseWrites } from './rights.ts';
import { settled, until } from './until.ts';
import { stretched } from '../stretched.ts';

jest.setTimeout(90_000);

interface Replica extends Awaited<ReturnType<typeof startReplica>> {
  /** Marks its requests in the audit log: both have the same ServiceAccount. */
  readonly token: string;
}

const leasePath = `${paths.leases}/kube-vip-operator`;
const running: Operator[] = [];
let cluster: TestCluster;
let started = 0;

beforeAll(async () => {
  cluster = await startCluster();
}, 60_000);

afterEach(async () => {
  await Promise.all(
    running.splice(0).map((operator) => {
      operator.signal('SIGCONT');
      return operator.stop();
    }),
  );
});

afterAll(() => cluster?.stop());

function tokenId(kubeconfig: string): string {
  const [, payload = ''] = /token: \S+?\.(\S+)\.\S+/.exec(readFileSync(kubeconfig, 'utf8')) ?? [];
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { jti: string }).jti;
}

async function start(env: Readonly<Record<string, string>> = {}, url = cluster.api.url): Promise<Replica> {
  started += 1;
  const kubeconfig = join(cluster.api.dir, `replica-${started}`);
  const direct = await cluster.api.serviceAccountKubeconfig(namespace, 'kube-vip-operator');
  writeFileSync(kubeconfig, readFileSync(direct, 'utf8').replace(cluster.api.url, url));
  const { operator, port, metricsPort } = await startReplica({ kubeconfig, env });
  running.push(operator);
  return { operator, port, metricsPort, token: tokenId(kubeconfig) };
}

const ready = ({ port }: Replica) => settled(() => health(port, '/readyz'), '200 ok', 40_000);
const says = ({ operator }: Replica, msg: string, ms = 40_000) =>
  operator.waitForLog(`says ${msg}`, (line) => line.msg === msg, ms);

/** A leader and a standby, both with the whole cluster in view. */
async function startPair(url?: string): Promise<{ readonly leader: Replica; readonly standby: Replica }> {
  const leader = await start({}, url);
  await says(leader, 'leading');
  const standby = await start();
  await says(standby, 'another operator leads');
  expect(await ready(standby)).toBe('200 ok');
  return { leader, standby };
}

function requestsOf({ token }: Replica): readonly AuditEvent[] {
  return operatorRequests(cluster.api).filter(({ user }) =>
    user.extra?.['authentication.kubernetes.io/credential-id']?.includes(`JTI=${token}`),
  );
}

async function create(name: string): Promise<void> {
  const address = `203.0.113.${(started + Number(name.replaceAll(/\D/g, ''))) % 250}`;
  const body = written(name, specWith({ controlPlane: { addresses: [address] } }));
  await cluster.admin.expect({ method: 'POST', path: paths.configs, body });
}

const untilApplied = (name: string, ms?: number) =>
  until(`DaemonSet ${name}-control-plane`, () => cluster.daemonSet(`${name}-control-plane`), ms);

/** Milliseconds from an event until the other replica has carried out what was asked for after it. */
async function takeOver(name: string, happen: () => unknown): Promise<number> {
  const since = performance.now();
  void happen();
  await create(name);
  await untilApplied(name, 30_000);
  return performance.now() - since;
}

describe('two replicas', () => {
  it('are both ready, one works, and the other only looks', async () => {
    const { leader, standby } = await startPair();
    expect(await ready(leader)).toBe('200 ok');
    await create('c1');
    await untilApplied('c1');
    await until('the leader to write', () =>
      requestsOf(leader).some(
        ({ objectRef }) => objectRef?.resource === 'daemonsets' && objectRef.name === 'c1-control-plane',
      ),
    );
    expect(requestsOf(standby).length).toBeGreaterThan(0);
    expect(requestsOf(standby).filter(isWrite).map(describeRequest)).toEqual([]);
  });

  it('name their leader in a Lease that says what it belongs to', async () => {
    await start({ POD_NAME: 'kube-vip-operator-abc', POD_NAMESPACE: namespace }).then((row) =>
      says(row, 'leading'),
    );
    expect(await cluster.admin.get(leasePath)).toMatchObject({
      metadata: { labels: { 'app.kubernetes.io/name': 'kube-vip-operator' } },
      spec: { holderIdentity: 'kube-vip-operator-abc', leaseDurationSeconds: 15 },
    });
  });

  it('hand over in less than 3 s when the leader is asked to end', async () => {
    const { leader, standby } = await startPair();
    const ms = await takeOver('c2', async () => expect((await leader.operator.stop()).code).toBe(0));
    process.stdout.write(`take-over after SIGTERM: ${ms.toFixed(0)} ms (limit: 3000)\n`);
    await says(standby, 'leading');
    expect(ms).toBeLessThan(stretched(3000));
  });

  it('take over in less than 20 s when the leader is killed', async () => {
    const { leader, standby } = await startPair();
    const ms = await takeOver('c3', () => leader.operator.signal('SIGKILL'));
    process.stdout.write(`take-over after SIGKILL: ${ms.toFixed(0)} ms (limit: 20000)\n`);
    await says(standby, 'leading');
    expect(ms).toBeLessThan(stretched(20_000));
  });

  it('need no waiting when the same pod comes back', async () => {
    const pod = { POD_NAME: 'kube-vip-operator-same' };
    const before = await start(pod);
    await says(before, 'leading');
    before.operator.signal('SIGKILL');
    await before.operator.ended;
    const since = performance.now();
    await says(await start(pod), 'leading');
    expect(performance.now() - since).toBeLessThan(stretched(10_000));
  });

  it('keep their leader while the API server is away for longer than a Lease', async () => {
    const { leader, standby } = await startPair();
    await cluster.api.stopApi();
    await sleep(18_000);
    await create('c4').catch(() => undefined);
    await cluster.api.startApi();
    await create('c5');
    await untilApplied('c5', 30_000);
    expect([leader, standby].map(({ operator }) => operator.isRunning())).toEqual([true, true]);
    expect(standby.operator.logs.map(({ msg }) => msg)).not.toContain('leading');
  });
});

describe('a leader that slept', () => {
  it('writes nothing when it wakes up, says so, and ends', async () => {
    const proxy = await startFaultProxy(cluster);
    const { leader, standby } = await startPair(proxy.url);
    leader.operator.signal('SIGSTOP');
    const names = Array.from({ length: 20 }, (_, index) => `c${index + 10}`);
    for (const name of names) {
      await create(name);
    }
    await says(standby, 'leading', 30_000);
    for (const name of names) {
      await untilApplied(name);
    }
    // It learns who leads only after it had something to write, and was kept from it.
    const isKept = Promise.withResolvers<void>();
    proxy.set(({ path }) =>
      path.includes('/leases/kube-vip-operator') ? { heldUntil: isKept.promise } : undefined,
    );
    const woken = new Date().toISOString();
    leader.operator.signal('SIGCONT');
    await until('it to be kept from writing', () =>
      leader.operator.output().includes('the Lease of this operator has not been renewed for'),
    );
    isKept.resolve();
    expect(await leader.operator.ended).toBe(1);
    await proxy.close();
    const written = requestsOf(leader).filter(
      (row) =>
        isWrite(row) && row.requestReceivedTimestamp > woken && row.objectRef?.name !== 'kube-vip-operator',
    );
    expect(written.map(describeRequest)).toEqual([]);
    expect(leader.operator.logs.at(-1)).toMatchObject({
      level: 'error',
      msg: 'lost leadership, ending',
      cause: expect.stringMatching(/^Lease kube-vip-operator: expected this operator as holder, found .+_.+/),
      todo: expect.stringMatching(/^nothing: the other one works now/),
    });
    expect(standby.operator.isRunning()).toBe(true);
  });
});

describe('a leader that may not renew its Lease', () => {
  const read = async ({ metricsPort }: Replica, name: string): Promise<Readonly<Record<string, number>>> =>
    valuesOf(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(), name);
  const leads = async (row: Replica): Promise<number | undefined> =>
    (await read(row, 'kube_vip_operator_leader'))[''];

  it('says so before another can lead, and keeps telling what it saw of the configs', async () => {
    const pair = await startPair();
    const leaders = () => Promise.all([pair.leader, pair.standby].map(leads));
    await create('c40');
    await untilApplied('c40');
    expect(await leaders()).toEqual([1, 0]);
    const ms = await withoutLeaseWrites(cluster.admin, async () => {
      const since = performance.now();
      await until('nobody to lead', async () => (await leads(pair.leader)) === 0, timing.lease);
      return performance.now() - since;
    });
    process.stdout.write(
      `leader is 0 ${ms.toFixed(0)} ms after the right was taken (limit: ${timing.lease})\n`,
    );
    expect(ms).toBeLessThan(timing.lease);
    expect(await read(pair.leader, 'kube_vip_operator_config_ready')).toMatchObject({ c40: 0 });
    expect(await settled(leaders, [1, 0], 10_000)).toEqual([1, 0]);
    expect(pair.leader.operator.isRunning()).toBe(true);
  });
});

describe('an operator in another namespace', () => {
  it('asks for nothing, is not ready, and says what to do', async () => {
    const stray = await start({ POD_NAME: 'kube-vip-operator-xyz', POD_NAMESPACE: 'elsewhere' });
    const line = await says(stray, 'will not act from here');
    expect(line).toMatchObject({
      level: 'error',
      cause:
        'this operator runs in namespace elsewhere: expected kube-vip-system, where it and every kube-vip belong',
      todo: expect.stringMatching(/^delete this Deployment; .*kubectl apply -k config\/default/),
    });
    expect(await health(stray.port, '/readyz')).toBe(`503 ${String(line['cause'])}`);
    expect(await health(stray.port, '/healthz')).toBe('200 ok');
    await sleep(3000);
    expect(requestsOf(stray)).toEqual([]);
    expect(stray.operator.isRunning()).toBe(true);
    expect((await stray.operator.stop()).code).toBe(0);
  });
});
