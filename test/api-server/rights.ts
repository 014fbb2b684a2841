// What the operator may do, taken from it while it runs.
import type { Admin } from './admin.ts';
import { namespace } from './cluster.ts';

const role = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles/kube-vip-operator`;

interface Rule {
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const write = async (admin: Admin, rules: readonly Rule[]): Promise<void> => {
  await admin.expect({ method: 'PATCH', path: role, body: { rules }, type: 'merge' });
};

/** Takes verbs of one resource; what it returns gives them back. */
async function take(admin: Admin, resource: string, taken: readonly string[]): Promise<() => Promise<void>> {
  const { rules } = await admin.expect<{ rules: Rule[] }>({ method: 'GET', path: role });
  const left = rules.map((rule) =>
    rule.resources.includes(resource)
      ? { ...rule, verbs: rule.verbs.filter((verb) => !taken.includes(verb)) }
      : rule,
  );
  await write(
    admin,
    left.filter(({ verbs }) => verbs.length > 0),
  );
  return () => write(admin, rules);
}

/** Not the whole Role: whoever may not renew its Lease does not lead, and does not write. */
export async function takeDaemonSetWrites(admin: Admin): Promise<void> {
  await take(admin, 'daemonsets', ['create', 'patch', 'delete']);
}

/** Does something while no operator can take or renew its Lease. */
export async function withoutLeaseWrites<T>(admin: Admin, act: () => Promise<T>): Promise<T> {
  const giveBack = await take(admin, 'leases', ['create', 'patch']);
  try {
    return await act();
  } finally {
    await giveBack();
  }
}
