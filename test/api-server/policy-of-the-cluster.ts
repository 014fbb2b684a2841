// A policy that an administrator may have: what Kubernetes takes, this cluster does not.

/** Refuses every DaemonSet that tolerates taint `a`. */
export const noTolerationOfA = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: no-toleration-of-a}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [apps], apiVersions: [v1], resources: [daemonsets], operations: [CREATE, UPDATE]}]
  validations:
    - expression: "!object.spec.template.spec.?tolerations.orValue([]).exists(t, t.?key.orValue('') == 'a')"
      message: taint a is not tolerated here
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: no-toleration-of-a}
spec: {policyName: no-toleration-of-a, validationActions: [Deny]}
`;

/** The spec of a DaemonSet that is valid but for what a policy says. */
export const podSpecWith = (tolerations: readonly object[]): object => ({
  selector: { matchLabels: { app: 'x' } },
  template: {
    metadata: { labels: { app: 'x' } },
    spec: { tolerations, containers: [{ name: 'x', image: 'example.org/x' }] },
  },
});
