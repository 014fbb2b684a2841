// Which of the admission policies do not stand guard.
import type {
  V1ValidatingAdmissionPolicy,
  V1ValidatingAdmissionPolicyBinding,
} from '@kubernetes/client-node';
import { admissionPolicies } from '../catalog/admission-policies.ts';

/** A binding without `Deny` warns or notes, and admits. */
const denies = ({ spec }: V1ValidatingAdmissionPolicyBinding): boolean =>
  spec?.validationActions?.includes('Deny') ?? false;

/** Names of the policies of ours that are not there, or that no binding lets deny. */
export function missingPolicies(
  policies: readonly V1ValidatingAdmissionPolicy[],
  bindings: readonly V1ValidatingAdmissionPolicyBinding[],
): readonly string[] {
  const there = new Set(policies.map(({ metadata }) => metadata?.name));
  const bound = new Set(bindings.filter(denies).map(({ spec }) => spec?.policyName));
  return admissionPolicies.filter((name) => !there.has(name) || !bound.has(name));
}
