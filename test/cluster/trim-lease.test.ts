// What is kept of Leases, which come anew every other second.
import { expect, it } from '@jest/globals';
import { trimLease } from '../../src/cluster/trim.ts';

const spec = { holderIdentity: 'n1', renewTime: '2026-11-24T10:00:00.000000Z' };
const kept = { name: 'edge', namespace: 'ns', uid: 'u', resourceVersion: '7', labels: { a: 'b' } };

it('keeps labels, annotations and what the holder says, and not who wrote which field', () => {
  const metadata = { ...kept, annotations: { note: 'x' }, ownerReferences: [] };
  const lease = { kind: 'Lease', metadata: { ...metadata, managedFields: [{ manager: 'kube-vip' }] }, spec };
  expect(trimLease(lease)).toEqual({
    kind: 'Lease',
    metadata: { ...kept, annotations: { note: 'x' } },
    spec,
  });
});
