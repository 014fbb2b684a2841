// The admission policies of config/admission by name, of which the operator says when one is missing: Kubernetes lets no policy
// guard another.

/** Every policy, each with a binding of its name that denies; a test holds the list against the manifests. */
export const admissionPolicies: readonly string[] = [
  'deletions.kubevip.dev',
  'foreign-kube-vip-claims.kubevip.dev',
  'foreign-kube-vip.kubevip.dev',
  'kubevipconfig-claims.kubevip.dev',
  'operand-leases.kubevip.dev',
  'service-addresses.kubevip.dev',
  'service-features.kubevip.dev',
  'service-grants.kubevip.dev',
  'service-limits.kubevip.dev',
  'service-requests-by-class.kubevip.dev',
  'service-requests.kubevip.dev',
  'service-sharing.kubevip.dev',
  'service-writers.kubevip.dev',
  'witness-leases.kubevip.dev',
];
