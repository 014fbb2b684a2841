import { expect, it } from '@jest/globals';
import { admissionPolicies } from '../../src/catalog/admission-policies.ts';
import { missingPolicies } from '../../src/observed/policies.ts';

const [first = '', ...rest] = admissionPolicies;
const policy = (name: string) => ({ metadata: { name } });
const binding = (policyName: string, ...validationActions: string[]) => ({
  metadata: { name: policyName },
  spec: { policyName, validationActions },
});
const all = admissionPolicies.map(policy);
const bound = admissionPolicies.map((name) => binding(name, 'Deny', 'Audit'));
const others = rest.map((name) => binding(name, 'Deny'));

it.each([
  ['nothing is missing when each is there and denies', all, bound, []],
  ['everything is missing when nothing is there', [], [], admissionPolicies],
  ['one without a binding is missing', all, others, [first]],
  ['one that only warns is missing', all, [...others, binding(first, 'Warn')], [first]],
  ['one whose binding binds another is missing', all, [...others, binding('x', 'Deny')], [first]],
  ['a binding without its policy does not help', rest.map(policy), bound, [first]],
  ['those of others do not count', [...all, policy('x')], [...bound, binding('x', 'Warn')], []],
])('%s', (_, policies, bindings, missing) => {
  expect(missingPolicies(policies, bindings)).toEqual(missing);
});
