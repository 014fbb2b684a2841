// Only kube-vip, each function for itself, and cluster administrators write the Leases that decide who owns an
// address; the operator and the cluster's own controllers clean up.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { operatorUser } from '../audit.ts';
import { startFence, type Fence } from './fence.ts';
import { expectOpen, judges } from './judges.ts';
import { create, parkable, remove, rows, services, take } from './operand-lease-writes.ts';

jest.setTimeout(100_000);

const policy = 'operand-leases.kubevip.dev';

const probe = take('edge-services', 'jane');
let fence: Fence;

beforeAll(async () => {
  fence = await startFence();
  await fence.must(create('edge-control-plane'));
  await fence.must(create('edge-services'));
  await fence.must(create('parked-services'));
  await fence.must({
    ...create(parkable),
    body: {
      metadata: { name: parkable, annotations: { 'example.org/note': 'kept' } },
      spec: { holderIdentity: 'n1' },
    },
  });
  await fence.must({
    ...create('kept-control-plane'),
    body: {
      metadata: {
        name: 'kept-control-plane',
        annotations: { 'kubevip.dev/leaving': '203.0.113.100:6443', 'example.org/note': 'kept' },
      },
      spec: { holderIdentity: 'kube-vip-operator:n1' },
    },
  });
  await fence.inForce(policy, probe);
  await fence.makeAdmin(take('edge-services', 'admin'));
}, 90_000);

afterAll(() => fence?.stop());

describe('a Lease', () => {
  judges(() => fence, rows);

  it('can be renewed and deleted when the CRD is gone, also after the API server has started again', async () => {
    await fence.api.kubectl(
      'annotate',
      'crd',
      'kubevipconfigs.kubevip.dev',
      'kubevip.dev/allow-deletion=true',
    );
    await fence.api.kubectl('delete', 'crd', 'kubevipconfigs.kubevip.dev');
    await fence.api.stopApi();
    await fence.api.startApi();
    expect(await fence.ask(take('edge-services', services))).toBe('allowed');
    expect(await fence.ask(remove('edge-services', operatorUser))).toBe('allowed');
    await fence.inForce(policy, probe);
  });
});

it('allows every refused write without the fence', async () => {
  await expectOpen(fence, policy, probe, rows);
});
