// When the nodes of a function are asked, what, and what has come of it. A run is remembered in the status of its
// KubeVipConfig: an operator that starts again goes on where the last one was, and asks nothing twice.
import type { V1Node, V1Pod } from '@kubernetes/client-node';
import { familyOf } from '../../api/addresses.ts';
import { apiPort, type EffectiveSpec } from '../../api/defaults.ts';
import type { ComponentKind } from '../../api/metadata.ts';
import { namesItsNode } from '../../catalog/identity.ts';
import type { ProbeRequest } from '../../api/node-report.ts';
import { isCounted, nodeAnswers, runOfProbe } from '../../observed/node-answers.ts';
import { nodeChecks } from './checks.ts';
import { reported, type NodeEvidence } from './evidence.ts';
import { hostNamesOf } from './host-names.ts';
import { nodeNetworks } from './networks.ts';
import { fingerprint } from '../../render/hash.ts';
import { allocateMetricsPorts } from '../../observed/metrics-ports.ts';
import type { Component } from '../../observed/component.ts';
import { byName } from '../../observed/once.ts';
import type { Observed } from '../../observed/observed.ts';
import type { Moment } from '../../observed/moment.ts';
import type { NodeFinding, ProbeRun, Snapshot } from '../../observed/snapshot.ts';

/** No first apply waits longer than this for nodes, unless they are Required. */
export const patienceSeconds = 20;
// A DaemonSet controller acts within a second. Without one, and where the DaemonSet is refused, no node is asked.
const unseenSeconds = 5;
// For the kubelets to pull the image; the controller makes some hundred pods at a time.
const deadlineSeconds = (asked: number): number => 60 + asked / 20;
// What went wrong on a node is put right there, and no event says so: such a run is repeated, the more nodes the
// more rarely.
const pauseSeconds = (asked: number): number => Math.min(3600, Math.max(60, asked));

/** Whose nodes are asked: a config, one of its components. */
export interface ProbeSubject {
  readonly observed: Observed;
  readonly component: Component;
}

/** What is known of the nodes of a function. */
export interface ProbeState {
  /** The run as it is to be remembered; undefined when nothing is asked. */
  readonly run: ProbeRun | undefined;
  /** Whether the nodes have something to say yet. */
  readonly isAsking: boolean;
  /** Whether what the function needs may not be applied yet. */
  readonly holdsBack: boolean;
  readonly findings: readonly NodeFinding[];
  /** When they are asked again though nothing changes, in milliseconds since the epoch; undefined: never. */
  readonly againAt?: number | undefined;
}

const runsAlready = ({ component: { daemonSet } }: ProbeSubject): boolean => daemonSet !== undefined;

function question({ observed, component }: ProbeSubject): Omit<ProbeRequest, 'run'> {
  const { snapshot, spec, asked } = observed;
  const kinds = asked.map(({ kind }) => kind);
  return {
    interface: component.part?.interface,
    addresses: component.claims.filter((claim) => familyOf(claim)),
    connectPort: apiPort(spec),
    ports: (allocateMetricsPorts(snapshot, kinds)[component.kind] ?? []).slice(0, 1),
  };
}

/** Changes when something is to be asked anew: addresses, interface, and which nodes. */
export function requestHash(subject: ProbeSubject): string {
  const { spec } = subject.observed;
  const { nodeSelector, tolerations } = subject.component.part ?? {};
  // Not the metrics port: it is the lowest free one, and another config's start may move it while nodes are asked.
  const { ports: _, ...asked } = question(subject);
  // Grants need what an earlier operator did not ask; where nothing is granted, nothing is asked again for it.
  const forGrants = subject.component.kind === 'services' && (spec.services?.pools ?? []).length > 0;
  return fingerprint([
    asked,
    nodeSelector,
    tolerations,
    spec.controlPlane?.apiAccess,
    spec.nodeProbe,
    ...(forGrants ? ['all gateways'] : []),
    ...(namesItsNode(spec.version) ? [] : ['host names']),
  ]);
}

/** The name of a run, the same before and after it was written into the status. */
export function runName({ request, started }: Pick<ProbeRun, 'request' | 'started'>): string {
  return `${request}-${started.at / 1000}`;
}

/** What a run asks of each node. */
export function probeRequest(subject: ProbeSubject, run: ProbeRun): ProbeRequest {
  const asked = question(subject);
  // What kube-vip of ours runs on has its port taken by itself.
  return { run: runName(run), ...asked, ports: runsAlready(subject) ? [] : asked.ports };
}

/** Whether a run is under way. */
export const isOpen = ({ finished, started }: ProbeRun): boolean =>
  finished === undefined || finished.at < started.at;

const moment = ({ now }: Snapshot): Moment => ({ at: now - (now % 1000) });

function nodesJoined({ observed, component }: ProbeSubject, { asked, started }: ProbeRun): boolean {
  if ((component.daemonSet?.status?.desiredNumberScheduled ?? 0) > asked) {
    return true;
  }
  // Times in this form are in order as texts. client-node's type has Date where the wire has text.
  const isYoung = ({ metadata }: V1Node): boolean =>
    String(metadata?.creationTimestamp ?? '') > (started.text ?? '');
  const placeOf = ({ spec }: V1Pod): V1Node | undefined =>
    byName(observed.snapshot.nodes, spec?.nodeName ?? '');
  return component.pods.flatMap((pod) => placeOf(pod) ?? []).some(isYoung);
}

/** When the nodes of a run that has ended are asked again; undefined: not before something changes. */
function dueAgainAt(subject: ProbeSubject, run: ProbeRun): number | undefined {
  const { finished, asked, findings } = run;
  // Before a machine is called a stranger, the nodes are asked whether it is one of them.
  if ((subject.component.witnessed?.unrecognised.length ?? 0) > 0) {
    return finished?.at ?? 0;
  }
  return findings.length > 0 || nodesJoined(subject, run)
    ? (finished?.at ?? 0) + pauseSeconds(asked) * 1000
    : undefined;
}

const isDueAgain = (subject: ProbeSubject, run: ProbeRun): boolean =>
  subject.observed.snapshot.now >= (dueAgainAt(subject, run) ?? Infinity);

/** The run that the present spec and nodes need: the one that is remembered, or a new one. */
function currentRun(subject: ProbeSubject): ProbeRun {
  const { snapshot } = subject.observed;
  const { kind: component } = subject.component;
  const request = requestHash(subject);
  const started = moment(snapshot);
  const last = snapshot.probeRuns.find((run) => run.component === component);
  if (last === undefined || last.request !== request) {
    // What a machine calls itself does not depend on what is asked: its holder is known meanwhile.
    const { hostNames } = last ?? {};
    return {
      component,
      request,
      started,
      asked: 0,
      answered: 0,
      findings: [],
      ...(hostNames && { hostNames }),
    };
  }
  // The clock was set back, or the last leader's was ahead: counted from there, no node would be given up for as long.
  const isAnew = isOpen(last) ? last.started.at > started.at : isDueAgain(subject, last);
  return isAnew ? { ...last, started } : last;
}

function evidenceOf(subject: ProbeSubject, run: ProbeRun): NodeEvidence {
  const { snapshot, spec } = subject.observed;
  const { kind: component, probe, holder } = subject.component;
  const isOurs = probe !== undefined && runOfProbe(probe) === runName(run);
  const asked = isOurs && isCounted(probe) ? (probe.status?.desiredNumberScheduled ?? 0) : undefined;
  const answers = nodeAnswers(
    snapshot.probePods.filter(({ component: of }) => of === component),
    runName(run),
  );
  const answered = answers.filter(({ report }) => report !== undefined).length;
  const age = (snapshot.now - run.started.at) / 1000;
  const isOver =
    asked === undefined ? age >= unseenSeconds : answered >= asked || age >= deadlineSeconds(asked);
  return { spec, component, answers, asked, runs: runsAlready(subject), holder, isOver };
}

function findingsOf(evidence: NodeEvidence): readonly NodeFinding[] {
  return nodeChecks.flatMap(({ id, judge }) => judge(evidence).map((finding) => ({ check: id, ...finding })));
}

function openState(subject: ProbeSubject, run: ProbeRun): ProbeState {
  const { snapshot, spec } = subject.observed;
  const evidence = evidenceOf(subject, run);
  // The same asked again: what is known stands until the new answers are complete.
  const isFirst = run.finished === undefined;
  if (evidence.isOver) {
    const findings = findingsOf(evidence);
    const { asked = 0 } = evidence;
    const { gateways: _, subnets: __, areNetworksOmitted: ___, ...rest } = run;
    const counts = { asked, answered: reported(evidence).length };
    return {
      run: {
        ...rest,
        ...counts,
        ...nodeNetworks(evidence, run),
        ...hostNamesOf(evidence, run.hostNames),
        findings,
        finished: moment(snapshot),
      },
      isAsking: false,
      holdsBack: false,
      findings,
    };
  }
  const isPatient = spec.nodeProbe === 'Required' || snapshot.now - run.started.at < patienceSeconds * 1000;
  return {
    run,
    isAsking: true,
    holdsBack: isFirst && isPatient,
    findings: isFirst ? findingsOf(evidence) : run.findings,
  };
}

const nothing: ProbeState = { run: undefined, isAsking: false, holdsBack: false, findings: [] };
const unknownImage: NodeFinding = {
  check: 'some-node-was-asked',
  object: 'probe of the nodes',
  found: 'does not know the image of the operator',
  expected: 'the image that the operator was started from',
  todo: 'run the operator as a pod with POD_NAME in its environment, or give --probe-image',
};

function unknown({ nodeProbe }: EffectiveSpec): NodeFinding {
  return nodeProbe === 'Required' ? { ...unknownImage, check: 'required-nodes-answered' } : unknownImage;
}

/** What is known of the nodes of one function, and what of it is to be remembered. */
function probeState(subject: ProbeSubject): ProbeState {
  const { snapshot, spec } = subject.observed;
  if (spec.nodeProbe === 'Off') {
    return nothing;
  }
  const run = currentRun(subject);
  if (!isOpen(run)) {
    const { findings } = run;
    return { run, isAsking: false, holdsBack: false, findings, againAt: dueAgainAt(subject, run) };
  }
  return snapshot.probeImage === undefined
    ? { ...nothing, findings: [unknown(spec)] }
    : openState(subject, run);
}

/** What is known of the nodes, by the component that they are to run. */
export type ProbeStates = ReadonlyMap<ComponentKind, ProbeState>;

/** State of the nodes of every component that the spec asks for. */
export const probeStates = (observed: Observed): ProbeStates =>
  new Map(observed.asked.map((component) => [component.kind, probeState({ observed, component })] as const));
