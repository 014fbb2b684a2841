// Checks of who carries the traffic of Services: the API servers, or nodes that are there for workloads.
import type { V1Node } from '@kubernetes/client-node';
import type { Placement } from '../../api/defaults.ts';
import { list } from '../../api/words.ts';
import { hasFormerPlacement } from '../../observed/component.ts';
import { controlPlaneNodes, isSelected, keptOffBy, nodesOf } from '../../observed/placement.ts';
import type { Check, Facts, Finding } from './check.ts';

/** The control-plane nodes that Services run on beside what else there is. */
interface Carriers {
  readonly servers: readonly V1Node[];
  /** Services run nowhere else. */
  readonly isAll: boolean;
}

/** Undefined where the cluster has no worker: then there is nothing better. */
function carriersIn({ snapshot: { nodes }, components, spec }: Facts): Carriers | undefined {
  const { part } = components.services;
  if (part === undefined || hasFormerPlacement(components.services)) {
    return undefined;
  }
  const all = controlPlaneNodes(nodes, spec.controlPlane ? [spec.controlPlane] : []);
  const among = (placed: Placement): readonly V1Node[] =>
    all.filter((node) => isSelected(node, 'services', placed) && keptOffBy(node, placed) === undefined);
  const servers = among(part);
  const anywhere = { ...part, nodeSelector: undefined };
  const hasWorkers = nodesOf(nodes, 'services', anywhere).length > among(anywhere).length;
  const isAll = servers.length === nodesOf(nodes, 'services', part).length;
  return servers.length > 0 && hasWorkers ? { servers, isAll } : undefined;
}

const finder =
  (isAll: boolean, found: (names: string) => string) =>
  (facts: Facts): readonly Finding[] => {
    const carriers = carriersIn(facts);
    return carriers?.isAll === isAll
      ? [
          {
            object: `KubeVipConfig/${facts.spec.name}`,
            found: found(list(carriers.servers.map(({ metadata }) => metadata?.name ?? ''))),
            expected: 'traffic of Services on nodes that are not control plane, as this cluster has some',
          },
        ]
      : [];
  };

/** Whether Services keep off the API servers where the cluster has other nodes for them. */
export const placementOfServicesChecks: readonly Check[] = [
  {
    id: 'services-on-control-plane-only',
    question: 'Where there are workers: do Services run on any of them?',
    severity: 'warns',
    find: finder(true, () => 'has a spec.services.nodeSelector that matches only control-plane nodes'),
    remedy: 'leave spec.services.nodeSelector out, or let it match workers',
    links: ['services-on-control-plane-nodes'],
  },
  {
    id: 'services-on-control-plane-too',
    question: 'Where there are workers: do Services stay off the API servers?',
    severity: 'warns',
    find: finder(false, (names) => `lets Services run on control-plane nodes too: ${names}`),
    remedy:
      'let spec.services.nodeSelector match workers only, or acknowledge this. A taint that spec.services.tolerations does not tolerate keeps them off, too',
    links: ['services-on-control-plane-nodes'],
  },
];
