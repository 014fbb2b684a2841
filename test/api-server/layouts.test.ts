// What runs where on the clusters that people have, with no placement in the spec. There is no DaemonSet controller here, so
// the nodes are computed twice: as preflight does it from the spec, and from the pod template that the operator applied.
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { V1DaemonSet, V1Node, V1PodSpec, V1Taint } from '@kubernetes/client-node';
import { effectiveSpec } from '../../src/api/defaults.ts';
import { componentName, type ComponentKind } from '../../src/api/metadata.ts';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { nodesOf, placementOf } from '../../src/observed/placement.ts';
import { specWith } from './builders.ts';
import { layouts, type Layout } from './layouts.ts';
import { onPreflightStage, vip, type PreflightStage } from './preflight-stage.ts';

const stageOf = onPreflightStage();
let scene: PreflightStage;

beforeAll(() => {
  scene = stageOf();
});

const placementChecks =
  /^(selector-matches-no-node|control-plane-node-is-missed|control-plane-on-workers|services-on-control-plane-\w+) /;

function isTolerated({ key, effect, value }: V1Taint, { tolerations = [] }: V1PodSpec): boolean {
  return tolerations.some(
    (row) =>
      (row.key ?? key) === key &&
      (row.effect ?? effect) === effect &&
      (row.operator === 'Exists' || (row.value ?? '') === (value ?? '')),
  );
}

// Of the condition of a node, which the API server gives every new one, and no distribution.
const isOfCondition = ({ key }: V1Taint): boolean => key.startsWith('node.kubernetes.io/');

/** Whether a node has the labels that a pod asks for: by value, and those of the one node affinity that is rendered. */
function isAskedFor({ metadata }: V1Node, pod: V1PodSpec): boolean {
  const { labels = {} } = metadata ?? {};
  const required = pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const expressions =
    required?.nodeSelectorTerms.flatMap(({ matchExpressions = [] }) => matchExpressions) ?? [];
  return (
    Object.entries(pod.nodeSelector ?? {}).every(([key, value]) => labels[key] === value) &&
    expressions.every(({ key, operator }) => (operator === 'Exists') === key in labels)
  );
}

const fits = (node: V1Node, pod: V1PodSpec): boolean =>
  isAskedFor(node, pod) &&
  (node.spec?.taints ?? []).every((taint) => isOfCondition(taint) || isTolerated(taint, pod));

const names = (nodes: readonly V1Node[]): string => nodes.map(({ metadata }) => metadata?.name).join(' ');

async function allNodes(): Promise<readonly V1Node[]> {
  const { items } = await scene.stage.admin.expect<{ items: V1Node[] }>({
    method: 'GET',
    path: '/api/v1/nodes',
  });
  return items;
}

/** Where a component runs: as preflight reads the spec, and as a DaemonSet controller reads the DaemonSet. */
async function runsOn(config: KubeVipConfig, kind: ComponentKind): Promise<readonly string[]> {
  const nodes = await allNodes();
  const part = placementOf(effectiveSpec(config), kind);
  const applied: V1DaemonSet | undefined = await scene.stage.daemonSet(componentName('edge', kind));
  const pod = applied?.spec?.template.spec;
  return [
    part === undefined ? 'not asked for' : names(nodesOf(nodes, kind, part)),
    pod === undefined ? 'not applied' : names(nodes.filter((node) => fits(node, pod))),
  ];
}

describe('by default', () => {
  it.each(layouts.map((layout) => [layout.name, layout] as const))(
    '%s',
    async (_, { nodes, controlPlane = {}, runsOn: expected, warns = [] }: Layout) => {
      const services = { preflight: { nodeProbe: 'Off' }, services: {} };
      await scene.prepare(
        nodes,
        specWith({ ...services, controlPlane: { addresses: [vip], ...controlPlane } }),
      );
      const config = await scene.judged();
      await scene.stage.untilRuns('edge-control-plane');
      await scene.stage.untilRuns('edge-services');
      const found = (config.status?.preflight ?? []).map(({ check }) => `${check} `);
      expect({
        controlPlane: await runsOn(config, 'control-plane'),
        services: await runsOn(config, 'services'),
        warns: found.filter((row) => placementChecks.test(row)).map((row) => row.trim()),
      }).toEqual({
        controlPlane: [expected.controlPlane, expected.controlPlane],
        services: [expected.services, expected.services],
        warns,
      });
    },
  );
});
