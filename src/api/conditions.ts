// Every condition and reason that is ever written, a sentence each. The table makes the documentation.

export const conditionTypes = {
  Accepted: 'The spec is understood, its version allowed, and nobody else has what it claims.',
  Programmed: 'The DaemonSets are applied and every selected node runs them.',
  Ready: 'Each function is held by exactly one node whose pod runs, by a fresh Lease.',
  Reconciling: 'Present while something is under way.',
  Stalled: 'Present while a person must act.',
  Suspended: 'Present while spec.suspend is true.',
  PinUnverified: 'Present while spec.image.digest replaces the digest of the catalogue.',
  Unguarded: 'Present while a namespace is opted out of the admission policies.',
  KnownHazard: 'Present while the chosen version has an open report for what it is used for.',
} as const;

export type ConditionType = keyof typeof conditionTypes;

/** Why a config is not accepted. */
export const rejectionReasons = {
  AddressConflict: 'Another KubeVipConfig has one of the addresses.',
  ClassConflict: 'Another KubeVipConfig has the load balancer class.',
  SpecInvalid: 'The stored spec breaks a rule of this version of the operator; what runs keeps running.',
  ObjectNotOwned: 'A DaemonSet of a name that is needed was made by somebody else.',
} as const;

export type RejectionReason = keyof typeof rejectionReasons;

export const reasons = {
  ...rejectionReasons,
  Accepted: 'The spec is understood and nobody else has what it claims.',
  NotAccepted: 'Nothing is rendered, see Accepted.',
  ApplyFailed: 'The API server refused or did not answer a request of the operator.',
  Applied: 'Every selected node runs the current revision and has it ready.',
  Applying: 'A DaemonSet has just been written.',
  RollingOut: 'Some nodes do not run the current revision yet.',
  PodsNotReady: 'Some pods of the current revision are not ready.',
  NoNodeMatches: 'The node selector or the default placement matches no node.',
  Held: 'A fresh Lease names a node whose pod runs.',
  NoHolder: 'Nobody has taken the Lease yet.',
  LeaseStale: 'The holder has not renewed the Lease within its duration.',
  HolderWithoutPod: 'The Lease names a node that runs no pod of ours.',
  HolderNotReady: 'The pod on the node that the Lease names is not ready.',
  Deleting: 'The KubeVipConfig is being deleted.',
  Suspended: 'spec.suspend is true: nothing is applied and no drift is repaired.',
  DigestFromSpec: 'spec.image.digest was given: what it contains is not what the catalogue knows.',
  NamespaceOptedOut: 'A label on a namespace lets any kube-vip through there, also an unsafe one.',
  OpenReport: 'An open upstream report, or a run of ours, touches what this version is used for.',
} as const;

export type Reason = keyof typeof reasons;
