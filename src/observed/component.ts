// The control plane or the Services of one KubeVipConfig as they stand in the cluster: one value, made once per reconcile.
import type { V1DaemonSet, V1Pod } from '@kubernetes/client-node';
import type { EffectiveSpec, Placement } from '../api/defaults.ts';
import type { ElectionTiming } from '../api/election-timing.ts';
import { componentName, labels, probeName, statusFields, type ComponentKind } from '../api/metadata.ts';
import { claimsOf } from '../render/daemon-set.ts';
import { isOurs, leavesOutControlPlane } from './daemon-set.ts';
import type { HandOver } from './hand-over.ts';
import { podProblemsOf, type LastWords, type PodContext, type PodProblem } from './pod-problems.ts';
import { byName } from './once.ts';
import { isLooping, nameOf, namesOf, silentNodesOf, unwell } from './pods.ts';
import { placementOf } from './placement.ts';
import { recordedOf, type RecordedRendering } from './recorded.ts';
import type { Uncovered, Witnessed } from './witness/witnessed.ts';
import type { FormerHolder, LeaseView, AddressState, ProbeRun, Snapshot, WriteAnswer } from './snapshot.ts';

/** A former holder that was not seen to let go. */
export interface LingeringHolder extends FormerHolder {
  /** Its pod, as it was when it held the Lease; undefined: that is gone, and the next one has not started a container. */
  readonly pod: V1Pod | undefined;
  /** It ran a release that leaves the address on the node when its pod ends. */
  readonly leavesAddress: boolean;
  /** The command that gives up on its node. */
  readonly giveUp: string;
}

/** Who has what a component claims, as the mode of its KubeVipConfig tells it. */
export interface Ownership {
  /** The identity that holds, as kube-vip says it; empty while none does. */
  readonly holder: string;
  /** When it began to hold, RFC 3339; undefined: not told. */
  readonly holderSince: string | undefined;
  /** The container in which it can hold; undefined where no container of ours can. */
  readonly holderContainer: string | undefined;
  /** The release of that container; undefined: not known. */
  readonly holderVersion: string | undefined;
  /** The pod of the node that holds; undefined while no node does, or where it runs no pod of this component. */
  readonly holderPod: V1Pod | undefined;
  /** Nodes that held and were not seen to let go, the first one first. */
  readonly former: readonly LingeringHolder[];
}

/** What is known of a component before it is asked who holds. */
export interface ComponentObjects extends PodContext {
  readonly kind: ComponentKind;
  /** Name of the DaemonSet and of the Lease. */
  readonly name: string;
  /** What the spec asks for; undefined: not this component. */
  readonly part: Placement | undefined;
  /** The release that the spec asks for. */
  readonly version: string;
  /** How the spec has its pods elect. */
  readonly timing: ElectionTiming;
  /** The addresses or the class that the spec asks for. */
  readonly claims: readonly string[];
  /** The same for messages: `203.0.113.100`, or `class kubevip.dev/edge`. */
  readonly holds: string;
  /** The DaemonSet of its name, whoever made it, also while it terminates. */
  readonly daemonSet: V1DaemonSet | undefined;
  /** The same where this operator made it. */
  readonly owned: V1DaemonSet | undefined;
  /** What came of the last write of it by this process; undefined: there was none. */
  readonly answer: WriteAnswer | undefined;
  /** Its renderings that were applied, the last one first. */
  readonly recorded: readonly RecordedRendering[];
  /** The DaemonSet that probes its nodes, also while it terminates; undefined where a stranger has the name. */
  readonly probe: V1DaemonSet | undefined;
  readonly lease: LeaseView | undefined;
  readonly pods: readonly V1Pod[];
  /** What is wrong with those that are not well, the worst first. */
  readonly problems: readonly PodProblem[];
  /** What containers that ended said last, by name of their pod. */
  readonly lastWords: LastWords;
  /** Names of the cluster's nodes. */
  readonly nodes: readonly string[];
  /** Host names of nodes that are called otherwise, as a probe told them. */
  readonly hostNames: NonNullable<ProbeRun['hostNames']>;
  /** What is heard at its addresses; undefined: they are not asked, or it has none. */
  readonly reach: readonly AddressState[] | undefined;
  readonly apiAccess: 'Local' | 'Service';
  /** Node that the operator runs on; undefined: not told. */
  readonly operatorNode: string | undefined;
  /** Whether it was ready, by the status that was written last. */
  readonly wasReady: boolean;
  /** Nothing is done about it. */
  readonly isSuspended: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A component with its holder. */
export interface OwnedComponent extends ComponentObjects, Ownership {}

/** A component with its holder, and with what the network says of it. */
export interface Component extends OwnedComponent {
  /** Undefined: no witness runs for it. */
  readonly witnessed?: Witnessed | undefined;
  /** Nodes that shall give their addresses up. */
  readonly handOver: HandOver;
  /** Addresses of which no witness can tell; undefined: none. */
  readonly uncovered?: readonly Uncovered[] | undefined;
}

// A component that was put back was not there, and Ready spoke of the rest.
const wasReadyInStatus = ({ config: { status } }: Snapshot, kind: ComponentKind): boolean =>
  status?.[statusFields[kind]]?.holder !== undefined &&
  (status.conditions?.some((row) => row.type === 'Ready' && row.status === 'True') ?? false);

function podContext({ nodes, restarts, now }: Snapshot, pods: readonly V1Pod[]): PodContext {
  return {
    looping: new Set(pods.map(nameOf).filter((name) => isLooping(restarts[name], now))),
    silentNodes: silentNodesOf(nodes),
  };
}

const hostNamesIn = ({ probeRuns }: Snapshot, kind: ComponentKind): ComponentObjects['hostNames'] =>
  probeRuns.find(({ component }) => component === kind)?.hostNames ?? [];

function sayClaims(claims: readonly string[], kind: ComponentKind): string {
  const said = claims.join(' and ');
  return kind === 'control-plane' ? said : `class ${said}`;
}

function probeOf({ config, daemonSets }: Snapshot, { name }: EffectiveSpec, kind: ComponentKind) {
  const isOfConfig = ({ metadata }: V1DaemonSet): boolean =>
    metadata?.ownerReferences?.some(({ uid }) => uid === config.metadata.uid) ?? false;
  const found = byName(daemonSets, probeName(name, kind));
  return found && isOfConfig(found) ? found : undefined;
}

/** The objects of one component of the KubeVipConfig of a Snapshot. */
export function componentObjects(
  snapshot: Snapshot,
  spec: EffectiveSpec,
  kind: ComponentKind,
): ComponentObjects {
  const { config, daemonSets } = snapshot;
  const name = componentName(spec.name, kind);
  const pods = snapshot.pods.filter(({ metadata }) => metadata?.labels?.[labels.component] === kind);
  const daemonSet = byName(daemonSets, name);
  const claims = claimsOf(spec, kind);
  const context = podContext(snapshot, pods);
  return {
    ...context,
    kind,
    name,
    part: placementOf(spec, kind),
    version: spec.version,
    timing: spec.election,
    claims,
    holds: sayClaims(claims, kind),
    daemonSet,
    owned: daemonSet && isOurs(daemonSet, config.metadata.uid) ? daemonSet : undefined,
    answer: snapshot.answers[name],
    recorded: recordedOf(snapshot.recorded, name, config.metadata.uid),
    probe: probeOf(snapshot, spec, kind),
    lease: snapshot.leases.find((row) => row.name === name),
    pods,
    problems: podProblemsOf(unwell(pods, context.looping), context),
    lastWords: snapshot.lastWords,
    nodes: namesOf(snapshot.nodes),
    hostNames: hostNamesIn(snapshot, kind),
    reach: kind === 'control-plane' ? snapshot.reach : undefined,
    apiAccess: config.spec.controlPlane?.apiAccess ?? 'Local',
    operatorNode: snapshot.operatorNode,
    wasReady: wasReadyInStatus(snapshot, kind),
    isSuspended: config.spec.suspend === true,
    now: snapshot.now,
  };
}

/** Whether a component was ever applied and not taken away again: what runs is kept, what never ran is not begun. */
export const wasApplied = ({ owned, recorded }: Pick<Component, 'owned' | 'recorded'>): boolean =>
  owned !== undefined || recorded.length > 0;

/** Whether what runs was placed by the former default, which kept Services off the control plane, and the spec says no other. */
export function hasFormerPlacement({
  part,
  daemonSet,
  recorded,
}: Pick<Component, 'part' | 'daemonSet' | 'recorded'>): boolean {
  const runs = daemonSet ?? recorded[0]?.object;
  return part?.nodeSelector === undefined && runs !== undefined && leavesOutControlPlane(runs);
}
