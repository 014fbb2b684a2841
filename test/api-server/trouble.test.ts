// What goes wrong between the operator and its API server: the cause and what to do in one line, back-off, and
// recovery by itself, in the same process.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { freePorts } from '../free-ports.ts';
import { Actors } from './actors.ts';
import { conditionsOf, messageOf, specWith, written } from './builders.ts';
import { paths, startCluster, untilServed, type TestCluster } from './cluster.ts';
import { health, startOperator, type LogLine, type Operator } from './operator.ts';
import { takeDaemonSetWrites } from './rights.ts';
import { stretched } from '../stretched.ts';
import { settled, until } from './until.ts';
import { noTolerationOfA, podSpecWith } from './policy-of-the-cluster.ts';

jest.setTimeout(60_000);

let cluster: TestCluster;
let play: Actors;
const running: Operator[] = [];

beforeAll(async () => {
  cluster = await startCluster();
  play = new Actors(cluster.admin);
}, 60_000);

afterEach(async () => {
  for (const operator of running.splice(0)) {
    const { code, ms, hung } = await operator.stop();
    const found = `expected SIGTERM to end it within 2 s and with code 0, found ${ms} ms and ${code}\n${hung}`;
    if (code !== 0 || ms > stretched(2000)) throw new Error(found);
  }
});

afterAll(() => cluster?.stop());

interface Started {
  readonly operator: Operator;
  readonly port: number;
}

async function start(kubeconfig = cluster.kubeconfig): Promise<Started> {
  const [port = 0] = await freePorts(1);
  const operator = startOperator({ kubeconfig, args: ['--health-port', String(port)] });
  running.push(operator);
  return { operator, port };
}

const untilReady = ({ port }: Started, ms = 40_000) =>
  until('readyz to say ok', async () => (await health(port, '/readyz')) === '200 ok', ms);

const isTrouble = ({ level }: LogLine): boolean => level === 'error' || level === 'warn';

/** The next step that goes with a cause; whatever was printed is JSON, and without a stack trace. */
async function todoFor({ operator }: Started, cause: RegExp): Promise<unknown> {
  const fits = (row: LogLine): boolean => isTrouble(row) && cause.test(String(row['cause']));
  const line = await operator.waitForLog(`gives ${cause} as cause`, fits, 20_000);
  expect(operator.logs.filter(isTrouble).filter((row) => !('cause' in row && 'todo' in row))).toEqual([]);
  expectNoTrace(operator);
  return line['todo'];
}

function expectNoTrace(operator: Operator): void {
  const printed = operator.output().trimEnd();
  expect(printed).not.toMatch(/^\s+at |\\n +at |"stack"/m);
  expect(printed.split('\n').filter((line) => !line.startsWith('{"level"'))).toEqual([]);
  expect(operator.isRunning()).toBe(true);
}

let lastOctet = 10;

/** The same process still does its work: a new object becomes a DaemonSet. */
async function expectWorks({ operator }: Started, name: string): Promise<void> {
  lastOctet += 1;
  const body = written(name, specWith({ controlPlane: { addresses: [`203.0.113.${lastOctet}`] } }));
  await cluster.admin.expect({ method: 'POST', path: paths.configs, body });
  await until(`DaemonSet ${name}-control-plane`, () => cluster.daemonSet(`${name}-control-plane`), 20_000);
  expectNoTrace(operator);
}

describe('a kubeconfig', () => {
  const fixIt = /^correct the kubeconfig that KUBECONFIG or --kubeconfig names; it is read again/;
  const replaced = (what: RegExp, by: string) => (good: string) => good.replace(what, by);

  it.each<[string, (good: string) => string | undefined, RegExp, RegExp]>([
    ['that is not there', () => undefined, /bad: expected a kubeconfig in YAML, .*ENOENT/, fixIt],
    ['that is not YAML', () => '{{ not: [yaml', /bad: expected a kubeconfig in YAML, found something/, fixIt],
    ['that is empty', () => '', /bad: .*the input is empty/, fixIt],
    [
      'whose context is missing',
      replaced(/current-context: .*/, 'current-context: other'),
      /bad: expected current-context to lead to a cluster with an https URL as server, found none/,
      fixIt,
    ],
    [
      'whose server is no URL',
      replaced(/server: .*/, 'server: nowhere'),
      /bad: expected .* an https URL as server, found nowhere/,
      fixIt,
    ],
    [
      'whose authority is not there',
      replaced(/certificate-authority: .*/, 'certificate-authority: /no/ca.crt'),
      /ENOENT.*\/no\/ca\.crt/,
      /^make the file readable/,
    ],
    [
      'whose authority did not sign',
      replaced(/certificate-authority: .*/, 'insecure-skip-tls-verify: false'),
      /certificate/,
      /^check certificate-authority in the kubeconfig/,
    ],
    [
      'whose token is unknown',
      replaced(/token: .*/, 'token: nonsense'),
      /401 Unauthorized/,
      /^give the operator valid credentials/,
    ],
    [
      'whose server nobody runs',
      replaced(/server: .*/, 'server: https://127.0.0.1:NOBODY'),
      /ECONNREFUSED/,
      /^check that the API server runs/,
    ],
  ])('%s is reported, read again, and good once it is mended', async (_, spoil, cause, todo) => {
    const good = readFileSync(cluster.kubeconfig, 'utf8');
    const [nobody] = await freePorts(1);
    const file = join(cluster.api.dir, `${running.length}-bad`);
    const bad = spoil(good)?.replace('NOBODY', String(nobody));
    if (bad !== undefined) {
      writeFileSync(file, bad);
    }
    const started = await start(file);
    expect(await todoFor(started, cause)).toMatch(todo);
    expect(await health(started.port, '/readyz')).toMatch(/^503 waiting for /);
    writeFileSync(file, good);
    await untilReady(started);
    expectNoTrace(started.operator);
  });
});

describe('the cluster', () => {
  const installCrd = 'install the CustomResourceDefinition: kubectl apply -k config/crd';
  const grantRights = 'grant the operator what config/rbac says: kubectl apply -k config/rbac';
  const checkServer = 'check that the API server runs and that its address in the kubeconfig is right';
  const apply = (folder: string) => cluster.api.kubectl('apply', '-k', folder);

  // One that fails must not spoil the next.
  afterEach(async () => {
    await apply('config/crd');
    await apply('config/rbac');
  });

  it('without the CRD is waited for, and what it is missing is said once per attempt', async () => {
    await cluster.admin.expect({ method: 'DELETE', path: paths.crd });
    const started = await start();
    expect(await todoFor(started, /kubevipconfigs: 404/)).toBe(installCrd);
    await started.operator.waitForLog('backs off', ({ retryMs }) => retryMs === 2000);
    const pauses = started.operator.logs.filter(isTrouble).map(({ retryMs }) => retryMs);
    expect(pauses).toEqual([500, 1000, 2000]);
    expect(await health(started.port, '/readyz')).toBe('503 waiting for configs');
    await apply('config/crd');
    await untilServed(cluster.admin);
    await untilReady(started);
    await expectWorks(started, 'crd');
    await cluster.admin.expect({ method: 'DELETE', path: `${paths.configs}/crd` });
    await until('it to be gone', async () => {
      await play.collectGarbage();
      return (await cluster.config('crd')) === undefined;
    });
  });

  it('that loses the CRD while the operator runs is waited for', async () => {
    const started = await start();
    await untilReady(started);
    await cluster.admin.expect({ method: 'DELETE', path: paths.crd });
    expect(await todoFor(started, /kubevipconfigs: 404/)).toBe(installCrd);
    await apply('config/crd');
    await untilServed(cluster.admin);
    await expectWorks(started, 'crd-again');
  });

  it('without the permission to look is waited for', async () => {
    const binding = 'clusterrolebinding/kube-vip-operator';
    // The deletion is refused without that.
    await cluster.api.kubectl('annotate', binding, 'kubevip.dev/allow-deletion=true');
    await cluster.api.kubectl('delete', binding);
    const started = await start();
    // Which watch of the whole cluster is refused first is open; all need the same.
    const cause =
      /: 403 \S+ is forbidden: User "system:serviceaccount:kube-vip-system:kube-vip-operator" cannot list resource "\w+" in API group "[^"]*" at the cluster scope/;
    expect(await todoFor(started, cause)).toBe(grantRights);
    await apply('config/rbac');
    await untilReady(started);
    await expectWorks(started, 'look');
  });

  it('without the permission to write says so in status too, and makes up for it', async () => {
    const started = await start();
    await untilReady(started);
    await takeDaemonSetWrites(cluster.admin);
    const body = written('write', specWith({ controlPlane: { addresses: ['203.0.113.99'] } }));
    await cluster.admin.expect({ method: 'POST', path: paths.configs, body });
    const cause = /403 daemonsets\.apps "write-control-plane" is forbidden/;
    expect(await todoFor(started, cause)).toBe(grantRights);
    const programmed = async () => conditionsOf(await cluster.config('write'))['Programmed'];
    expect(await settled(programmed, 'False ApplyFailed')).toBe('False ApplyFailed');
    expect(messageOf(await cluster.config('write'), 'Programmed')).toMatch(cause);
    expect(messageOf(await cluster.config('write'), 'Programmed')).toMatch(/kubectl apply -k config\/rbac/);
    await apply('config/rbac');
    await until('the DaemonSet', () => cluster.daemonSet('write-control-plane'), 20_000);
    expect(await settled(programmed, 'False Applying')).toBe('False Applying');
  });

  it('that refuses a DaemonSet is quoted, and taken up again when the spec is mended', async () => {
    // No spec that is admitted is refused by Kubernetes itself, but a policy of the cluster may.
    await cluster.api.apply(noTolerationOfA);
    const toleration = { key: 'a', operator: 'Exists' };
    const body = { metadata: { name: 'probe' }, spec: podSpecWith([toleration]) };
    const dryRun = { method: 'POST', path: `${paths.daemonSets}?dryRun=All`, body } as const;
    await until('the policy', async () => cluster.admin.refusal(dryRun), 40_000);
    const started = await start();
    const spec = (tolerations: readonly object[]) =>
      specWith({ controlPlane: { addresses: ['203.0.113.98'], tolerations } });
    const odd = written('odd', spec([toleration]));
    await cluster.admin.expect({ method: 'POST', path: paths.configs, body: odd });
    expect(await todoFor(started, /422 .*taint a is not tolerated here/)).toBe(
      'correct the field of the KubeVipConfig that the cause names',
    );
    const path = `${paths.configs}/odd`;
    await cluster.admin.expect({ method: 'PATCH', path, body: { spec: spec([]) }, type: 'merge' });
    await until('the DaemonSet', () => cluster.daemonSet('odd-control-plane'), 20_000);
  });

  it('whose API server stops and starts is waited for by who saw it and who did not', async () => {
    const before = await start();
    await untilReady(before);
    await cluster.api.stopApi();
    const after = await start();
    const unreachable = /ECONNREFUSED|closed|ECONNRESET/;
    expect(await todoFor(before, unreachable)).toBe(checkServer);
    expect(await todoFor(after, unreachable)).toBe(checkServer);
    await cluster.api.startApi();
    await expectWorks(before, 'meanwhile');
    await untilReady(after);
    await expectWorks(after, 'later');
    expectNoTrace(before.operator);
  });
});
