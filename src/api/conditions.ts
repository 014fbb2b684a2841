// Every condition and reason that is ever written, a sentence each. The table makes the documentation.

/** Every condition type, with what it means while its status is True. */
export const conditionTypes = {
  Accepted: 'The spec is understood, its version is allowed, and no other object has what it claims.',
  PreflightPassed:
    'No check of the live cluster forbids what the spec asks for. Unknown while facts are gathered.',
  Programmed: 'The DaemonSets are applied and every selected node runs them.',
  Ready:
    'A fresh Lease names one node for each component, its pod runs there, and control-plane addresses answer. Where there is a witness, it hears no other owner.',
  Reconciling: 'Present while something is under way and makes progress.',
  Stalled:
    'Present while a person must act, because time alone does not help or nothing got further for ten minutes.',
  Suspended: 'Present while spec.suspend is true.',
  Drifted: 'Present while spec.suspend is true and a DaemonSet differs from what was rendered.',
  RenderingWaits:
    'Present while this operator renders an unchanged spec otherwise than what runs. Nothing restarts until the new rendering is taken.',
  RollbackActive:
    'Present while a change that failed a gate is taken back, and after that until the spec changes or a person asks again.',
  Overridden: 'Present while an annotation lets a check pass that would block.',
  PinUnverified: 'Present while spec.image.digest replaces the digest of the catalogue.',
  DuplicateOwner:
    'Present while several machines answer for an address, or another than the holder does, a Service has an address of a control plane, two Services share one, or a former holder may still have one.',
  OrphanAddress: 'Present while a node answers for an address that nothing claims any more.',
  Unguarded:
    'Present while an admission policy is missing or does not deny, or a namespace is opted out of them.',
  KnownHazard:
    'Present while something is known against what the spec asks for: an open report of its version, or timings that are not safe.',
} as const;

/** Name of a condition that status may have. */
export type ConditionType = keyof typeof conditionTypes;

/** Why a config is not accepted. */
export const rejectionReasons = {
  AddressConflict: 'Another KubeVipConfig has one of the addresses.',
  ClassConflict: 'Another KubeVipConfig has the load balancer class.',
  ServiceConflict: 'A Service has one of the addresses and had it before. What runs keeps running.',
  SpecInvalid: 'The stored spec breaks a rule of this version of the operator. What runs keeps running.',
  ObjectNotOwned: 'The operator needs the name of a DaemonSet that it did not make.',
  MetricsPortsExhausted: 'Other DaemonSets have every port for metrics. What runs keeps running.',
} as const;

/** A reason with which `Accepted` is False. */
export type RejectionReason = keyof typeof rejectionReasons;

/** Why a change is held back. */
export const holdReasons = {
  PreflightFailed:
    'A check of the live cluster forbids it. Nothing new is applied for the component that it is about, and what runs keeps running.',
  PreflightPending: 'The facts that preflight judges are being gathered.',
} as const;

/** A reason with which `PreflightPassed` keeps a change from being applied. */
export type HoldReason = keyof typeof holdReasons;

/** Every reason that a condition may have, with one sentence for the documents. */
export const reasons = {
  ...rejectionReasons,
  ...holdReasons,
  PreflightPassed: 'Every check of the live cluster passes.',
  PreflightWarned: 'No check forbids it, but some warn. See status.preflight.',
  Accepted: 'The spec is understood, and no other object has what it claims.',
  NotAccepted: 'Nothing is rendered. See Accepted.',
  ApplyFailed: 'The API server refused or did not answer a request of the operator.',
  ChangedOnAdmission:
    'The API server stores a DaemonSet otherwise than the operator asks: a mutating webhook or policy changes it.',
  Applied: 'Every selected node runs a ready pod of the current revision.',
  Applying: 'A DaemonSet has just been written.',
  RollingOut: 'Some nodes do not run the current revision yet.',
  RolloutPaused: 'A person has stopped a rollout for now. No further node is changed.',
  RolloutFailed:
    'A node that was changed did not pass a gate. The holder was not changed if it could be spared.',
  PodsNotReady: 'Some pods of the current revision are not ready.',
  NodeUnheard: 'The kubelet of a node does not report, so the state of its pod is not known.',
  Unschedulable: 'A pod cannot be put on its node.',
  ImagePull: 'A node cannot pull the image.',
  Killed: 'kube-vip was killed, because it used too much memory or by something else on the node.',
  FailedStart: 'kube-vip ended with exit code 0. That is a failed start or a lost Lease.',
  CrashLoop: 'kube-vip ends with an error again and again.',
  CannotStart: 'The container runtime cannot start a pod.',
  NoNodeMatches: 'The node selector, or the default placement, matches no node.',
  Held: 'A fresh Lease names a node whose pod runs, and the control-plane address answers.',
  NoHolder: 'No node has taken the Lease yet.',
  LeaseStolen: 'The Lease names a holder that is no node of this cluster.',
  LeaseStale: 'The holder has not renewed the Lease within its duration.',
  HolderWithoutPod: 'The Lease names a node that runs no pod of ours.',
  HolderNotReady: 'The pod on the node that the Lease names is not ready.',
  NotLetGo: 'A node lost the Lease and may still have the address, so two nodes may answer for it.',
  LettingGo:
    'A node lost the Lease and has a moment to give the address up. Until then two nodes may have it.',
  TwoNodesAnswer: 'Two nodes have answered for an address for longer than a hand-over takes.',
  StrangerAnswers: 'A machine that is no node of the cluster answers for an address.',
  AnotherAnswers: 'The holder does not answer for its address, and another node does.',
  AddressLeft: 'A node answers for an address whose Service or KubeVipConfig is gone or has changed.',
  ApiServerDead: 'The address is on its node, but the API server behind it is dead.',
  AddressSilent:
    'The Lease is fresh and the pod is ready, but the address does not answer the operator, or no machine answers a witness for it.',
  AddressUnproven: 'A node has just taken the address, and the first answer is still to come.',
  Deleting: 'The KubeVipConfig is being deleted.',
  DeletionOverdue: 'A deletion has waited for three minutes. A person must act.',
  Removing: 'The control plane leaves the nodes, and the KubeVipConfig stays.',
  RemovalOverdue: 'A removal of the control plane has waited for three minutes. A person must act.',
  Suspended: 'spec.suspend is true. Nothing is applied and no drift is repaired.',
  Drifted: 'What runs was changed from outside. It stays so while spec.suspend is true.',
  NewerRendering:
    'An upgrade of the operator changed what the spec renders to. What runs stays as it was applied.',
  CheckOverridden: 'An administrator let a check pass that would hold back a start or a change.',
  DigestFromSpec: 'spec.image.digest is set, so the catalogue does not know what the image contains.',
  ServiceHasAddress: 'A Service has a control-plane address that runs here.',
  ServicesShareAddress: 'Two Services have one address. Only one of them can be reached or may bind it.',
  PolicyMissing: 'An admission policy of config/admission, or its binding, is missing or does not deny.',
  NamespaceOptedOut: 'A label on a namespace lets unsafe kube-vip workloads through there.',
  UnsafeTimings: 'The Lease runs out before a holder whose API server hangs has let its address go.',
  OpenReport: 'An open upstream report, or a run of ours, touches what this version is used for.',
} as const;

/** Name of a reason. No other text is ever written as one. */
export type Reason = keyof typeof reasons;
