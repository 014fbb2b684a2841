import { describe, expect, it } from '@jest/globals';
import { leaseCalls, leaseRecord, recorder } from './requests.ts';

const object = {
  metadata: { name: 'kube-vip-operator', resourceVersion: '8' },
  spec: { holderIdentity: 'a', leaseDurationSeconds: 15, leaseTransitions: 3 },
};
const path = '/apis/coordination.k8s.io/v1/namespaces/kube-vip-system/leases';

describe('ElectionLease', () => {
  it('reads, makes and changes one Lease, which nothing but its name tells apart', async () => {
    const { requests, lease } = recorder(object);
    for (const call of leaseCalls) {
      await call(lease);
    }
    expect(requests.map(({ method, path: at }) => `${method} ${at}`)).toEqual([
      `GET ${path}/kube-vip-operator`,
      `POST ${path}?fieldManager=kube-vip-operator`,
      `PATCH ${path}/kube-vip-operator?fieldManager=kube-vip-operator`,
    ]);
    expect(requests.map(({ timeoutMs }) => timeoutMs)).toEqual([4000, 4000, 4000]);
  });

  it('guards a change with the version that was read', async () => {
    const { requests, lease } = recorder(object);
    await lease.write({ ...leaseRecord, version: '7' });
    expect(requests[0]?.body).toMatchObject({
      metadata: { resourceVersion: '7', labels: { 'app.kubernetes.io/name': 'kube-vip-operator' } },
      spec: { holderIdentity: 'a', leaseTransitions: 3 },
    });
  });

  it('reads nothing where there is no Lease, and throws any other refusal', async () => {
    expect(await recorder({}, 404).lease.read()).toBeUndefined();
    await expect(recorder({}, 403).lease.read()).rejects.toThrow('403');
  });

  it('takes what a stranger left out for nothing', async () => {
    expect(await recorder({ metadata: { name: 'kube-vip-operator' } }).lease.read()).toEqual({
      holder: '',
      renewTime: '',
      acquireTime: '',
      transitions: 0,
      durationSeconds: 0,
      version: '',
    });
  });
});
