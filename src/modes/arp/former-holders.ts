// Nodes that lost a Lease and were not seen to let the address go. Losing its Lease ends every release, in order with
// the address off (pkg/cluster/clusterLeaderElection.go@v0.8.9, worker/common.go@v1.2.3), so a kube-vip that runs on
// hangs, or is cut off, and keeps the address while the next holder has it (lab run, v1.1.2: as long as the process is
// stopped). One that was killed leaves the address, too, until the next one on that node starts, and some releases leave
// it whenever a pod ends.
import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { statusFields } from '../../api/metadata.ts';
import { leavesAddress, versionOf } from '../../catalog/releases.ts';
import type { ComponentObjects, LingeringHolder, Ownership } from '../../observed/component.ts';
import { isNode, isTerminating, nameOf, nodeOf } from '../../observed/pods.ts';
import type { FormerHolder, LeaseView, Snapshot } from '../../observed/snapshot.ts';
import { containerName } from '../../render/daemon-set.ts';
import { abandonCommand, abandoned } from '../../steps/waits.ts';
import { holderOf } from './lease.ts';

const latest = (pod: V1Pod | undefined): V1ContainerStatus | undefined => pod?.status?.containerStatuses?.[0];

/** The container of a pod, also when it has ended and no other was started. */
const containerOf = (pod: V1Pod | undefined): string | undefined => latest(pod)?.containerID;

// In whole seconds, as the kubelet says it; times are text in JSON, and RFC 3339 in UTC sorts as text.
const seconds = (time: Date | string | undefined): string =>
  ((time as string | undefined) ?? '').slice(0, '2026-01-01T00:00:00'.length);

function startOf({ state, lastState }: V1ContainerStatus): string {
  return seconds((state?.running ?? state?.terminated ?? lastState?.terminated)?.startedAt);
}

/**
 * The container of the holder's pod that can have renewed its Lease; undefined when it was started after the last
 * renewal, which an earlier one wrote then: after an outage of every API server the Lease still names that node (lab run).
 * Both times are of the node's own clock.
 */
function leadingContainer(pod: V1Pod | undefined, lease: LeaseView | undefined): string | undefined {
  const status = latest(pod);
  const renewed = seconds(lease?.renewTime);
  return status && renewed !== '' && startOf(status) > renewed ? undefined : status?.containerID;
}

/** The release that a pod runs, by its image. */
const releaseOfPod = (pod: V1Pod | undefined): string | undefined =>
  versionOf(pod?.spec?.containers?.find(({ name }) => name === containerName)?.image ?? '');

/** Whether a release leaves a control-plane address on the node when its pod ends, in order or not. */
const leavesBehind = ({ component, version }: FormerHolder): boolean =>
  component === 'control-plane' && leavesAddress(version);

/** Whether a container of a pod runs, or ended without an orderly way out that takes the address off. */
function mayHaveAddress(pod: V1Pod, row: FormerHolder): boolean {
  const { state, lastState } = latest(pod) ?? {};
  const end = state?.running ? undefined : (state?.terminated ?? lastState?.terminated);
  return leavesBehind(row) || end?.exitCode !== 0;
}

/** The pod of a former holder while it is as it was when it held the Lease. */
const podOf = (pods: readonly V1Pod[], { container }: FormerHolder): V1Pod | undefined =>
  pods.find((pod) => containerOf(pod) === container);

/**
 * Whether the next kube-vip of a node is still to come: its start takes off what a killed one left there
 * (pkg/cluster/clusterLeaderElection.go@v0.6.4 and later).
 */
function awaitsNext(
  { nodes, config }: Snapshot,
  { daemonSet, pods }: ComponentObjects,
  former: FormerHolder,
): boolean {
  const { node } = former;
  if (!nodes.some((row) => isNode(node, nameOf(row))) || abandoned(config).includes(node)) {
    return false;
  }
  const there = pods.filter((pod) => isNode(node, nodeOf(pod)));
  const staying = pods.filter((pod) => !isTerminating(pod)).length;
  return there.length === 0
    ? leavesBehind(former) || (daemonSet?.status?.desiredNumberScheduled ?? 0) > staying
    : there.every((pod) => containerOf(pod) === undefined);
}

function linger(
  snapshot: Snapshot,
  component: ComponentObjects,
  row: FormerHolder,
): readonly LingeringHolder[] {
  const pod = podOf(component.pods, row);
  const isLeft = pod ? mayHaveAddress(pod, row) : awaitsNext(snapshot, component, row);
  const giveUp = abandonCommand(snapshot.config, row.node);
  return isLeft && !isNode(holderOf(component.lease), row.node)
    ? [{ ...row, pod, leavesAddress: leavesBehind(row), giveUp }]
    : [];
}

/** Who held the Lease by the status that was written last, and does not any more. */
function justLost({ config, now }: Snapshot, { kind, lease }: ComponentObjects): readonly FormerHolder[] {
  const {
    holder = '',
    holderContainer: container,
    holderVersion,
  } = config.status?.[statusFields[kind]] ?? {};
  const version = holderVersion === undefined ? {} : { version: holderVersion };
  return holder === '' || container === undefined || isNode(holderOf(lease), holder)
    ? []
    : [{ component: kind, node: holder, container, ...version, since: { at: now } }];
}

function formerHolders(snapshot: Snapshot, component: ComponentObjects): readonly LingeringHolder[] {
  const known = snapshot.formerHolders.filter((row) => row.component === component.kind);
  const fresh = justLost(snapshot, component).filter(
    ({ container }) => !known.some((row) => row.container === container),
  );
  return [...known, ...fresh].flatMap((row) => linger(snapshot, component, row));
}

function podOn(pods: readonly V1Pod[], holder: string): V1Pod | undefined {
  const there = pods.filter(({ spec }) => isNode(holder, spec?.nodeName ?? ''));
  return there.find((pod) => !isTerminating(pod)) ?? there[0];
}

/**
 * In what the holder leads. Until a container of its next pod was started, that is still the one that status remembers: the
 * Lease may run out meanwhile, and another node take it.
 */
function leadingIn({ config }: Snapshot, { kind, lease }: ComponentObjects, holderPod: V1Pod | undefined) {
  const { holder = '', holderContainer, holderVersion } = config.status?.[statusFields[kind]] ?? {};
  if (containerOf(holderPod) === undefined && holder !== '' && isNode(holderOf(lease), holder)) {
    return { container: holderContainer, version: holderVersion };
  }
  const container = leadingContainer(holderPod, lease);
  return { container, version: container === undefined ? undefined : releaseOfPod(holderPod) };
}

/** Under ARP the node that has the Lease has the addresses. */
export function leaseOwnership(snapshot: Snapshot, component: ComponentObjects): Ownership {
  const { lease, pods } = component;
  const holder = holderOf(lease);
  const holderPod = holder === '' ? undefined : podOn(pods, holder);
  const leading = leadingIn(snapshot, component, holderPod);
  return {
    holder,
    holderSince: holder === '' ? undefined : lease?.acquireTime,
    holderContainer: leading.container,
    holderVersion: leading.version,
    holderPod,
    former: formerHolders(snapshot, component),
  };
}
