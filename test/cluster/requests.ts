// Every request that the operator's code can make, by making the writer make it.
import type { Http, Request } from '../../src/cluster/http.ts';
import { ApiError } from '../../src/cluster/errors.ts';
import { Writer } from '../../src/cluster/writer.ts';
import { ElectionLease, type LeaseRecord } from '../../src/cluster/election-lease.ts';
import type { ClusterWriter, WitnessAccess } from '../../src/cluster/cluster.ts';
import { WitnessObjects } from '../../src/cluster/witness-access.ts';
import { makeStores, type Stores } from '../../src/cluster/view.ts';
import type { Parking } from '../../src/steps/step.ts';
import { daemonSet, kubeVipConfig, now } from '../builders.ts';
import { service } from '../cluster-builders.ts';
import { recorded } from '../recorded.ts';
import { remedy } from '../witness-world.ts';

export interface Recorded {
  readonly requests: readonly Request[];
  readonly stores: Stores;
  readonly writer: Writer;
  readonly send: Http['send'];
  readonly lease: ElectionLease;
  readonly access: WitnessObjects;
}

/** A writer whose requests are kept; each is answered with a value, or with a status. */
export function recorder(answer: unknown, status = 200): Recorded {
  const requests: Request[] = [];
  const send = <T>(request: Request): Promise<T> => {
    requests.push(request);
    return status < 300
      ? Promise.resolve((request.answer === 'text' ? JSON.stringify(answer) : answer) as T)
      : Promise.reject(new ApiError(status, `${request.method} ${request.path}`, 'no'));
  };
  const stores = makeStores();
  const http = { send } as unknown as Http;
  return {
    requests,
    stores,
    send,
    writer: new Writer(http, stores),
    lease: new ElectionLease(http),
    access: new WitnessObjects(http, stores),
  };
}

const config = kubeVipConfig();

/** A Lease that no kube-vip has made yet. */
export const unheld: Parking = {
  name: 'edge-control-plane',
  resourceVersion: undefined,
  from: '',
  neverHeld: true,
  leaving: [],
  acquiredAt: now,
  renewedAt: now,
  durationSeconds: 3600,
};

/** Each verb of the writer, called once. */
export const writes: Readonly<Record<keyof ClusterWriter, (writer: ClusterWriter) => Promise<unknown>>> = {
  applyDaemonSet: (writer) => writer.applyDaemonSet(daemonSet()),
  replaceSpec: (writer) => writer.replaceSpec(daemonSet()),
  deleteDaemonSet: (writer) => writer.deleteDaemonSet(daemonSet()),
  parkLease: (writer) =>
    writer.parkLease({
      name: 'edge-control-plane',
      resourceVersion: '7',
      from: 'n1',
      neverHeld: false,
      leaving: [
        { address: '203.0.113.100', port: 6443 },
        { address: '2001:db8::1', port: 6443 },
      ],
      acquiredAt: now,
      renewedAt: now,
      durationSeconds: 3600,
    }),
  returnLease: (writer) =>
    writer.returnLease({
      name: 'edge-control-plane',
      resourceVersion: '7',
      to: 'n1',
      durationSeconds: 15,
      renewedAt: now,
    }),
  deleteLease: (writer) => writer.deleteLease('edge-services'),
  deletePod: (writer) => writer.deletePod(remedy()),
  record: async (writer) => {
    await writer.record(config, { kind: 'record', record: recorded(), isNew: true });
    await writer.record(config, { kind: 'record', record: recorded({ revision: 3 }), isNew: false });
  },
  forget: (writer) => writer.forget('edge-control-plane-x'),
  addFinalizer: (writer) => writer.addFinalizer(config),
  removeFinalizer: (writer) => writer.removeFinalizer(config),
  annotateService: (writer) =>
    writer.annotateService(service({ resourceVersion: '7' }), {
      'kube-vip.io/loadbalancerIPs': '203.0.113.110',
    }),
  writeEvent: (writer) => writer.writeEvent(config, { type: 'Normal', reason: 'Held', note: 'x' }),
  repeatEvent: (writer) => writer.repeatEvent(config, 'edge-x', { count: 2, agoMs: 0 }),
  writeStatus: (writer) => writer.writeStatus(config, {}),
};

/** Each verb for witnesses, called once. */
export const accesses: Readonly<Record<keyof WitnessAccess, (access: WitnessAccess) => Promise<unknown>>> = {
  readQuestions: (access) => access.readQuestions(),
  writeQuestions: (access) => access.writeQuestions('0123abcd', '{}'),
  deleteQuestions: (access) => access.deleteQuestions('0123abcd'),
  makeWitnessLease: (access) => access.makeWitnessLease('0123abcd', 'n1'),
};

/** A Lease that nobody has written yet. */
export const leaseRecord: LeaseRecord = {
  holder: 'a',
  renewTime: '2026-11-24T10:00:00.000000Z',
  acquireTime: '2026-11-24T09:00:00.000000Z',
  transitions: 3,
  durationSeconds: 15,
  version: '',
};

/** Each verb of the Lease of the operator, called once. */
export const leaseCalls: readonly ((lease: ElectionLease) => Promise<unknown>)[] = [
  (lease) => lease.read(),
  (lease) => lease.write(leaseRecord),
  (lease) => lease.write({ ...leaseRecord, version: '7' }),
];
