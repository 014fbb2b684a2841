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

async function troubleOf(cluster: Cluster): Promise<readonly string[]> {
  try {
    const answers = await askReplicas(cluster, values['health-port']);
    const refusal = judgeRefusal(await askUnsafe(cluster));
    return [...judgeReplicas(Number(values.replicas), answers), ...(refusal === undefined ? [] : [refusal])];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

// The first process of a container has no default action for a signal: it would sit out its grace period.
process.on('SIGTERM', () => process.exit(1));

const cluster = clusterOf(process.env, values.account);
const endMs = performance.now() + 1000 * Number(values.seconds);
let trouble = await troubleOf(cluster);
while (trouble.length > 0 && performance.now() < endMs) {
  await sleep(everyMs);
  trouble = await troubleOf(cluster);
}
process.stdout.write(
  trouble.length === 0
    ? `ready: ${values.replicas} or more replicas, and an unsafe KubeVipConfig is refused\n`
    : `${trouble.join('\n')}\n`,
);
process.exit(trouble.length === 0 ? 0 : 1);
