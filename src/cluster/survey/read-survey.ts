// One round of reading: every part at once, each bounded and trimmed. For a part that cannot be read, what it found last
// stands in: one kind of object that the API server cannot list must not hold back what depends on all others.
import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Node } from '@kubernetes/client-node';
import { addressOrName } from '../../api/addresses.ts';
import { apiTargets } from '../../api/defaults.ts';
import type { KubeVipConfig } from '../../api/types.ts';
import { emptySurvey, mostAskedNodes, type Survey, type Unread } from '../../observed/neighbours/survey.ts';
import { controlPlaneNodes } from '../../observed/placement.ts';
import type { Http } from '../http.ts';
import { readCertificates, type ApiEndpoint } from './certificates.ts';
import { documents } from './documents.ts';
import { cluster, namespace, permissions } from './namespace.ts';
import { foreignLeases, neighbours } from './neighbours.ts';
import { oneLine, UnreadError, type Part, type Reader } from './parts.ts';
import { workloads } from './workloads.ts';

/** What a survey is read with and for. */
export interface SurveyInput {
  readonly http: Pick<Http, 'send'>;
  readonly now: () => number;
  readonly pause?: Reader['pause'];
  readonly nodes: readonly V1Node[];
  readonly configs: readonly KubeVipConfig[];
  /** What earlier rounds remember; undefined: there was none. */
  readonly memory?: Memory | undefined;
}

/** What each part found when all of it could be read last. */
export type Memory = ReadonlyMap<string, { readonly facts: Partial<Survey>; readonly readAt: number }>;

/** What one round found, and what is to be remembered of it. */
export interface Round {
  readonly survey: Survey;
  readonly memory: Memory;
}

/** What one part of a round found; nothing where it failed. */
interface Outcome {
  readonly name: string;
  readonly facts: Partial<Survey> | undefined;
  readonly unread: readonly Unread[];
  readonly error?: UnreadError;
}

const servers = (nodes: readonly V1Node[], configs: readonly KubeVipConfig[]): readonly V1Node[] =>
  controlPlaneNodes(
    nodes,
    configs.flatMap(({ spec: { controlPlane } }) =>
      controlPlane ? [{ nodeSelector: controlPlane.nodeSelector }] : [],
    ),
  );

/** Where the API servers of control-plane nodes answer, for the ports that specs name. */
export function apiEndpoints(
  nodes: readonly V1Node[],
  configs: readonly KubeVipConfig[],
): readonly ApiEndpoint[] {
  const ports = new Set(configs.flatMap((config) => apiTargets(config).map(({ port }) => port)));
  return servers(nodes, configs)
    .slice(0, mostAskedNodes)
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

function partsOf({ nodes, configs }: SurveyInput): Readonly<Record<string, Part>> {
  const names = servers(nodes, configs).map(({ metadata }) => metadata?.name ?? '');
  return {
    workloads: workloads(names),
    documents,
    neighbours,
    foreignLeases,
    cluster,
    namespace,
    permissions,
  };
}

const rows = (noted: ReadonlyMap<string, string>): readonly Unread[] =>
  [...noted].map(([what, why]) => ({ what, why }));

async function readPart(name: string, part: Part, asking: Omit<Reader, 'miss' | 'doubt'>): Promise<Outcome> {
  const [missed, doubted] = [new Map<string, string>(), new Map<string, string>()];
  try {
    const facts = await part({
      ...asking,
      miss: (what, why) => missed.set(what, why),
      doubt: (what, why) => doubted.set(what, why),
    });
    return { name, facts: { ...facts, unclear: rows(doubted) }, unread: rows(missed) };
  } catch (error) {
    if (!(error instanceof UnreadError)) {
      throw error;
    }
    missed.set(error.what, oneLine(error.message));
    return { name, facts: undefined, unread: rows(missed), error };
  }
}

/** What is known of a part now: what it found, else what it found when all of it could be read. */
function known({ name, facts, unread }: Outcome, memory: Memory | undefined): Partial<Survey> {
  const before = unread.length > 0 ? memory?.get(name) : undefined;
  const knownSince = before && new Date(before.readAt).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    ...(before?.facts ?? facts),
    unread: unread.map((row) => ({ ...row, ...(knownSince && { knownSince }) })),
  };
}

/**
 * Reads everything that preflight judges beyond the watches.
 * @throws when the API server answers nothing at all.
 */
export async function readSurvey(input: SurveyInput): Promise<Round> {
  const { http, now, pause = sleep, nodes, configs, memory } = input;
  const outcomes = Promise.all(
    Object.entries(partsOf(input)).map(([name, part]) => readPart(name, part, { http, now, pause })),
  );
  const [parts, certificates] = await Promise.all([outcomes, readCertificates(apiEndpoints(nodes, configs))]);
  const [first] = parts;
  if (first?.error && parts.every(({ error }) => error)) {
    throw first.error.cause;
  }
  const found = parts.map((part) => known(part, memory));
  const readAt = now();
  const read = parts.flatMap(({ name, facts, unread }) =>
    facts && unread.length === 0 ? [[name, { facts, readAt }] as const] : [],
  );
  return {
    survey: {
      ...emptySurvey,
      ...Object.assign({}, ...found),
      certificates,
      unread: found.flatMap(({ unread = [] }) => unread),
      unclear: found.flatMap(({ unclear = [] }) => unclear),
    },
    memory: new Map([...(memory ?? []), ...read]),
  };
}
