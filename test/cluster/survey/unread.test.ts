// What a survey could not read, or looks at in part only, and says so.
import { describe, expect, it } from '@jest/globals';
import { node } from '../../cluster-builders.ts';
import { read } from './played-api.ts';

describe('readSurvey', () => {
  it('notes a ConfigMap without the document that checks judge by', async () => {
    const path = '/api/v1/namespaces/kube-system/configmaps/kube-proxy';
    const unclear = async (document: string) =>
      (await read({ [path]: { data: { 'config.conf': document } } })).unclear.map(({ what }) => what);
    expect(await unclear('mode: [')).toEqual(['ConfigMap kube-system/kube-proxy, key config.conf']);
    expect(await unclear('mode: ""')).toEqual([]);
  });

  it('notes the control-plane nodes on which it looks for no pods', async () => {
    const nodes = Array.from({ length: 9 }, (_, at) => node({ name: `n${at + 1}` }));
    const unclear = async (count: number) =>
      (await read({}, nodes.slice(0, count))).unclear.map(({ what }) => what);
    expect(await unclear(7)).toEqual([]);
    expect(await unclear(9)).toEqual(['pods on n8, n9']);
  });

  it.each<[string, string, unknown, string]>([
    [
      'a Lease of another kube-vip that does not say when it was renewed',
      '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/plndr-cp-lock',
      { spec: { holderIdentity: 'n1' } },
      'Lease kube-system/plndr-cp-lock',
    ],
    [
      'a review that does not say whether it is allowed',
      '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      {},
      'what the accounts of kube-vip may do',
    ],
  ])('doubts %s', async (_, asked, answer, what) => {
    const { unclear } = await read({ [asked]: answer });
    expect(unclear.map((row) => row.what)).toEqual([what]);
  });

  it('keeps which variables of a kube-vip have their value from elsewhere', async () => {
    const container = {
      name: 'main',
      image: 'x/kube-vip:v1.1.2',
      env: [
        { name: 'address', valueFrom: { configMapKeyRef: { name: 'vip', key: 'address' } } },
        { name: 'lb_class_name', value: '$(CLASS)' },
        { name: 'port', value: '6443' },
      ],
      envFrom: [{ configMapRef: { name: 'vip' } }],
    };
    const items = [
      {
        metadata: { namespace: 'a', name: 'vip' },
        spec: { template: { spec: { containers: [container] } } },
      },
    ];
    const { workloads } = await read({ '/apis/apps/v1/deployments': { items } });
    expect(workloads.map(({ unclear }) => unclear)).toEqual([['address', 'lb_class_name', 'envFrom']]);
  });
});
