// Ready means traffic: who holds the Lease, and what answers at the address, each change told within a bound.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { askLivez } from '../../src/cluster/livez.ts';
import { alarmMs, asking, hangAlarmMs } from '../../src/observed/address-state.ts';
import { valuesOf } from '../metrics/exposition.ts';
import { messageOf, specWith } from './builders.ts';
import { ownAddress, playHttps, type HttpsServer } from './https-server.ts';
import { startStage, type Stage } from './stage.ts';
import { settled, until } from './until.ts';

jest.setTimeout(60_000);

const name = 'edge-control-plane';
const leaseSeconds = 6;
const address = ownAddress();
// No node of these tests is asked, so no network is known.
const unwatched = `No witness can tell who answers for ${address}: expected the subnets of the nodes, found none: no probe of the nodes has run, or spec.preflight.nodeProbe is Off.`;

let stage: Stage;
let apiServer: HttpsServer;
let status = 200;
let port = 0;

const serve = async (): Promise<void> => {
  apiServer = await playHttps(stage.api.dir, () => ({ status, body: '' }), port);
  port = apiServer.port;
};

// Renews as kube-vip does, until the test says that it does not.
let holder: string | undefined;
let renewing: Promise<void>;
const renew = async (): Promise<void> => {
  while (!stopping.signal.aborted) {
    if (holder !== undefined) {
      await stage.play.hold(name, { holder, durationSeconds: leaseSeconds });
    }
    await sleep(500);
  }
};
const stopping = new AbortController();

/** Milliseconds until Ready is this. */
async function untilReadyIs(wanted: string, ms: number): Promise<number> {
  const since = Date.now();
  const { Ready } = await stage.conditions('edge', {}, 0);
  let last = Ready;
  while (last !== wanted && Date.now() - since < ms) {
    await sleep(20);
    last = (await stage.conditions('edge', {}, 0))['Ready'];
  }
  expect(last).toBe(wanted);
  return Date.now() - since;
}

const ready = async (): Promise<string> => messageOf(await stage.config('edge'), 'Ready') ?? '';
const proven = async (): Promise<object> =>
  valuesOf(await (await stage.page('/metrics')).text(), 'kube_vip_operator_config_address_proven');
const say = (what: string, ms: number): void => void process.stdout.write(`${what}: ${ms} ms\n`);

async function addNode(node: string): Promise<void> {
  await stage.admin.expect({ method: 'POST', path: '/api/v1/nodes', body: { metadata: { name: node } } });
}

beforeAll(async () => {
  stage = await startStage({ args: ['--probe-addresses', 'on'], env: { POD_NODE_NAME: 'n2' } });
  await addNode('n1');
  await addNode('n2');
  await addNode('n9');
  await serve();
  const controlPlane = { addresses: [address], port, apiAccess: 'Service' };
  const leaderElection = {
    leaseDurationSeconds: leaseSeconds,
    renewDeadlineSeconds: 2,
    retryPeriodSeconds: 1,
  };
  await stage.create('edge', specWith({ controlPlane, leaderElection }));
  await stage.untilRuns(name);
  await stage.play.runPod(name, 'n1');
  await stage.play.runPod(name, 'n2');
  await stage.play.observe(name, { desired: 2, updated: 2, ready: 2 });
  holder = 'n1';
  renewing = renew();
}, 60_000);

afterAll(async () => {
  stopping.abort();
  await renewing;
  await apiServer?.stop();
  await stage?.stop();
});

describe('what answers at the address', () => {
  it('makes it ready', async () => {
    say('held and answered', await untilReadyIs('True Held', 10_000));
    const said = `${address} on n1. ${unwatched}`;
    expect(await settled(ready, said)).toBe(said);
    expect(await proven()).toEqual({ edge: 1 });
    expect(apiServer.asked).toContain('/livez');
  });

  it('is an API server that says 500: told, and where nothing moves the address, that too', async () => {
    status = 500;
    say('livez 500', await untilReadyIs('False ApiServerDead', alarmMs + 1000));
    expect(await ready()).toBe(
      `${address}: the API server on n1 is dead. Expected a live API server at ${address}:${port}, found that /livez says HTTP 500. Mend that API server, delete the pod of n1, or set spec.controlPlane.apiAccess: Local. With apiAccess: Service the address stays there and leads to a dead API server.`,
    );
    status = 200;
    say('livez 200', await untilReadyIs('True Held', 3500));
  });

  it('is nobody at that port', async () => {
    await apiServer.stop();
    say('refused', await untilReadyIs('False ApiServerDead', alarmMs + 1000));
    expect(await ready()).toContain('found that the connection is refused');
    await serve();
    say('served again', await untilReadyIs('True Held', 3500));
  });

  it('is a listener that accepts and then hangs', async () => {
    await apiServer.stop();
    const accepted = new Set<Socket>();
    const hanging = createServer((socket) => void accepted.add(socket));
    await new Promise<void>((resolve) => hanging.listen(port, resolve));
    say('accepted, nothing said', await untilReadyIs('False ApiServerDead', hangAlarmMs + 1000));
    expect(await ready()).toContain(
      `Expected a live API server at ${address}:${port}, found that connections are accepted and then nothing is said within 3000 ms: it hangs, is stopped, or has far too much to do.`,
    );
    accepted.forEach((socket) => socket.destroy());
    await new Promise((resolve) => hanging.close(resolve));
    await serve();
    await untilReadyIs('True Held', 3500);
  });

  it('is no alarm when it is silent for the time of a hand-over', async () => {
    const before = (await stage.config('edge'))?.status?.conditions?.find(({ type }) => type === 'Ready');
    await apiServer.stop();
    await sleep(5500);
    await serve();
    await sleep(3000);
    const after = (await stage.config('edge'))?.status?.conditions?.find(({ type }) => type === 'Ready');
    expect(after).toEqual(before);
  });

  it('is said to prove nothing when the operator runs on the node that holds it', async () => {
    const said = `${address} on n2. The operator asks from n2 itself, which is no proof of the network. ${unwatched}`;
    holder = 'n2';
    expect(await settled(ready, said)).toBe(said);
    expect(await settled(proven, { edge: 0 })).toEqual({ edge: 0 });
    holder = 'n1';
    await until(
      'status to name n1',
      async () => (await stage.config('edge'))?.status?.controlPlane?.holder === 'n1',
    );
  });
});

describe('the Lease, within one lease duration', () => {
  it.each([
    [
      'held by a stranger that is no node',
      'thief',
      'False LeaseStolen',
      /^\S+: Lease edge-control-plane is held by thief/,
    ],
    ['held by a node without pod', 'n9', 'False HolderWithoutPod', /names n9, which runs no pod/],
  ])('%s', async (_, who, reason, message) => {
    holder = who;
    say(reason, await untilReadyIs(reason, leaseSeconds * 1000));
    expect(await ready()).toMatch(message);
    holder = 'n1';
    await untilReadyIs('True Held', leaseSeconds * 1000);
  });

  it('not renewed', async () => {
    holder = undefined;
    // From the last renewal: until it has run out nothing is wrong.
    say('False LeaseStale', await untilReadyIs('False LeaseStale', 2 * leaseSeconds * 1000));
    expect(await ready()).toMatch(
      /n1 does not renew Lease edge-control-plane\. Expected a renewal every 6 s/,
    );
    holder = 'n1';
    await untilReadyIs('True Held', leaseSeconds * 1000);
  });
});

it('writes no status while nothing changes', async () => {
  const version = async () => (await stage.config('edge'))?.metadata.resourceVersion;
  await sleep(1000);
  const before = await version();
  await sleep(8000);
  expect(await version()).toBe(before);
});

it('knows a real API server that is stopped, whose connections the kernel accepts', async () => {
  const { hostname, port: real } = new URL(stage.api.url);
  const ask = async (): Promise<string> =>
    (await askLivez({ address: hostname, port: Number(real) }, asking)).kind;
  expect(await ask()).toBe('alive');
  stage.api.pauseApi();
  const stopped = await ask();
  stage.api.resumeApi();
  expect(stopped).toBe('dead');
  expect(await ask()).toBe('alive');
});
