// The checks of an install, a program of its own: `helm test` runs it in a pod, and `helm uninstall` before anything goes. It
// ends with 1 and says why when an install does not hold what it promises, or is needed.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { askConfigs, askReplicas, askUnsafe, clusterOf, type Cluster } from './asking.ts';
import { judgeRefusal, judgeReplicas, judgeUninstall } from './judge.ts';

const everyMs = 1000;

const { values } = parseArgs({
  options: {
    account: { type: 'string', default: '/var/run/secrets/kubernetes.io/serviceaccount' },
    'health-port': { type: 'string', default: '8081' },
    replicas: { type: 'string', default: '1' },
    // A rollout may be under way.
    seconds: { type: 'string', default: '120' },
    // Asks only whether the install may go.
    uninstall: { type: 'boolean', default: false },
  },
});

const saidBy = (work: Promise<readonly string[]>): Promise<readonly string[]> =>
  work.catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);

const sentences = (sentence: string | undefined): readonly string[] =>
  sentence === undefined ? [] : [sentence];

async function replicasOf(cluster: Cluster): Promise<readonly string[]> {
  return judgeReplicas(Number(values.replicas), await askReplicas(cluster, values['health-port']));
}

/** What is wrong with an install, once its rollout had time to end. */
async function troubleOf(cluster: Cluster): Promise<readonly string[]> {
  const endMs = performance.now() + 1000 * Number(values.seconds);
  let unready = await saidBy(replicasOf(cluster));
  while (unready.length > 0 && performance.now() < endMs) {
    await sleep(everyMs);
    unready = await saidBy(replicasOf(cluster));
  }
  const refusal = async (): Promise<readonly string[]> => sentences(judgeRefusal(await askUnsafe(cluster)));
  return [...unready, ...(await saidBy(refusal()))];
}

const neededBy = async (cluster: Cluster): Promise<readonly string[]> =>
  sentences(judgeUninstall(await askConfigs(cluster)));

// The first process of a container has no default action for a signal: it would sit out its grace period.
process.on('SIGTERM', () => process.exit(1));

const cluster = clusterOf(process.env, values.account);
const well = values.uninstall
  ? 'no KubeVipConfig is left'
  : `ready: ${values.replicas} or more replicas, and an unsafe KubeVipConfig is refused`;
const trouble = values.uninstall ? await saidBy(neededBy(cluster)) : await troubleOf(cluster);
process.stdout.write(`${trouble.length === 0 ? well : trouble.join('\n')}\n`);
process.exit(trouble.length === 0 ? 0 : 1);
