// What tests of trimming begin with: metadata as it comes, and what is kept of every object.

/** As the API server gives it. */
export const metadata = {
  name: 'x',
  uid: 'u',
  resourceVersion: '7',
  creationTimestamp: '2026-11-24T10:00:00Z',
  managedFields: [{ manager: 'kubelet' }],
  annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
  ownerReferences: [],
};
/** What is kept of that, whatever the kind. */
export const identity = {
  name: 'x',
  uid: 'u',
  resourceVersion: '7',
  creationTimestamp: '2026-11-24T10:00:00Z',
};
export const base = { apiVersion: 'v1' };
