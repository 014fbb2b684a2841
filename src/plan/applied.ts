// What was applied last, and whether the spec asks for something else since. An upgrade of the operator may render the
// same spec otherwise: that is no reason to restart what runs.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { annotations, labels, type ComponentKind } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';
import type { Component } from '../observed/component.ts';
import { heldBy, interfaceOf, renderedHash } from '../observed/daemon-set.ts';
import type { Observed } from '../observed/observed.ts';
import type { RecordedRendering } from '../observed/recorded.ts';
import { oncePer } from '../observed/once.ts';
import { renderedMetadata, replacedOnDelete, withRevision } from '../render/daemon-set.ts';
import { fingerprint } from '../render/hash.ts';

/** A rendering that was applied, whether it is recorded or not. */
export type Applied = Pick<RecordedRendering, 'hash' | 'mark' | 'object'>;

/**
 * What the spec asks of a component, as text: the generation and a hash. It is another only when both are: an edit of
 * something else changes the generation alone, and a default of a newer CRD the hash alone. What no DaemonSet is rendered
 * from is left out, as the pools and the witness are.
 */
export const specMark = (config: KubeVipConfig, kind: ComponentKind): string => marksOf(config)[kind];

const marksOf = oncePer((config: KubeVipConfig) => ({
  'control-plane': markOf(config, 'control-plane'),
  services: markOf(config, 'services'),
}));

function markOf({ metadata, spec }: KubeVipConfig, kind: ComponentKind): string {
  const { suspend: _, preflight: __, rollout: ___, witness: ____, remedy: _____, ...rest } = spec;
  const { controlPlane, services, ...common } = rest;
  const { pools: ______, ...ofServices } = services ?? {};
  const part = kind === 'control-plane' ? controlPlane : services && ofServices;
  return `${metadata.generation ?? 0}-${fingerprint([common, part])}`;
}

/** Whether the spec asks for something else than it did. */
export function isEdited(before: string | undefined, now: string): boolean {
  const [generation, hash] = now.split('-');
  const [oldGeneration, oldHash] = before?.split('-') ?? [];
  return generation !== oldGeneration && hash !== oldHash;
}

// What an earlier operator had still to apply when it wrote its last status.
const leftOpen: readonly (string | undefined)[] = [
  'PreflightFailed',
  'PreflightPending',
  'Suspended',
  'NotAccepted',
  'ApplyFailed',
  'Removing',
  'RemovalOverdue',
];

/** Whether a DaemonSet has what any operator renders of a spec: addresses or class, interface and release. */
function isOfSpec({ spec }: Observed, { claims, part }: Component, live: V1DaemonSet): boolean {
  const held = heldBy(live);
  const image = live.spec?.template.spec?.containers[0]?.image ?? '';
  return (
    claims.length === held.length &&
    claims.every((claim) => held.includes(claim)) &&
    part?.interface === interfaceOf(live) &&
    image.includes(`:${spec.version}@`)
  );
}

/** The mark of what an operator applied that recorded nothing: undefined where an edit was open then, or has come since. */
function markWithoutRecord(observed: Observed, component: Component, live: V1DaemonSet): string | undefined {
  const { config } = observed.snapshot;
  const { observedGeneration, conditions = [] } = config.status ?? {};
  const programmed = conditions.find(({ type }) => type === 'Programmed');
  return observedGeneration === config.metadata.generation &&
    !leftOpen.includes(programmed?.reason) &&
    isOfSpec(observed, component, live)
    ? specMark(config, component.kind)
    : undefined;
}

/** A DaemonSet without a record, by its live fields: it was made by an earlier operator. */
function liveRendering(observed: Observed, component: Component, live: V1DaemonSet): Applied {
  const { snapshot, spec } = observed;
  const { namespace, config } = snapshot;
  const hash = renderedHash(live) ?? fingerprint(live.spec);
  return {
    hash,
    mark: markWithoutRecord(observed, component, live),
    object: replacedOnDelete({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: renderedMetadata(
        { spec, component: component.kind, namespace, uid: config.metadata.uid ?? '' },
        hash,
      ),
      ...(live.spec && { spec: live.spec }),
    }),
  };
}

/** What has the hash of today's rendering is that, with the mark on its pods if they have one. */
function asRendered(
  { snapshot: { config } }: Observed,
  { kind }: Component,
  owned: V1DaemonSet,
  desired: V1DaemonSet | undefined,
): Applied | undefined {
  const hash = renderedHash(owned);
  if (desired === undefined || hash === undefined || renderedHash(desired) !== hash) {
    return undefined;
  }
  const isMarked = owned.spec?.template.metadata?.labels?.[labels.revision] !== undefined;
  return { hash, mark: specMark(config, kind), object: isMarked ? withRevision(desired) : desired };
}

/** Whether a rollout remembers a rendering to go back to that is not recorded any more. */
function isUnrecorded({ snapshot: { rollout } }: Observed, { kind, recorded }: Component): boolean {
  const { component, lastGood, revision } = rollout ?? {};
  const isKnown = (hash: string | undefined): boolean => recorded.some((row) => row.hash === hash);
  return component === kind && lastGood !== revision && !isKnown(lastGood) && !isKnown(revision);
}

/** Whether nothing is left to go back to: the record is gone, and the rendering that is rolled out stands in its place. */
export function isLastGoodLost(observed: Observed, component: Component): boolean {
  const { owned } = component;
  const { revision } = observed.snapshot.rollout ?? {};
  return owned !== undefined && renderedHash(owned) === revision && isUnrecorded(observed, component);
}

/** What is recorded last. A person may have deleted the record of what worked last while that stands: then it is not this. */
function lastRecorded(observed: Observed, component: Component): RecordedRendering | undefined {
  const { owned, recorded } = component;
  const { lastGood } = observed.snapshot.rollout ?? {};
  const stands = owned !== undefined && renderedHash(owned) === lastGood;
  return stands && isUnrecorded(observed, component) ? undefined : recorded[0];
}

/**
 * What was applied last of a component; undefined: nothing is there.
 * @param desired What the spec renders to; undefined: nothing, or it is refused.
 */
export function appliedOf(
  observed: Observed,
  component: Component,
  desired: V1DaemonSet | undefined,
): Applied | undefined {
  const { owned } = component;
  // What is recorded last has passed every gate. What stands in the DaemonSet may be an offer to one node.
  return (
    lastRecorded(observed, component) ??
    (owned && (asRendered(observed, component, owned, desired) ?? liveRendering(observed, component, owned)))
  );
}

/** Whether a person lets a waiting rendering be applied. */
export const isTaken = ({ metadata }: KubeVipConfig, hash: string): boolean =>
  (metadata.annotations?.[annotations.takeRendering] ?? '').split(/[\s,]+/).includes(hash);
