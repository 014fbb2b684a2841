// The prepared cluster of a run, as prepare.ts leaves it: what every cluster of the run begins with.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Admin } from './admin.ts';

/** Names its folder; set for the time of a run. */
export const preparedVariable = 'PREPARED_CLUSTER';

const group = '/apis/admissionregistration.k8s.io/v1';

/** Collections of what is not in the prepared cluster but in a file beside it, in the order of making. */
export const policyPaths = {
  policies: `${group}/validatingadmissionpolicies`,
  bindings: `${group}/validatingadmissionpolicybindings`,
} as const;

/** The admission policies of `config/default` and their bindings. */
export interface Policies {
  readonly policies: readonly object[];
  readonly bindings: readonly { readonly spec: { readonly policyName: string } }[];
}

/** The file of the {@link Policies}. */
export const policiesIn = (dir: string): string => join(dir, 'policies.json');

/** The folder of the prepared cluster of this run. */
export function preparedFolder(): string {
  const dir = process.env[preparedVariable];
  if (dir === undefined) {
    throw new Error(
      `${preparedVariable}: expected a folder, found none; call prepareCluster() before the first cluster`,
    );
  }
  return dir;
}

/** Removes it when the run is over. */
export function removePrepared(): void {
  rmSync(preparedFolder(), { recursive: true, force: true });
}

const policiesOfRun = (): Policies =>
  JSON.parse(readFileSync(policiesIn(preparedFolder()), 'utf8')) as Policies;

/** Puts back the binding of one policy. Others may be open on purpose, and which of two that refuse is named is chance. */
export async function makeBinding(admin: Admin, policy: string): Promise<void> {
  const body = policiesOfRun().bindings.find(({ spec }) => spec.policyName === policy);
  await admin.expect({ method: 'POST', path: policyPaths.bindings, body });
}

/**
 * Makes the policies in a copy of the prepared cluster that serves KubeVipConfigs. An API server that finds a policy
 * before it serves the kind of its parameters looks for that kind again after half a minute only.
 * @param open names of policies that get no binding.
 */
export async function makePolicies(admin: Admin, open: readonly string[]): Promise<void> {
  const { policies, bindings } = policiesOfRun();
  const make = (path: string, objects: readonly object[]): Promise<unknown> =>
    Promise.all(objects.map((body) => admin.expect({ method: 'POST', path, body })));
  await make(policyPaths.policies, policies);
  await make(
    policyPaths.bindings,
    bindings.filter(({ spec }) => !open.includes(spec.policyName)),
  );
}
