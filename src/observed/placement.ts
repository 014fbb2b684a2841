// Which nodes the pods of a function run on, as the scheduler decides it for a DaemonSet.
import type { V1Node, V1Taint } from '@kubernetes/client-node';
import type { EffectiveSpec, Placement } from '../api/defaults.ts';
import type { ComponentKind } from '../api/metadata.ts';
import type { Toleration } from '../api/types.ts';
import { controlPlaneLabel } from '../render/placement.ts';
import { oncePer } from './once.ts';

/** Whether a node has the label of the control plane, whatever its value. */
export const isControlPlane = ({ metadata }: V1Node): boolean =>
  metadata?.labels?.[controlPlaneLabel] !== undefined;

const isLinux = ({ metadata }: V1Node): boolean => metadata?.labels?.['kubernetes.io/os'] === 'linux';

/** Where a spec wants the pods of a component; undefined: it does not ask for the component. */
export const placementOf = (spec: EffectiveSpec, component: ComponentKind): Placement | undefined =>
  component === 'control-plane' ? spec.controlPlane : spec.services;

/** Whether a node has the labels that a function asks for. */
export function isSelected(
  node: V1Node,
  component: ComponentKind,
  { nodeSelector }: Pick<Placement, 'nodeSelector'>,
): boolean {
  if (!isLinux(node)) {
    return false;
  }
  return nodeSelector === undefined
    ? component === 'services' || isControlPlane(node)
    : Object.entries(nodeSelector).every(([key, value]) => node.metadata?.labels?.[key] === value);
}

const byLabel = oncePer((nodes: readonly V1Node[]) => ({
  labelled: nodes.filter((node) => isControlPlane(node)),
  others: nodes.filter((node) => !isControlPlane(node)),
}));

/** Nodes with the label of the control plane. */
export const labelledNodes = (nodes: readonly V1Node[]): readonly V1Node[] => byLabel(nodes).labelled;

/**
 * Nodes with an API server: those with the label of the control plane, then those that a spec selects for it. MicroK8s
 * has control-plane nodes without that label, see canonical/microk8s#2184.
 * @param placements of the control plane, one for each KubeVipConfig that has one.
 */
export function controlPlaneNodes(
  nodes: readonly V1Node[],
  placements: readonly Pick<Placement, 'nodeSelector'>[],
): readonly V1Node[] {
  const { labelled, others } = byLabel(nodes);
  // Without a selector the label decides.
  const selective = placements.filter(({ nodeSelector }) => nodeSelector !== undefined);
  return selective.length === 0
    ? labelled
    : [
        ...labelled,
        ...others.filter((node) => selective.some((row) => isSelected(node, 'control-plane', row))),
      ];
}

function hasKeyAndValue(taint: V1Taint, { key, operator, value }: Toleration): boolean {
  const isAnyValue = operator === 'Exists';
  const isOfKey = key === undefined || key === '' ? isAnyValue : key === taint.key;
  return isOfKey && (isAnyValue || (value ?? '') === (taint.value ?? ''));
}

function tolerates(taint: V1Taint, toleration: Toleration): boolean {
  const { effect } = toleration;
  return (effect === undefined || effect === taint.effect) && hasKeyAndValue(taint, toleration);
}

// What the DaemonSet controller tolerates for every pod, and what passes by itself.
const isPassing = ({ key }: V1Taint): boolean => key.startsWith('node.kubernetes.io/');

/** The first taint that keeps the pods of a function off a node, or undefined. */
export function keptOffBy({ spec }: V1Node, { tolerations }: Placement): V1Taint | undefined {
  return spec?.taints?.find(
    (taint) =>
      taint.effect !== 'PreferNoSchedule' &&
      !isPassing(taint) &&
      !tolerations.some((row) => tolerates(taint, row)),
  );
}

// Hundreds of configs mostly ask for the same placement.
const chosenOf = oncePer<readonly V1Node[], Map<string, readonly V1Node[]>>(() => new Map());

/** Nodes on which a function runs; of one list, each placement is looked for once. */
export function nodesOf(
  nodes: readonly V1Node[],
  component: ComponentKind,
  placed: Placement,
): readonly V1Node[] {
  const { nodeSelector, tolerations } = placed;
  const key = JSON.stringify([component, nodeSelector, tolerations]);
  const chosen =
    chosenOf(nodes).get(key) ??
    nodes.filter((node) => isSelected(node, component, placed) && keptOffBy(node, placed) === undefined);
  chosenOf(nodes).set(key, chosen);
  return chosen;
}
