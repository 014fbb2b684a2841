import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { ClusterWriter } from '../../src/cluster/cluster.ts';
import { ApiError } from '../../src/cluster/errors.ts';
import type { Request } from '../../src/cluster/http.ts';
import { makeStores, makeView } from '../../src/cluster/view.ts';
import { Writer } from '../../src/cluster/writer.ts';
import { contentMark } from '../../src/observed/daemon-set.ts';
import { daemonSet, kubeVipConfig } from '../builders.ts';
import { recorded } from '../recorded.ts';
import { recorder, unheld, writes } from './requests.ts';

type Verb = keyof ClusterWriter;

const daemonSets = '/apis/apps/v1/namespaces/kube-vip-system/daemonsets';
const configs = '/apis/kubevip.dev/v1alpha1/kubevipconfigs';
const held = kubeVipConfig({ metadata: { finalizers: ['a/b'], resourceVersion: '7' } });

describe('Writer', () => {
  it('has a row for each of its verbs', () => {
    const verbs = Object.getOwnPropertyNames(Writer.prototype).filter((name) => name !== 'constructor');
    expect(verbs.sort()).toEqual(Object.keys(writes).sort());
  });

  it.each<readonly [Verb, string, unknown]>([
    [
      'applyDaemonSet',
      `PATCH ${daemonSets}/edge-control-plane?fieldManager=kube-vip-operator&force=true`,
      'application/apply-patch+yaml',
    ],
    [
      'replaceSpec',
      `PATCH ${daemonSets}/edge-control-plane?fieldManager=kube-vip-operator`,
      'application/json-patch+json',
    ],
    ['deleteDaemonSet', `DELETE ${daemonSets}/edge-control-plane`, undefined],
    [
      'deleteLease',
      'DELETE /apis/coordination.k8s.io/v1/namespaces/kube-vip-system/leases/edge-services',
      undefined,
    ],
    ['deletePod', 'DELETE /api/v1/namespaces/kube-vip-system/pods/edge-control-plane-n2', undefined],
    [
      'parkLease',
      'PATCH /apis/coordination.k8s.io/v1/namespaces/kube-vip-system/leases/edge-control-plane?fieldManager=kube-vip-operator',
      'application/merge-patch+json',
    ],
    ['addFinalizer', `PATCH ${configs}/edge`, 'application/merge-patch+json'],
    ['removeFinalizer', `PATCH ${configs}/edge`, 'application/merge-patch+json'],
    [
      'writeStatus',
      `PATCH ${configs}/edge/status?fieldManager=kube-vip-operator`,
      'application/json-patch+json',
    ],
  ])('%s is one request', async (verb, line, contentType) => {
    const { requests, writer } = recorder({ metadata: { name: 'x' } });
    await writes[verb](writer);
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([line]);
    expect(requests[0]?.contentType).toBe(contentType);
  });

  it.each(['applyDaemonSet', 'replaceSpec'] as const)('%s remembers what came of it', async (verb) => {
    const answer = { metadata: { name: 'edge-control-plane' }, spec: { minReadySeconds: 1 } };
    const { stores, writer } = recorder(answer);
    await writer[verb](daemonSet());
    expect(makeView(stores).answers('edge')).toEqual({
      'edge-control-plane': {
        at: expect.any(Number),
        by: verb === 'applyDaemonSet' ? 'apply' : 'replace-spec',
        asked: contentMark(daemonSet()),
        answered: contentMark(answer as V1DaemonSet),
      },
    });
  });

  it('deletes in the foreground, and only the object that it decided about', async () => {
    const { requests, writer } = recorder({});
    await writer.deleteDaemonSet(daemonSet());
    expect(requests[0]?.body).toEqual({
      propagationPolicy: 'Foreground',
      preconditions: { uid: 'uid-of-edge-control-plane' },
    });
  });

  it('kills a pod at once, and none that came after it under its name', async () => {
    const { requests, writer } = recorder({});
    await writes.deletePod(writer);
    expect(requests[0]?.body).toEqual({ gracePeriodSeconds: 1, preconditions: { uid: 'uid-of-n2' } });
  });

  it('takes a Lease in its own name, for an hour, guarded by the version that it saw', async () => {
    const { requests, writer } = recorder({ metadata: { name: 'edge-control-plane' } });
    await writes.parkLease(writer);
    expect(requests[0]?.body).toEqual({
      metadata: {
        resourceVersion: '7',
        annotations: { 'kubevip.dev/leaving': '203.0.113.100:6443,[2001:db8::1]:6443' },
      },
      spec: {
        holderIdentity: 'kube-vip-operator:n1',
        leaseDurationSeconds: 3600,
        acquireTime: '2026-11-24T12:00:00.000000Z',
        renewTime: '2026-11-24T12:00:00.000000Z',
      },
    });
  });

  it('makes a Lease that is not there in its own name, and leaves alone one that is by now', async () => {
    const { requests, stores, writer } = recorder({ metadata: { name: 'edge-control-plane' } });
    await writer.parkLease(unheld);
    expect(requests).toEqual([
      {
        method: 'POST',
        path: '/apis/coordination.k8s.io/v1/namespaces/kube-vip-system/leases?fieldManager=kube-vip-operator',
        body: {
          metadata: { name: 'edge-control-plane', annotations: { 'kubevip.dev/leaving': 'none' } },
          spec: {
            holderIdentity: 'kube-vip-operator:',
            leaseDurationSeconds: 3600,
            acquireTime: '2026-11-24T12:00:00.000000Z',
            renewTime: '2026-11-24T12:00:00.000000Z',
          },
        },
      },
    ]);
    expect(stores.leases.get('edge-control-plane')).toBeDefined();
    await expect(recorder({}, 409).writer.parkLease(unheld)).resolves.toBeUndefined();
    await expect(recorder({}, 403).writer.parkLease(unheld)).rejects.toThrow(ApiError);
  });

  it('makes a record anew that is there and was not seen', async () => {
    const requests: string[] = [];
    const send = <T>({ method }: Request): Promise<T> => {
      requests.push(method);
      return requests.length === 1
        ? Promise.reject(new ApiError(409, method, 'is there'))
        : Promise.resolve({ metadata: { name: 'x' } } as T);
    };
    const writer = new Writer({ send }, makeStores());
    await writer.record(kubeVipConfig(), { kind: 'record', record: recorded(), isNew: true });
    expect(requests).toEqual(['POST', 'DELETE', 'POST']);
  });

  it('keeps the note on a Lease that it made', async () => {
    const { requests, writer } = recorder({ metadata: { name: 'edge-control-plane' } });
    await writer.parkLease({ ...unheld, resourceVersion: '7' });
    expect(requests[0]).toMatchObject({
      method: 'PATCH',
      body: { metadata: { resourceVersion: '7', annotations: { 'kubevip.dev/leaving': 'none' } } },
    });
  });

  it('gives a Lease back to whom it was taken from, with what it noted on it gone', async () => {
    const { requests, writer } = recorder({ metadata: { name: 'edge-control-plane' } });
    await writes.returnLease(writer);
    expect(requests[0]?.body).toEqual({
      metadata: { resourceVersion: '7', annotations: { 'kubevip.dev/leaving': null } },
      spec: {
        holderIdentity: 'n1',
        leaseDurationSeconds: 15,
        acquireTime: '2026-11-24T12:00:00.000000Z',
        renewTime: '2026-11-24T12:00:00.000000Z',
      },
    });
  });

  it('keeps the finalizers of others, guarded by the version that it saw', async () => {
    const { requests, writer } = recorder({ metadata: { name: 'edge' } });
    await writer.addFinalizer(held);
    await writer.removeFinalizer(
      kubeVipConfig({ metadata: { finalizers: ['a/b', 'kubevip.dev/operands'], resourceVersion: '8' } }),
    );
    expect(requests.map(({ body }) => body)).toEqual([
      { metadata: { finalizers: ['a/b', 'kubevip.dev/operands'], resourceVersion: '7' } },
      { metadata: { finalizers: ['a/b'], resourceVersion: '8' } },
    ]);
  });

  it('knows its own writes before any event comes', async () => {
    const answer = { metadata: { name: 'edge', resourceVersion: '9' } };
    const { stores, writer } = recorder(answer);
    await writer.applyDaemonSet(daemonSet());
    await writer.writeStatus(kubeVipConfig(), {});
    expect([stores.daemonSets.get('edge'), stores.configs.get('edge')]).toEqual([answer, answer]);
  });

  it('does not bring a config back that its last finalizer held', async () => {
    const { stores, writer } = recorder({ metadata: { name: 'edge' } });
    await writer.removeFinalizer(kubeVipConfig());
    expect(stores.configs.list()).toEqual([]);
  });

  it.each<readonly [Verb, string, boolean]>([
    ['deleteDaemonSet', 'is content', true],
    ['deleteLease', 'is content', true],
    ['deletePod', 'is content', true],
    ['removeFinalizer', 'is content', true],
    ['writeStatus', 'is content', true],
    ['applyDaemonSet', 'fails', false],
    ['replaceSpec', 'fails', false],
    ['addFinalizer', 'fails', false],
    ['parkLease', 'fails', false],
    ['returnLease', 'fails', false],
  ])('%s %s when the object is gone', async (verb, _, isContent) => {
    const result = await writes[verb](recorder({}, 404).writer).then(
      () => true,
      () => false,
    );
    expect(result).toBe(isContent);
  });

  it.each(Object.keys(writes) as Verb[])('%s fails when it is refused', async (verb) => {
    await expect(writes[verb](recorder({}, 403).writer)).rejects.toThrow(ApiError);
  });
});
