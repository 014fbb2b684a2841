// The steps of a probe: made while the nodes are asked, deleted as soon as what they said is remembered.
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { Component } from '../observed/component.ts';
import type { Observed } from '../observed/observed.ts';
import { isTerminating } from '../observed/pods.ts';
import { renderProbe } from '../render/probe-daemon-set.ts';
import { probesOf, runOfProbe } from '../observed/node-answers.ts';
import { probeRequest, runName, type ProbeState, type ProbeStates } from '../preflight/nodes/probe-run.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import type { Probing, Step } from '../steps/step.ts';

function makeStep(observed: Observed, component: Component, state: ProbeState): readonly Step[] {
  const { snapshot, spec } = observed;
  const { config, namespace, probeImage } = snapshot;
  if (!state.isAsking || state.run === undefined || probeImage === undefined) {
    return [];
  }
  const request = probeRequest({ observed, component }, state.run);
  const uid = config.metadata.uid ?? '';
  const object = renderProbe({ spec, component: component.kind, namespace, uid, request, image: probeImage });
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

function stepsFor(observed: Observed, component: Component, state: ProbeState): readonly Step[] {
  const { probe: live } = component;
  if (live === undefined) {
    return makeStep(observed, component, state);
  }
  return isTerminating(live) || isNeeded(observed.snapshot, live, state)
    ? []
    : [{ kind: 'delete', object: live }];
}

/** Deletes every probe of a config that asks for nothing any more. */
export function endProbes(observed: Observed): Probing {
  const open = probesOf(observed).filter((live) => !isTerminating(live));
  return {
    steps: open.map((object) => ({ kind: 'delete', object })),
    isAsking: false,
  };
}

/** What to do about the probes of a config that is accepted and runs. */
export function planProbes(observed: Observed, states: ProbeStates): Probing {
  const { asked } = observed;
  const gone = probesOf(observed).filter(
    (live) => !asked.some(({ probe }) => probe === live) && !isTerminating(live),
  );
  return {
    steps: [
      ...asked.flatMap((component) => {
        const state = states.get(component.kind);
        return state === undefined ? [] : stepsFor(observed, component, state);
      }),
      ...gone.map((object) => ({ kind: 'delete', object }) as const),
    ],
    isAsking: [...states.values()].some(({ isAsking }) => isAsking),
  };
}
