// What the kubelet is told of a real process: ready, lost, stuck, and that each of them passes.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { freePorts } from '../free-ports.ts';
import { specWith, written } from './builders.ts';
import { paths, startCluster, type TestCluster } from './cluster.ts';
import { health, startOperator, type Operator } from './operator.ts';
import { startProxy, type Proxy } from './proxy.ts';
import { settled, until } from './until.ts';

jest.setTimeout(60_000);

const [stuckSeconds, lostSeconds] = [3, 3];
let cluster: TestCluster;
let proxy: Proxy;
let operator: Operator | undefined;
let port = 0;

beforeAll(async () => {
  cluster = await startCluster();
  proxy = await startProxy(cluster.api.url);
}, 60_000);

afterEach(async () => {
  proxy.set('open');
  await operator?.stop();
});

afterAll(async () => {
  await proxy?.close();
  await cluster?.stop();
});

async function start(): Promise<void> {
  [port = 0] = await freePorts(1);
  const flags = { 'health-port': port, 'stuck-seconds': stuckSeconds, 'lost-seconds': lostSeconds };
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  operator = startOperator({ kubeconfig: proxy.kubeconfig(cluster.kubeconfig), args });
}

const readiness = (wanted: string, ms = 20_000) => settled(() => health(port, '/readyz'), wanted, ms);
const liveness = () => health(port, '/healthz');

describe('readiness', () => {
  it('waits for every list, for as long as an API server accepts and does not answer', async () => {
    proxy.set('mute');
    await start();
    const waiting =
      '503 waiting for configs, daemonSets, controllerRevisions, pods, openNamespaces, policies, policyBindings, leases, nodes, services, version of Kubernetes';
    expect(await readiness(waiting)).toBe(waiting);
    expect(await liveness()).toBe('200 ok');
    proxy.set('open');
    expect(await readiness('200 ok')).toBe('200 ok');
  });

  it('ends when no watch has been answered for the stated time, and comes back with the API server', async () => {
    await start();
    expect(await readiness('200 ok')).toBe('200 ok');
    proxy.set('mute');
    proxy.cut();
    const since = performance.now();
    const lost = () => health(port, '/readyz');
    await until('readiness to end', async () => (await lost()).startsWith('503'), 20_000);
    const seconds = (performance.now() - since) / 1000;
    // Each watch has its own last answer: the first to be overdue is not always that of the configs.
    await until('the configs to be named', async () => (await lost()).includes('configs'));
    expect(await lost()).toMatch(/^503 without an answer of the API server for more than 3 s: /);
    expect(seconds).toBeGreaterThan(lostSeconds - 1);
    expect(seconds).toBeLessThan(lostSeconds + 3);
    // A restart would mend nothing.
    expect(await liveness()).toBe('200 ok');
    proxy.set('open');
    proxy.cut();
    expect(await readiness('200 ok', 40_000)).toBe('200 ok');
    expect(operator?.isRunning()).toBe(true);
  });
});

const other = { controlPlane: { addresses: ['203.0.113.101'] } };

describe('liveness', () => {
  it('ends while one reconcile does not end', async () => {
    await start();
    await operator?.waitForLog('leads', ({ msg }) => msg === 'leading', 20_000);
    expect(await liveness()).toBe('200 ok');
    // Before the first facts are in, no reconcile begins.
    await cluster.admin.expect({
      method: 'POST',
      path: paths.configs,
      body: written('first', specWith(other)),
    });
    await until('a DaemonSet', () => cluster.daemonSet('first-control-plane'), 20_000);
    // The watches still tell of a new object; what the operator sends because of it arrives nowhere.
    proxy.set('deaf');
    const body = written('stuck', specWith());
    await cluster.admin.expect({ method: 'POST', path: paths.configs, body });
    const stuck = await until(
      'liveness to end',
      async () => {
        const answer = await liveness();
        return answer.startsWith('503') && answer;
      },
      20_000,
    );
    expect(stuck).toMatch(/^503 a reconcile has run for \d+ s$/);
    proxy.set('open');
    expect(await settled(liveness, '200 ok', 20_000)).toBe('200 ok');
    await until('the DaemonSet', () => cluster.daemonSet('stuck-control-plane'), 20_000);
  });
});
