// kill -9 right after a write: the API server has carried it out, and the operator never heard of it.
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { KubeVipConfig } from '../../../src/api/types.ts';
import { conditionsOf } from '../builders.ts';
import { paths } from '../cluster.ts';
import { stretched } from '../../stretched.ts';
import { until } from '../until.ts';
import { isWrite } from './proxy.ts';
import { address, type FaultStage } from './stage.ts';

const mostWrites = 60;

/** The write that the operator is killed at; empty before it comes to that. */
export interface Killed {
  readonly at: string;
}

/** Kills the operator right after the n-th write about objects of these names. */
function killAtWrite(stage: FaultStage, count: number, names: readonly string[]): Killed {
  const killed = { at: '' };
  const operator = stage.operator();
  let writes = 0;
  stage.proxy.set((seen) => {
    if (!isWrite(seen) || killed.at !== '' || !names.some((name) => seen.path.includes(`/${name}`))) {
      return undefined;
    }
    writes += 1;
    if (writes < count) {
      return undefined;
    }
    // Noted before it is carried out: what it does can be seen before its answer is here.
    killed.at = `${seen.method} ${seen.path.split('?')[0]?.split('/').slice(-2).join('/')}`;
    return { withhold: () => void operator.stop('SIGKILL') };
  });
  return killed;
}

/** Starts the operator that was killed anew. */
export async function restart(stage: FaultStage): Promise<void> {
  await stage.operator().ended;
  stage.proxy.set();
  await stage.start();
}

/** One run; `arm` begins to count writes. Resolves with what it was killed at, empty when it ended before. */
type Run = (count: number, arm: (names: readonly string[]) => Killed) => Promise<string>;

/** Repeats for each n until a run ends before its n-th write; returns what each was killed at. */
export async function forEveryWrite(stage: FaultStage, run: Run): Promise<readonly string[]> {
  const points: string[] = [];
  for (let count = 1; count <= mostWrites; count += 1) {
    const at = await run(count, (names) => killAtWrite(stage, count, names));
    stage.proxy.set();
    if (at === '') {
      return points;
    }
    points.push(at);
  }
  throw new Error(`expected fewer than ${mostWrites} writes, found: ${points.join('; ')}`);
}

/** DaemonSets that announce an address. */
export async function ownersOf({ admin }: FaultStage, octet: number): Promise<readonly string[]> {
  const { items } = await admin.expect<{ items: V1DaemonSet[] }>({ method: 'GET', path: paths.daemonSets });
  return items
    .filter(({ spec }) =>
      spec?.template.spec?.containers[0]?.env?.some(
        ({ name, value }) => name === 'address' && value === address(octet),
      ),
    )
    .map(({ metadata }) => metadata?.name ?? '');
}

const isSettled = ({ status, metadata }: KubeVipConfig, components: number): boolean =>
  status?.observedGeneration === metadata.generation &&
  (metadata.finalizers?.length ?? 0) === 1 &&
  status?.inventory?.length === components;

/** Accepted, and so many DaemonSets of it are there. */
export async function untilConverged(stage: FaultStage, name: string, components = 2): Promise<void> {
  await until(
    `${name} to be as it should`,
    async () => {
      const found = await stage.config(name);
      return (
        found !== undefined &&
        isSettled(found, components) &&
        conditionsOf(found)['Accepted'] === 'True Accepted'
      );
    },
    stretched(20_000),
  );
  await stage.untilRuns(`${name}-services`);
  if (components > 1) {
    await stage.untilRuns(`${name}-control-plane`);
  }
}

/** Whether nothing was written for a second. */
export const isQuiet = ({ proxy }: FaultStage): boolean =>
  Date.now() - (proxy.seen.findLast(isWrite)?.at ?? 0) > 1000;

/** Whether all is there and nothing was written for a second: the run is over. */
export async function isCalm(stage: FaultStage, name: string, components = 2): Promise<boolean> {
  const found = await stage.config(name);
  return found !== undefined && isSettled(found, components) && isQuiet(stage);
}
