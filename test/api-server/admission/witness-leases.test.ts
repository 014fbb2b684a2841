// Only a witness says what it saw, and only the operator makes and deletes its Lease. The rights are those of config/rbac.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { namespace } from '../cluster.ts';
import { until } from '../until.ts';
import { startFence, type Fence } from './fence.ts';
import { expectOpen, judges } from './judges.ts';
import { answer, make, other, own, rows } from './witness-lease-writes.ts';

jest.setTimeout(100_000);

const policy = 'witness-leases.kubevip.dev';

const probe = answer(own, 'jane');
let fence: Fence;

beforeAll(async () => {
  fence = await startFence();
  await fence.must(make(own, undefined, { annotations: { 'example.org/note': 'kept' } }));
  await fence.must(make(other));
  await fence.inForce(policy, probe);
  await fence.makeAdmin(make('free', 'admin'));
}, 90_000);

afterAll(() => fence?.stop());

describe('the Lease of a witness', () => {
  judges(() => fence, rows);
});

/** A token as the kubelet asks for it: it is bound to a pod, and so to a node. */
async function tokenOn(node: string): Promise<string> {
  const name = `witness-on-${node}`;
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  await fence.must({ method: 'POST', path: '/api/v1/nodes', body: { metadata: { name: node } } });
  await fence.must({
    method: 'POST',
    path: pods,
    body: {
      metadata: { name },
      spec: {
        nodeName: node,
        serviceAccountName: 'kube-vip-operator-witness',
        containers: [{ name: 'witness', image: 'example.org/x' }],
      },
    },
  });
  const { metadata } = await fence.admin.expect<{ metadata: { uid: string } }>({
    method: 'GET',
    path: `${pods}/${name}`,
  });
  const { status } = await fence.admin.expect<{ status: { token: string } }>({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/kube-vip-operator-witness/token`,
    body: { spec: { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid: metadata.uid } } },
  });
  return status.token;
}

it('is written with the token of its own node, and of no other', async () => {
  const [mine, others] = [await tokenOn('my-control-plane'), await tokenOn('n7')];
  const patch = ['patch', 'lease', own, '-n', namespace, '--type=merge'];
  const body = JSON.stringify({ metadata: { annotations: { 'kubevip.dev/answers': '{}' } } });
  // PATCH is not granted: the witness reads and writes the whole.
  await fence.api.apply(`
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: witness-may-patch, namespace: ${namespace}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: writers}
subjects: [{kind: ServiceAccount, name: kube-vip-operator-witness, namespace: ${namespace}}]
`);
  const write = (token: string) =>
    fence.api.kubectl(...patch, `--patch=${body}`, `--token=${token}`).then(
      () => 'allowed',
      (error: unknown) => String(error),
    );
  await until('the right to be there', async () => !(await write(others)).includes('cannot patch'));
  expect(await write(others)).toContain(
    'expected to be written by the witness on my-control-plane only, found the one on n7',
  );
  expect(await write(mine)).toBe('allowed');
});

it('allows every refused write without the fence', async () => {
  await expectOpen(fence, policy, probe, rows);
});
