// The steps of a probe: made while the nodes are asked, deleted as soon as what they said is remembered.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { effectiveSpec, componentKindsOf, type EffectiveSpec } from '../api/defaults.ts';
import type { ComponentKind } from '../api/metadata.ts';
import { renderProbe } from '../render/probe-daemon-set.ts';
import { findProbe, isGoing, probesOf, runOfProbe } from '../observed/probe-object.ts';
import { probeRequest, probeState, runName, type ProbeState } from '../preflight/nodes/probe.ts';
import type { NodeFinding, Snapshot } from '../observed/snapshot.ts';
import type { Probing, Step } from '../steps/step.ts';

export type ProbeStates = ReadonlyMap<ComponentKind, ProbeState>;

// The plan, the checks and the status of one pass ask the same question of the same Snapshot.
const remembered = new WeakMap<Snapshot, ProbeStates>();

/** State of the nodes by function, for the functions that the spec asks for. */
export function probeStates(snapshot: Snapshot): ProbeStates {
  const known = remembered.get(snapshot);
  if (known !== undefined) {
    return known;
  }
  const spec = effectiveSpec(snapshot.config);
  const states = new Map(
    componentKindsOf(spec).map(
      (component) => [component, probeState({ snapshot, spec, component })] as const,
    ),
  );
  remembered.set(snapshot, states);
  return states;
}

/** Whether something waits for what the nodes of a config say. */
export function waitsForNodes(snapshot: Snapshot): boolean {
  return [...probeStates(snapshot).values()].some(({ holdsBack }) => holdsBack);
}

/** What the nodes of a config said, over all functions. */
export function nodeFindings(snapshot: Snapshot): readonly NodeFinding[] {
  return [...probeStates(snapshot).values()].flatMap(({ findings }) => findings);
}

function makeStep(
  snapshot: Snapshot,
  { spec, component, state }: { spec: EffectiveSpec; component: ComponentKind; state: ProbeState },
): readonly Step[] {
  const { config, namespace, probeImage } = snapshot;
  if (!state.isAsking || state.run === undefined || probeImage === undefined) {
    return [];
  }
  const request = probeRequest({ snapshot, spec, component }, state.run);
  const uid = config.metadata.uid ?? '';
  const object = renderProbe({ spec, component, namespace, uid, request, image: probeImage });
  return [{ kind: 'apply', object, why: 'missing' }];
}

/** Whether a probe that exists is the one of the present run, and nothing has come of it that is remembered. */
function isNeeded(snapshot: Snapshot, live: V1DaemonSet, { run, isAsking }: ProbeState): boolean {
  if (run === undefined || runOfProbe(live) !== runName(run)) {
    return false;
  }
  const { finished } = snapshot.probeRuns.find(({ component }) => component === run.component) ?? {};
  // What was said is gone with the pods: it has to be in the status first.
  return isAsking || finished === undefined || finished.at !== run.finished?.at;
}

function stepsFor(
  snapshot: Snapshot,
  wanted: { spec: EffectiveSpec; component: ComponentKind; state: ProbeState },
): readonly Step[] {
  const live = findProbe(snapshot, wanted.component);
  if (live === undefined) {
    return makeStep(snapshot, wanted);
  }
  return isGoing(live) || isNeeded(snapshot, live, wanted.state) ? [] : [{ kind: 'delete', object: live }];
}

/** Deletes every probe of a config that asks for nothing any more. */
export function endProbes(snapshot: Snapshot): Probing {
  const open = probesOf(snapshot).filter((live) => !isGoing(live));
  return {
    steps: open.map((object) => ({ kind: 'delete', object })),
    isAsking: false,
  };
}

/** What to do about the probes of a config that is accepted and runs. */
export function planProbes(snapshot: Snapshot): Probing {
  const spec = effectiveSpec(snapshot.config);
  const states = probeStates(snapshot);
  const gone = probesOf(snapshot).filter(
    (live) =>
      !componentKindsOf(spec).some((component) => findProbe(snapshot, component) === live) && !isGoing(live),
  );
  return {
    steps: [
      ...[...states].flatMap(([component, state]) => stepsFor(snapshot, { spec, component, state })),
      ...gone.map((object) => ({ kind: 'delete', object }) as const),
    ],
    isAsking: [...states.values()].some(({ isAsking }) => isAsking),
  };
}
