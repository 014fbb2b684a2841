// The probe of nodes, played by hand: one node answers for all.
import type { ComponentKind } from '../../src/api/metadata.ts';
import { nodeReport, type Said } from '../node-world.ts';
import { podName } from './actors.ts';
import { paths } from './cluster.ts';
import { install, nodeObject } from './cluster-objects.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

/** What the flags of an operator have to say, so that its nodes can be asked. */
export const probeArgs = ['--probe-image', 'registry.example.org/operator:v1'] as const;

/** Nodes that report, `n1` at 203.0.113.11 and so on; those of the control plane first. */
export async function makeNodes(
  stage: Stage,
  {
    from = 1,
    masters,
    workers,
  }: { readonly from?: number; readonly masters: number; readonly workers: number },
): Promise<void> {
  const nodes = Array.from({ length: masters + workers }, (_, index) =>
    nodeObject(`n${index + from}`, {
      address: `203.0.113.1${index + from}`,
      podRange: `198.18.${index + from}.0/24`,
      kubelet: 'v1.36.3',
      labels: index < masters ? { 'node-role.kubernetes.io/control-plane': '' } : {},
    }),
  );
  await install(stage.admin, nodes);
}

/** The kubelet of a node has run the probe of a component to its end, and its pods are gone. */
export async function answerProbe(
  stage: Pick<Stage, 'admin' | 'play' | 'untilRuns' | 'daemonSet'>,
  config: string,
  component: ComponentKind,
  { node = 'n1', said = {} }: { readonly node?: string; readonly said?: Said } = {},
): Promise<void> {
  const name = `${config}-${component}-probe`;
  await stage.untilRuns(name);
  await stage.play.observe(name, { desired: 1, updated: 1, ready: 0 });
  await stage.play.runPod(name, node, false);
  const run = (await stage.daemonSet(name))?.metadata?.annotations?.['kubevip.dev/probe-run'] ?? '';
  const terminated = { exitCode: 0, message: JSON.stringify(nodeReport(node, run, said)) };
  const container = { name: 'probe', image: 'x', imageID: '', ready: false, restartCount: 0 };
  await stage.admin.expect({
    method: 'PATCH',
    path: `${paths.pods}/${podName(name, node)}/status`,
    body: { status: { containerStatuses: [{ ...container, state: { terminated } }] } },
    type: 'strategic',
  });
  await until('the probe to be deleted', async () => {
    await stage.play.collectGarbage();
    return (await stage.daemonSet(name)) === undefined;
  });
  await stage.play.endPod(name, node);
}
