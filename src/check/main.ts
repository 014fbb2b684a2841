// The check of an install, a program of its own: `helm test` runs it in a pod. It ends with 1 and says why when an
// install does not hold what it promises.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { askReplicas, askUnsafe, clusterOf, type Cluster } from './asking.ts';
import { judgeRefusal, judgeReplicas } from './judge.ts';

const everyMs = 1000;

const { values } = parseArgs({
  options: {
    account: { type: 'string', default: '/var/run/secrets/kubernetes.io/serviceaccount' },
    'health-port': { type: 'string', default: '8081' },
    replicas: { type: 'string', default: '1' },
    // A rollout may be under way.
    seconds: { type: 'string', default: '120' },
  },
});

const saidBy = (work: Promise<readonly string[]>): Promise<readonly string[]> =>
  work.catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);

async function replicasOf(cluster: Cluster): Promise<readonly string[]> {
  return judgeReplicas(Number(values.replicas), await askReplicas(cluster, values['health-port']));
}

async function refusalOf(cluster: Cluster): Promise<readonly string[]> {
  const sentence = judgeRefusal(await askUnsafe(cluster));
  return sentence === undefined ? [] : [sentence];
}

// The first process of a container has no default action for a signal: it would sit out its grace period.
process.on('SIGTERM', () => process.exit(1));

const cluster = clusterOf(process.env, values.account);
const endMs = performance.now() + 1000 * Number(values.seconds);
let unready = await saidBy(replicasOf(cluster));
while (unready.length > 0 && performance.now() < endMs) {
  await sleep(everyMs);
  unready = await saidBy(replicasOf(cluster));
}
const trouble = [...unready, ...(await saidBy(refusalOf(cluster)))];
process.stdout.write(
  trouble.length === 0
    ? `ready: ${values.replicas} or more replicas, and an unsafe KubeVipConfig is refused\n`
    : `${trouble.join('\n')}\n`,
);
process.exit(trouble.length === 0 ? 0 : 1);
