// What witnesses ask of an API server while nothing changes: `npm run bench:witness-idle [NODES SERVICES [SECONDS]]`, which fails when it
// is more than one request a second. The nodes are put into etcd, and a proxy counts what the operator asks for. The witnesses are played:
// each renews its Lease every five seconds, with one request, as the real one does (witness/internal/cluster/lease.go).
import { setTimeout as sleep } from 'node:timers/promises';
import { segmentId } from '../../src/witness/segments.ts';
import { renewSeconds } from '../../src/witness/contract.ts';
import { describeTraffic, type Seen } from '../api-server/faults/proxy.ts';
import { addressOf, node, service, store } from '../api-server/faults/seed.ts';
import { since, startFaultStage, type FaultStage } from '../api-server/faults/stage.ts';
import { answerProbe, probeArgs } from '../api-server/played-probe.ts';
import { heard, Witnesses } from '../api-server/played-witness.ts';
import { prepareCluster } from '../api-server/prepare.ts';
import { removePrepared } from '../api-server/prepared.ts';
import { until } from '../api-server/until.ts';

const [, , nodes = '5000', services = '20000', windowText = '120'] = process.argv;
const windowSeconds = Number(windowText);
const subnet = '10.0.0.0/8';
const address = '10.100.0.1';
const mac = '02:00:00:00:00:01';
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const isOwnLease = ({ path }: Seen): boolean => /\/leases\/kube-vip-operator/.test(path);
const asked = (stage: FaultStage, from: number): readonly Seen[] =>
  since(stage, from).filter((row) => !row.isWatch && !isOwnLease(row));

/** Resolves when the operator has asked nothing for a while: what follows a change is over. */
const untilIdle = (stage: FaultStage): Promise<unknown> =>
  until('40 s without a request', () => asked(stage, Date.now() - 40_000).length === 0, 600_000);

/** The witnesses write from now on, until they are stopped. Resolves with how many writes there were. */
function play(witnesses: Witnesses, names: readonly string[]): () => Promise<number> {
  let writes = 0;
  const over = new AbortController();
  const running = (async () => {
    while (!over.signal.aborted) {
      const pause = sleep(renewSeconds * 1000);
      await Promise.all(names.map((name) => witnesses.answer(name, heard(address, [mac], false))));
      writes += names.length;
      await pause;
    }
  })();
  return async () => {
    over.abort();
    await running;
    return writes;
  };
}

async function count(stage: FaultStage, what: string): Promise<number> {
  await untilIdle(stage);
  const from = Date.now();
  await sleep(windowSeconds * 1000);
  const seen = asked(stage, from);
  print(`${what}: ${seen.length} requests of the operator in ${windowSeconds} s: ${describeTraffic(seen)}`);
  return seen.length;
}

await prepareCluster();
const stage = await startFaultStage({ args: probeArgs });
try {
  await store(
    stage,
    range(Number(nodes)).map((index) => node(index)),
  );
  await store(stage, range(Number(services)).map(service));
  print(`${nodes} nodes and ${services} Services made`);
  const spec = {
    controlPlane: {
      addresses: [address],
      apiAccess: 'Service',
      nodeSelector: { type: 'kwok' },
      tolerations: [{ operator: 'Exists' }],
    },
    preflight: { nodeProbe: 'BestEffort' },
    witness: 'Off',
  };
  await stage.create('edge', 100, spec);
  const nic = { name: 'eth0', isUp: true, mac, subnets: [`${addressOf(0)}/8`] };
  await answerProbe(stage, 'edge', 'control-plane', { node: 'node-0', said: { interface: nic } });
  await stage.untilRuns('edge-control-plane').catch(async (cause: unknown) => {
    const { preflight } = (await stage.config('edge'))?.status ?? {};
    throw new Error(`expected kube-vip to be applied, found ${JSON.stringify(preflight)}`, { cause });
  });
  await stage.play.runPod('edge-control-plane', 'node-0');
  await stage.play.observe('edge-control-plane', { desired: 1, updated: 1, ready: 1 });
  await stage.play.hold('edge-control-plane', { holder: 'node-0' });
  const off = await count(stage, 'without witnesses');

  await stage.change('edge', { witness: 'On' });
  const segment = segmentId([subnet]);
  await stage.untilRuns(`kube-vip-witness-${segment}`, 60_000);
  const witnesses = new Witnesses(stage, segment);
  await until('two Leases', async () => (await witnesses.nodes()).length === 2, 60_000);
  const stop = play(witnesses, await witnesses.nodes());
  const begin = Date.now();
  const on = await count(stage, 'with witnesses');
  const writes = await stop();
  const perSecond = writes / ((Date.now() - begin) / 1000);
  const { owners = [] } = (await stage.config('edge'))?.status?.controlPlane ?? {};
  const more = (on - off) / windowSeconds + perSecond;
  print(
    `${owners.map((row) => row.node ?? row.mac).join(' ')} has ${address}. The witnesses write ${perSecond.toFixed(2)} times a second, and the operator asks ${((on - off) / windowSeconds).toFixed(2)} times a second more: ${more.toFixed(2)} requests a second in all (target: at most 1)`,
  );
  if (!(more <= 1) || owners.length === 0) {
    print(`MISSED: expected an owner, and at most one request a second more, found ${more.toFixed(2)}`);
    process.exitCode = 1;
  }
} finally {
  await stage.stop();
  removePrepared();
}
