// Why a reason is usually written and what to do about it, a row for each. A reason without a row does not compile.
import type { Reason } from './conditions.ts';

/** What a person may need to know about one reason, in Markdown. */
export interface Advice {
  readonly causes: string;
  readonly todo: string;
}

const nothing = 'Nothing.';
const logOf = '`kubectl -n kube-vip-system logs POD --previous`';

/** Causes and remedy of every reason. docs/conditions.md has them as columns. */
export const advice: Readonly<Record<Reason, Advice>> = {
  AddressConflict: {
    causes: 'Two objects were created in the same moment, or the admission policies are not in force.',
    todo: 'Give one of them another address, or delete it. The message names both.',
  },
  ClassConflict: {
    causes: 'Two objects were created in the same moment, or the admission policies are not in force.',
    todo: 'Give one of them another `spec.services.loadBalancerClass`, or delete it.',
  },
  ServiceConflict: {
    causes: 'The Service was there before the KubeVipConfig, in another namespace or class.',
    todo: 'Give the Service another address, or give the control plane a free one. [Deletion](deletion.md#change-an-address) says how.',
  },
  ServiceHasAddress: {
    causes: 'The admission policies were not in force, or the Service came in the same moment.',
    todo: 'Give the Service another address. The message names the Service and the field.',
  },
  ServicesShareAddress: {
    causes: 'The Services are in two namespaces, or one of them was changed.',
    todo: 'Give one of them another address. In one class another port is enough.',
  },
  SpecInvalid: {
    causes: 'The object was stored under an older operator whose rules let it through.',
    todo: 'Correct the field that the message names.',
  },
  ObjectNotOwned: {
    causes: 'A person or a tool made a DaemonSet under a name that the operator needs.',
    todo: 'Delete or rename that DaemonSet.',
  },
  MetricsPortsExhausted: {
    causes: 'There are more KubeVipConfigs than ports for metrics.',
    todo: 'Delete a KubeVipConfig that is not needed.',
  },
  PreflightFailed: {
    causes:
      'For example, the address is in use, another kube-vip or load balancer is at work, or no node matches.',
    todo: 'Do what the message says. [Preflight](preflight.md) has every check.',
  },
  PreflightPending: {
    causes: 'The operator or the object is new.',
    todo: 'Wait some seconds. If it lasts, look at the log of the operator.',
  },
  PreflightPassed: { causes: 'All is well.', todo: nothing },
  PreflightWarned: {
    causes: 'A check found something that may be intended.',
    todo: 'Read `status.preflight`. Correct what it names, or acknowledge it as [preflight](preflight.md#those-that-warn) says.',
  },
  Accepted: { causes: 'All is well.', todo: nothing },
  NotAccepted: { causes: 'See the reason of `Accepted`.', todo: 'Do what the message says.' },
  ApplyFailed: {
    causes:
      'A permission is missing, an admission webhook refuses, a quota is used up, or the API server is overloaded.',
    todo: 'Do what the end of the message says. The operator tries again by itself.',
  },
  ChangedOnAdmission: {
    causes:
      'A mutating webhook or MutatingAdmissionPolicy, for example of Kyverno, changes DaemonSets of every namespace.',
    todo: 'Let it leave out DaemonSets in `kube-vip-system`. The message names the field. The operator tries again every minute. An image from another registry with the same digest is no problem.',
  },
  Applied: { causes: 'All is well.', todo: nothing },
  Applying: {
    causes: 'The object is new or has changed. If it lasts, the DaemonSet controller is slow.',
    todo: 'Wait. After a minute look at kube-controller-manager.',
  },
  RollingOut: {
    causes: 'A change is under way, or the pod of a node that is named does not end or start.',
    todo: 'Wait. If a node stays named, look at its pod and its kubelet.',
  },
  RolloutPaused: {
    causes: '`spec.rollout.paused` is true, or the annotation `kubevip.dev/rollout` says `pause`.',
    todo: 'Set it to false, or take the annotation off. [Upgrading](upgrading.md) has every way to stop a rollout.',
  },
  RolloutFailed: {
    causes:
      'The release crashes or does not get ready on the node that is named, two nodes had the address, or a person aborted it.',
    todo: 'Read which gate failed, then the log of the pod. Change the spec, or try once more with the command in the message. [Upgrading](upgrading.md) says more.',
  },
  PodsNotReady: {
    causes: 'Pods are starting or ending. If it lasts, a kubelet is down.',
    todo: 'Wait. After a minute `kubectl describe` the pod that is named.',
  },
  NodeUnheard: {
    causes: 'The node is off, its kubelet is down, or it cannot reach the API server.',
    todo: 'Start the node or its kubelet. Delete the Node if it is gone for good.',
  },
  Unschedulable: {
    causes: 'The node lacks cpu, memory or a free host port, or has a taint that is not tolerated.',
    todo: 'Free what the message names, or change `resources`, `tolerations` or `nodeSelector` in the spec.',
  },
  ImagePull: {
    causes: 'No way to the registry, a mirror without this release, a missing pull secret, a rate limit.',
    todo: 'Correct `spec.image`, or make the registry reachable from the node that is named.',
  },
  Killed: {
    causes:
      'The memory limit is too low (OOMKilled), the node is out of memory, or a person or program killed the process.',
    todo: 'Raise `resources.limits.memory` in the spec, or read the kernel log of the node.',
  },
  FailedStart: {
    causes:
      'kube-vip ends with exit code 0 when it refuses its configuration or credentials, and when it loses its Lease. Often the API server of its node cannot be reached.',
    todo: `Read the line in the message, then ${logOf}. Look at the API server of that node.`,
  },
  CrashLoop: {
    causes: 'The interface does not exist on the node, a port is taken, or the kernel refuses.',
    todo: `Read the line in the message, then ${logOf}.`,
  },
  CannotStart: {
    causes: 'The container runtime refuses the pod, or something that it refers to is missing.',
    todo: '`kubectl describe` the pod that is named.',
  },
  NoNodeMatches: {
    causes:
      'Nodes lack the label that the placement asks for, or have a taint. Or an earlier operator rendered Services for nodes that are not control plane only.',
    todo: 'Label nodes, or set `nodeSelector` and `tolerations` in the spec. If `RenderingWaits` is true, take the rendering.',
  },
  Held: { causes: 'All is well.', todo: nothing },
  NoHolder: {
    causes: 'Pods have just started, or none of them can reach its API server.',
    todo: `Wait for one lease duration. Then look at the log of a pod.`,
  },
  LeaseStolen: {
    causes: 'A person edited the Lease, or a program uses it that is not kube-vip.',
    todo: 'Find the writer in the managed fields of the Lease and stop it. kube-vip takes the Lease back when it runs out.',
  },
  LeaseStale: {
    causes: 'The process of the holder is wedged, its node is cut off, or its API server is dead.',
    todo: 'Look at the node that is named. If no other node takes over within a lease duration, delete its pod.',
  },
  HolderWithoutPod: {
    causes: 'Another kube-vip uses this Lease, or the pod of the holder has just been removed.',
    todo: 'Find the other kube-vip on the node that is named, for example a static pod.',
  },
  HolderNotReady: {
    causes: 'The pod of the holder crashes, is ending, or its kubelet does not report.',
    todo: 'Look at the pod and the node that are named.',
  },
  NotLetGo: {
    causes:
      'The process of the former holder is stopped, starved or stuck in the kernel. It neither renews its Lease nor ends. Or it was killed and has not started again yet.',
    todo: 'Delete the pod that is named. The next one takes the address off when it starts. If the pod does not end, take the node off the network. See the [runbook](runbook.md#kubevipduplicateowner).',
  },
  LettingGo: {
    causes:
      'The address moves. Or the kube-vip of the former holder was killed, and the next pod, which takes the address off, has not started yet.',
    todo: 'Wait for some seconds. If it lasts, look at the kube-vip pod of the node that is named.',
  },
  TwoNodesAnswer: {
    causes:
      'The process of a former holder is stopped, starved or stuck in the kernel. Or it was killed, and its next start, which takes the address off, has not come. Or the kubelet of its node is dead.',
    todo: 'With `spec.remedy: RestartPod` the operator deletes the pod that does not hold the Lease, once in five minutes. Otherwise do what the message says. See [witness](witness.md).',
  },
  StrangerAnswers: {
    causes:
      'A machine outside the cluster was given the address, for example by DHCP or by hand. Or a node that was removed from the cluster still has it.',
    todo: 'Look for the MAC in the address table of the switch, and take the address off that machine.',
  },
  AnotherAnswers: {
    causes:
      'The address was put on a node by hand or by another program, or kube-vip left it there. kube-vip of the holder could not put it on the interface.',
    todo: 'Look at the log of the kube-vip pod of the holder. Take the address off the node that the message names.',
  },
  AddressLeft: {
    causes:
      'A Service was deleted or is no load balancer any more, or its class or release changed, and kube-vip did not take the address off.',
    todo: 'Run the command that `status.orphans` has on the node that it names. A Service that gets the address again takes it over, too.',
  },
  ApiServerDead: {
    causes:
      'The API server of the holder crashed or cannot reach its etcd. With `apiAccess: Local` kube-vip moves the address by itself. With `Service` the address stays.',
    todo: 'Mend the API server of the node that is named, or delete the kube-vip pod there, so that another node takes over.',
  },
  AddressSilent: {
    causes:
      'kube-vip could not put the address on the interface, the interface is down, the switch refuses the ARP, or something drops packets between the operator and the address.',
    todo: 'Look for the address on the node that is named. If the operator cannot reach that network at all, start it with `--probe-addresses off`.',
  },
  AddressUnproven: { causes: 'The control plane has just started.', todo: 'Wait for some seconds.' },
  Deleting: {
    causes:
      'A holder loses its Lease, pods end, and addresses are asked for. That takes half a minute, or two minutes if a pod hangs.',
    todo: 'Wait for what the message names. [Deletion](deletion.md) has every step.',
  },
  DeletionOverdue: {
    causes: 'A node is dead, or a kube-vip or another machine still answers for an address.',
    todo: 'Do what the end of the message says. [Deletion](deletion.md) has the ways out.',
  },
  Removing: {
    causes:
      '`spec.controlPlane` was taken out, or has another address or interface, or `spec.version` was v0.6.4, v0.8.7 or v0.8.9 and is another, or another KubeVipConfig has the address. The steps are those of a deletion.',
    todo: 'Wait for what the message names. [Deletion](deletion.md) has every step. What else the object runs stays as it is.',
  },
  RemovalOverdue: {
    causes: 'A node is dead, or a kube-vip or another machine still answers for an address.',
    todo: 'Do what the end of the message says. [Deletion](deletion.md) has the ways out.',
  },
  Suspended: {
    causes: '`spec.suspend` is true.',
    todo: 'Set it to false when the work is done. The operator then repairs what the message names.',
  },
  Drifted: {
    causes: '`spec.suspend` is true, and a DaemonSet of kube-vip was edited by hand or by another program.',
    todo: 'Set `spec.suspend` to false. The operator then puts back the field that the message names.',
  },
  NewerRendering: {
    causes: 'The operator was upgraded, and renders the same spec otherwise than the operator before it.',
    todo: 'You need not do anything. What runs is kept and repaired as it was applied. The command in the message takes the new rendering, which restarts its pods one node after the other. An edit of that part of the spec takes it too.',
  },
  CheckOverridden: {
    causes: 'The annotation `kubevip.dev/override` names a check that fails.',
    todo: 'Mend what the check found, then take the annotation off.',
  },
  DigestFromSpec: {
    causes: '`spec.image.digest` is set, for a mirror that rebuilds images.',
    todo: 'Make sure that the image is kube-vip of that version.',
  },
  PolicyMissing: {
    causes:
      'A person or a tool deleted an admission policy or its binding, or lets it only warn. Kubernetes lets no policy guard another.',
    todo: 'Apply them again: `kubectl apply -k config/admission`.',
  },
  NamespaceOptedOut: {
    causes: 'A person labelled a namespace to run another kube-vip there.',
    todo: 'Remove the label when it is no longer needed.',
  },
  UnsafeTimings: {
    causes:
      'The timings were stored before the API server refused them. Often they are the former default of 15, 10 and 2 seconds.',
    todo: 'Write the line of the message into the spec when each address may move once. [Decision 6](decisions/0006-lease-timings.md) has the figures.',
  },
  OpenReport: {
    causes: 'The release has a known fault. [Releases](versions.md) has the evidence.',
    todo: 'Choose another release if the fault concerns you.',
  },
};
