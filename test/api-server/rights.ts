// What the operator may do, taken from it while it runs.
import type { Admin } from './admin.ts';
import { namespace } from './cluster.ts';

const role = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles/kube-vip-operator`;

/** Not the whole Role: whoever may not renew its Lease does not lead, and does not write. */
export async function takeDaemonSetWrites(admin: Admin): Promise<void> {
  const { rules } = await admin.expect<{ rules: { resources: string[] }[] }>({ method: 'GET', path: role });
  const left = rules.map((rule) =>
    rule.resources.includes('daemonsets') ? { ...rule, verbs: ['list', 'watch'] } : rule,
  );
  await admin.expect({ method: 'PATCH', path: role, body: { rules: left }, type: 'merge' });
}
