// Every condition and reason that is ever written, a sentence each. The table makes the documentation.

export const conditionTypes = {
  Accepted: 'The spec is understood, its version allowed, and nobody else has what it claims.',
  PreflightPassed:
    'No check of the live cluster forbids what the spec asks for. Unknown while facts are gathered.',
  Programmed: 'The DaemonSets are applied and every selected node runs them.',
  Ready:
    'Each function is held by exactly one node whose pod runs, by a fresh Lease, and control-plane addresses answer.',
  Reconciling: 'Present while something is under way and gets further.',
  Stalled:
    'Present while a person must act: time alone does not help, or nothing got further for ten minutes.',
  Suspended: 'Present while spec.suspend is true.',
  Drifted: 'Present while spec.suspend is true and somebody has changed a DaemonSet by hand.',
  RenderingWaits:
    'Present while this operator renders an unchanged spec otherwise than what runs: nothing restarts until that is taken.',
  Overridden: 'Present while an annotation lets a check pass that would block.',
  PinUnverified: 'Present while spec.image.digest replaces the digest of the catalogue.',
  DuplicateOwner:
    'Present while a Service has an address that runs here, two Services have one, or a former holder was not seen to let go.',
  Unguarded: 'Present while a namespace is opted out of the admission policies.',
  KnownHazard: 'Present while the chosen version has an open report for what it is used for.',
} as const;

export type ConditionType = keyof typeof conditionTypes;

/** Why a config is not accepted. */
export const rejectionReasons = {
  AddressConflict: 'Another KubeVipConfig has one of the addresses.',
  ClassConflict: 'Another KubeVipConfig has the load balancer class.',
  ServiceConflict: 'A Service has one of the addresses and had it before; what runs keeps running.',
  SpecInvalid: 'The stored spec breaks a rule of this version of the operator; what runs keeps running.',
  ObjectNotOwned: 'A DaemonSet of a name that is needed was made by somebody else.',
  MetricsPortsExhausted: 'Every port for metrics is taken by another DaemonSet; what runs keeps running.',
} as const;

export type RejectionReason = keyof typeof rejectionReasons;

/** Why a change is held back. */
export const holdReasons = {
  PreflightFailed: 'A check of the live cluster forbids it: nothing new is applied, what runs keeps running.',
  PreflightPending: 'The facts that preflight judges are being gathered.',
} as const;

export type HoldReason = keyof typeof holdReasons;

export const reasons = {
  ...rejectionReasons,
  ...holdReasons,
  PreflightPassed: 'Every check of the live cluster passes.',
  PreflightWarned: 'No check forbids it, but some warn, see status.preflight.',
  Accepted: 'The spec is understood and nobody else has what it claims.',
  NotAccepted: 'Nothing is rendered, see Accepted.',
  ApplyFailed: 'The API server refused or did not answer a request of the operator.',
  Applied: 'Every selected node runs the current revision and has it ready.',
  Applying: 'A DaemonSet has just been written.',
  RollingOut: 'Some nodes do not run the current revision yet.',
  PodsNotReady: 'Some pods of the current revision are not ready.',
  NodeUnheard: 'The kubelet of a node does not report, so its pod can neither be judged nor changed.',
  Unschedulable: 'A pod cannot be put on its node.',
  ImagePull: 'A node cannot pull the image.',
  Killed: 'kube-vip was killed: it used too much memory, or something else on the node did it.',
  FailedStart: 'kube-vip ended with exit code 0, which is a failed start or a lost Lease.',
  CrashLoop: 'kube-vip ends with an error again and again.',
  CannotStart: 'The container runtime cannot start a pod.',
  NoNodeMatches: 'The node selector or the default placement matches no node.',
  Held: 'A fresh Lease names a node whose pod runs, and the control-plane address answers.',
  NoHolder: 'Nobody has taken the Lease yet.',
  LeaseStolen: 'The Lease is held by somebody that is no node of this cluster.',
  LeaseStale: 'The holder has not renewed the Lease within its duration.',
  HolderWithoutPod: 'The Lease names a node that runs no pod of ours.',
  HolderNotReady: 'The pod on the node that the Lease names is not ready.',
  NotLetGo: 'A node that lost the Lease was not seen to let the address go: two may answer for it.',
  LettingGo:
    'A node that lost the Lease is given a moment to let the address go: until then two may have it.',
  ApiServerDead: 'The address is on its node, and the API server behind it is dead.',
  AddressSilent: 'The Lease is fresh and the pod ready, but nobody answers at the address.',
  AddressUnproven: 'The address was just taken: the first answer is still to come.',
  Deleting: 'The KubeVipConfig is being deleted.',
  DeletionOverdue: 'A deletion has waited for three minutes: a person must act.',
  Removing: 'The control plane leaves the nodes, and the KubeVipConfig stays.',
  RemovalOverdue: 'A removal of the control plane has waited for three minutes: a person must act.',
  Suspended: 'spec.suspend is true: nothing is applied and no drift is repaired.',
  Drifted: 'Somebody changed what runs, and it is left so while spec.suspend is true.',
  NewerRendering: 'An upgrade of the operator changed what the spec renders to, and nobody has taken it.',
  CheckOverridden: 'An administrator let a check pass that would hold back a start or a change.',
  DigestFromSpec: 'spec.image.digest was given: what it contains is not what the catalogue knows.',
  ServiceHasAddress: 'A Service has a control-plane address that runs here.',
  ServicesShareAddress: 'Two Services have one address, and only one of them can be reached or may bind it.',
  NamespaceOptedOut: 'A label on a namespace lets any kube-vip through there, also an unsafe one.',
  OpenReport: 'An open upstream report, or a run of ours, touches what this version is used for.',
} as const;

export type Reason = keyof typeof reasons;
