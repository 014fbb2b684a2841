// Two minutes without an API server, and a token that is no longer good when it comes back: the same process goes
// on, does what changed meanwhile, and writes nothing about what did not.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { namespace } from '../cluster.ts';
import { settled, until } from '../until.ts';
import { describeTraffic, isWrite } from './proxy.ts';
import { print, since, startFaultStage, withTokenFile, type FaultStage } from './stage.ts';
import { stretched } from '../../stretched.ts';

jest.setTimeout(300_000);

const outageMs = 120_000;
const names = Array.from({ length: 5 }, (_, index) => `calm-${index}`);
const secret = (name: string) => `/api/v1/namespaces/${namespace}/secrets/${name}`;

let stage: FaultStage;
let tokenFile: string;
const stopped = new AbortController();
let beating: Promise<void>;

/** A token that dies with a Secret. */
async function tokenOf(name: string): Promise<string> {
  await stage.admin.expect({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/secrets`,
    body: { metadata: { name } },
  });
  const bound = ['--bound-object-kind', 'Secret', '--bound-object-name', name];
  return (await stage.api.kubectl('create', 'token', 'kube-vip-operator', '-n', namespace, ...bound)).trim();
}

/** kube-vip renews its Leases for as long as it finds an API server. */
async function beat(): Promise<void> {
  while (!stopped.signal.aborted) {
    for (const name of names) {
      await stage.play.hold(`${name}-control-plane`, { holder: 'n1' }).catch(() => undefined);
    }
    await sleep(2000);
  }
}

beforeAll(async () => {
  stage = await startFaultStage();
  await stage.operator().stop();
  tokenFile = join(stage.api.dir, 'token');
  writeFileSync(tokenFile, await tokenOf('first'));
  await stage.start(withTokenFile(stage, readFileSync(stage.proxy.kubeconfig, 'utf8'), tokenFile));
  for (const [index, name] of names.entries()) {
    await stage.create(name, index + 1);
    await stage.untilRuns(`${name}-control-plane`);
    await stage.play.runHealthy(`${name}-control-plane`, 'n1');
  }
  beating = beat();
}, 120_000);

afterAll(async () => {
  stopped.abort();
  await beating;
  await stage?.stop();
});

it('survives an API server that is down for two minutes, and the token that went with it', async () => {
  const operator = stage.operator();
  for (const name of names) {
    expect(await settled(() => stage.ready(name), 'True Held')).toBe('True Held');
  }
  const second = await tokenOf('second');
  await stage.api.stopApi();
  const down = Date.now();
  writeFileSync(tokenFile, second);
  await sleep(outageMs);
  const during = since(stage, down);
  print(`API server down for ${outageMs / 1000} s: ${during.length} requests, ${describeTraffic(during)}`);
  // Seven watches, each every 15 s at most once the pauses have grown; and what the election asks.
  expect(during.filter(({ path }) => !path.includes('/leases/')).length).toBeLessThan(7 * 25);

  await stage.api.startApi();
  const back = Date.now();
  await stage.admin.expect({ method: 'DELETE', path: secret('first') });
  await stage.create('new', 50);
  await stage.change('calm-0', { arp: { announceIntervalSeconds: 9 } });
  const changed = async () => {
    const env = (await stage.daemonSet('calm-0-control-plane'))?.spec?.template.spec?.containers[0]?.env;
    return env?.find(({ name }) => name === 'vip_arpRate')?.value === '9000';
  };
  await stage.untilRuns('new-control-plane', 60_000);
  await until('the change', changed, 60_000);
  const took = Date.now() - back;
  await sleep(10_000);
  const after = since(stage, back);
  const writes = after.filter(isWrite);
  print(`back: both changes done after ${took} ms; ${after.length} requests, ${describeTraffic(after)}`);
  expect(operator.isRunning()).toBe(true);
  expect(stage.operator()).toBe(operator);
  expect(took).toBeLessThan(stretched(25_000));
  const calm = names.slice(1);
  expect(writes.filter(({ path }) => calm.some((name) => path.includes(name)))).toEqual([]);
  expect(writes.length).toBeLessThanOrEqual(12);
  for (const name of calm) {
    expect(await stage.ready(name)).toBe('True Held');
  }
});

it('takes the new token when its file is replaced, before the old one is missed for long', async () => {
  const third = await tokenOf('third');
  writeFileSync(tokenFile, third);
  await stage.admin.expect({ method: 'DELETE', path: secret('second') });
  const from = Date.now();
  stage.proxy.cutWatches();
  await stage.create('rotated', 51);
  await stage.untilRuns('rotated-control-plane', 90_000);
  const refused = since(stage, from).filter(({ status }) => status === 401).length;
  print(
    `token revoked at once: a new config runs after ${Date.now() - from} ms, ${refused} requests refused`,
  );
  // client-node reads the file once a minute; a kubelet replaces it long before the old one ends.
  expect(Date.now() - from).toBeLessThan(stretched(80_000));
});
