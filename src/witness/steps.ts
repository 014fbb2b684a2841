// What has to be done so that there are the witnesses that a plan wants: the first of these steps is done, then all is looked at anew.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { witnessName } from '../api/metadata.ts';
import { contentMark, renderedHash } from '../observed/daemon-set.ts';
import { isTerminating, nameOf } from '../observed/pods.ts';
import type { WitnessPlan } from './plan.ts';

/** One write. */
export type WitnessStep =
  | { readonly kind: 'write-questions'; readonly segment: string; readonly questions: string }
  | { readonly kind: 'delete-questions'; readonly segment: string }
  | { readonly kind: 'make-lease'; readonly segment: string; readonly node: string }
  | { readonly kind: 'delete-lease'; readonly segment: string; readonly node: string }
  | { readonly kind: 'apply'; readonly object: V1DaemonSet }
  | { readonly kind: 'delete'; readonly object: V1DaemonSet };

/** What there is of witnesses. */
export interface LiveWitnesses {
  /** Texts of the ConfigMaps, by segment. */
  readonly questions: ReadonlyMap<string, string>;
  readonly leases: readonly { readonly segment: string; readonly node: string }[];
  /** By name. */
  readonly daemonSets: ReadonlyMap<string, V1DaemonSet>;
  /** What the API server made of the last apply of each DaemonSet, as a fingerprint; undefined: this process applied none. */
  readonly answered: (daemonSet: string) => string | undefined;
}

/** The segment that a DaemonSet of this name belongs to; undefined: it is none of a witness. */
export const segmentOfDaemonSet = (name: string): string | undefined =>
  /^kube-vip-witness-([0-9a-f]{8})$/.exec(name)?.[1];

function applyOf(wanted: V1DaemonSet, { daemonSets, answered }: LiveWitnesses): readonly WitnessStep[] {
  const live = daemonSets.get(nameOf(wanted));
  if (live === undefined) {
    return [{ kind: 'apply', object: wanted }];
  }
  const before = answered(nameOf(wanted));
  const isSame =
    renderedHash(live) === renderedHash(wanted) && (before === undefined || before === contentMark(live));
  return isTerminating(live) || isSame ? [] : [{ kind: 'apply', object: wanted }];
}

function wantedSteps({ segments }: WitnessPlan, live: LiveWitnesses): readonly WitnessStep[] {
  const has = (segment: string, node: string): boolean =>
    live.leases.some((row) => row.segment === segment && row.node === node);
  return segments.flatMap(({ segment, nodes, questions, daemonSet }) => [
    ...(live.questions.get(segment) === questions
      ? []
      : [{ kind: 'write-questions', segment, questions } as const]),
    ...nodes
      .filter((node) => !has(segment, node))
      .map((node) => ({ kind: 'make-lease', segment, node }) as const),
    ...applyOf(daemonSet, live),
  ]);
}

/** What is there and not wanted: the DaemonSet first, which then writes nothing any more. */
function unwantedSteps({ segments, isOpen }: WitnessPlan, live: LiveWitnesses): readonly WitnessStep[] {
  const nodesOf = new Map(segments.map((row) => [row.segment, row.nodes] as const));
  const isGone = (segment: string): boolean => !isOpen && !nodesOf.has(segment);
  const daemonSets = [...live.daemonSets.values()].filter(
    (row) => isGone(segmentOfDaemonSet(nameOf(row)) ?? '') && !isTerminating(row),
  );
  const leases = live.leases.filter(({ segment, node }) => {
    const nodes = nodesOf.get(segment);
    return nodes === undefined ? isGone(segment) : !nodes.includes(node);
  });
  return [
    ...daemonSets.map((object) => ({ kind: 'delete', object }) as const),
    ...leases.map((row) => ({ kind: 'delete-lease', ...row }) as const),
    ...[...live.questions.keys()]
      .filter((segment) => isGone(segment))
      .map((segment) => ({ kind: 'delete-questions', segment }) as const),
  ];
}

/** What has to be done, in order. */
export function witnessSteps(plan: WitnessPlan, live: LiveWitnesses): readonly WitnessStep[] {
  return [...wantedSteps(plan, live), ...unwantedSteps(plan, live)];
}

/** The object that a step is about, for messages. */
export function objectOfStep(step: WitnessStep): string {
  if ('object' in step) {
    return `DaemonSet/${nameOf(step.object)}`;
  }
  return 'node' in step
    ? `Lease of ${step.node} in ${witnessName(step.segment)}`
    : `ConfigMap of ${witnessName(step.segment)}`;
}
