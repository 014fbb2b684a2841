// One round of reading: every part at once, each bounded and trimmed.
import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Node } from '@kubernetes/client-node';
import { addressOrName } from '../../api/addresses.ts';
import { apiTargets } from '../../api/defaults.ts';
import type { KubeVipConfig } from '../../api/types.ts';
import { emptySurvey, type Survey } from '../../observed/neighbours/survey.ts';
import { isControlPlane } from '../../observed/placement.ts';
import type { Http } from '../http.ts';
import { certificates, type ApiEndpoint } from './certificates.ts';
import { documents } from './documents.ts';
import { cluster, namespace, permissions } from './namespace.ts';
import { foreignLeases, neighbours } from './neighbours.ts';
import type { Part, Reader } from './parts.ts';
import { workloads } from './workloads.ts';

/** What a survey is read with and for. */
export interface SurveyInput {
  readonly http: Pick<Http, 'send'>;
  readonly now: () => number;
  readonly pause?: Reader['pause'];
  readonly nodes: readonly V1Node[];
  readonly configs: readonly KubeVipConfig[];
}

const mostNodes = 7;

/** Where the API servers of control-plane nodes answer, for the ports that specs name. */
export function apiEndpoints(
  nodes: readonly V1Node[],
  configs: readonly KubeVipConfig[],
): readonly ApiEndpoint[] {
  const ports = new Set(configs.flatMap((config) => apiTargets(config).map(({ port }) => port)));
  return nodes
    .filter((node) => isControlPlane(node))
    .slice(0, mostNodes)
    .flatMap(({ metadata, status }) => {
      // kube-vip is given the first, as status.hostIP.
      const first = status?.addresses?.find(({ type }) => type === 'InternalIP');
      return first === undefined
        ? []
        : [...ports].map((port) => ({
            node: metadata?.name ?? '',
            address: addressOrName(first.address),
            port,
          }));
    });
}

/**
 * Reads everything that preflight judges beyond the watches.
 * @throws when the API server does not answer, or cannot do its work.
 */
export async function readSurvey({ nodes, configs, pause = sleep, ...asking }: SurveyInput): Promise<Survey> {
  const unread = new Map<string, string>();
  const reader: Reader = { ...asking, pause, miss: (what, why) => unread.set(what, why) };
  const names = nodes.filter((node) => isControlPlane(node)).map(({ metadata }) => metadata?.name ?? '');
  const parts: readonly Part[] = [
    workloads(names),
    documents,
    neighbours,
    foreignLeases,
    cluster,
    namespace,
    permissions,
    certificates(apiEndpoints(nodes, configs)),
  ];
  const found = await Promise.all(parts.map((part) => part(reader)));
  return {
    ...emptySurvey,
    ...Object.assign({}, ...found),
    unread: [...unread].map(([what, why]) => ({ what, why })),
  };
}
