import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../../src/cluster/errors.ts';
import type { LeaseObject } from '../../src/cluster/lease-store.ts';
import { makeStores } from '../../src/cluster/view.ts';
import { witnessLeases, WitnessObjects } from '../../src/cluster/witness-access.ts';
import { recorder } from './requests.ts';

const configMap = (name: string, segment: string, questions?: string) => ({
  metadata: { name, labels: { 'kubevip.dev/witness': segment } },
  ...(questions !== undefined && { data: { questions } }),
});

describe('the questions', () => {
  it('are read by their label and their name', async () => {
    const { access, requests } = recorder({
      items: [
        configMap('kube-vip-witness.0123abcd', '0123abcd', '{}'),
        configMap('kube-vip-witness.89ef0123', '89ef0123'),
        configMap('of-a-person', '0123abcd', 'x'),
      ],
    });
    expect([...(await access.readQuestions())]).toEqual([
      ['0123abcd', '{}'],
      ['89ef0123', ''],
    ]);
    expect(requests[0]?.path).toContain('labelSelector=kubevip.dev%2Fwitness');
  });

  it('are written whole, in our name', async () => {
    const { access, requests } = recorder({});
    await access.writeQuestions('0123abcd', '{"v":1}');
    expect(requests).toEqual([
      {
        method: 'PATCH',
        path: '/api/v1/namespaces/kube-vip-system/configmaps/kube-vip-witness.0123abcd?fieldManager=kube-vip-operator&force=true',
        contentType: 'application/apply-patch+yaml',
        body: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: {
            name: 'kube-vip-witness.0123abcd',
            labels: {
              'kubevip.dev/witness': '0123abcd',
              'app.kubernetes.io/managed-by': 'kube-vip-operator',
            },
          },
          data: { questions: '{"v":1}' },
        },
      },
    ]);
  });

  it('that are gone count as deleted', async () => {
    await expect(recorder({}, 404).access.deleteQuestions('0123abcd')).resolves.toBeUndefined();
    await expect(recorder({}, 403).access.deleteQuestions('0123abcd')).rejects.toThrow(ApiError);
  });
});

describe('the MAC addresses of the nodes', () => {
  const named = (name: string) => ({ metadata: { name }, data: { macs: 'n1 02:00:00:00:00:01' } });

  it.each([
    [
      'read by label and name',
      [named('of-a-person'), named('kube-vip-witness-macs')],
      'n1 02:00:00:00:00:01',
    ],
    ['none where the ConfigMap is another', [named('of-a-person')], undefined],
    ['empty where it has none', [{ metadata: { name: 'kube-vip-witness-macs' } }], ''],
  ])('are %s', async (_, items, expected) => {
    const { access, requests } = recorder({ items });
    expect(await access.readMacs()).toBe(expected);
    expect(requests[0]?.path).toContain('labelSelector=kubevip.dev%2Fwitness%3Dmacs');
  });

  it('are no questions', async () => {
    const { access, requests } = recorder({ items: [] });
    await access.readQuestions();
    expect(requests[0]?.path).toContain(
      'labelSelector=kubevip.dev%2Fwitness%2Ckubevip.dev%2Fwitness%21%3Dmacs',
    );
  });

  it('are written whole, in our name', async () => {
    const { access, requests } = recorder({});
    await access.writeMacs('n1 02:00:00:00:00:01\n');
    expect(requests).toMatchObject([
      {
        method: 'PATCH',
        path: '/api/v1/namespaces/kube-vip-system/configmaps/kube-vip-witness-macs?fieldManager=kube-vip-operator&force=true',
        body: {
          metadata: { labels: { 'kubevip.dev/witness': 'macs' } },
          data: { macs: 'n1 02:00:00:00:00:01\n' },
        },
      },
    ]);
  });

  it('that are gone count as deleted', async () => {
    await expect(recorder({}, 404).access.deleteMacs()).resolves.toBeUndefined();
  });
});

describe('the Lease of a witness', () => {
  const lease = (name: string, answers?: string, renewTime = '2026-11-24T10:00:00.000000Z'): LeaseObject => ({
    metadata: {
      name,
      namespace: 'kube-vip-system',
      resourceVersion: '1',
      ...(answers !== undefined && { annotations: { 'kubevip.dev/answers': answers } }),
    },
    spec: { renewTime },
  });

  it('is made without a holder, and seen at once', async () => {
    const { access, requests, stores } = recorder(lease('kube-vip-witness.0123abcd.n1'));
    await access.makeWitnessLease('0123abcd', 'n1');
    expect(requests[0]).toMatchObject({
      method: 'POST',
      body: {
        metadata: { name: 'kube-vip-witness.0123abcd.n1', labels: { 'kubevip.dev/witness': '0123abcd' } },
        spec: { leaseDurationSeconds: 10 },
      },
    });
    expect(witnessLeases(stores)).toMatchObject([{ segment: '0123abcd', node: 'n1', answers: undefined }]);
  });

  it('that is there stays as it is', async () => {
    await expect(recorder({}, 409).access.makeWitnessLease('0123abcd', 'n1')).resolves.toBeUndefined();
    await expect(recorder({}, 403).access.makeWitnessLease('0123abcd', 'n1')).rejects.toThrow(ApiError);
  });

  it('is told from those of kube-vip, with its answers and its age by our own clock', () => {
    let steady = 0;
    const stores = makeStores({ wall: () => Date.parse('2026-11-24T10:00:00Z'), steady: () => steady });
    stores.leases.put(lease('edge-control-plane'));
    stores.leases.put(lease('kube-vip-witness.0123abcd.my-control-plane', '{"v":1}'));
    stores.leases.heard();
    steady = 3000;
    stores.leases.heard();
    expect(witnessLeases(stores)).toEqual([
      { segment: '0123abcd', node: 'my-control-plane', answers: '{"v":1}', ageMs: 3000 },
    ]);
  });
});

it('reads through pages', async () => {
  const pages = [
    { items: [configMap('kube-vip-witness.0123abcd', '0123abcd', 'a')], metadata: { continue: 'x' } },
    { items: [configMap('kube-vip-witness.89ef0123', '89ef0123', 'b')] },
  ];
  const send = <T>(): Promise<T> => Promise.resolve(pages.shift() as T);
  const access = new WitnessObjects({ send }, makeStores());
  expect([...(await access.readQuestions()).values()]).toEqual(['a', 'b']);
});
