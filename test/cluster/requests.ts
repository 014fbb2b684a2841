// Every request that the operator's code can make, by making the writer make it.
import type { Http, Request } from '../../src/cluster/http.ts';
import { ApiError } from '../../src/cluster/errors.ts';
import { Writer } from '../../src/cluster/writer.ts';
import type { ClusterWriter } from '../../src/cluster/cluster.ts';
import { makeStores, type Stores } from '../../src/cluster/view.ts';
import { daemonSet, kubeVipConfig } from '../builders.ts';

export interface Recorded {
  readonly requests: readonly Request[];
  readonly stores: Stores;
  readonly writer: Writer;
}

/** A writer whose requests are kept; each is answered with a value, or with a status. */
export function recorder(answer: unknown, status = 200): Recorded {
  const requests: Request[] = [];
  const send = (request: Request): Promise<unknown> => {
    requests.push(request);
    return status < 300
      ? Promise.resolve(answer)
      : Promise.reject(new ApiError(status, `${request.method} ${request.path}`, 'no'));
  };
  const stores = makeStores();
  return { requests, stores, writer: new Writer({ send } as unknown as Http, stores) };
}

const config = kubeVipConfig();

/** Each verb of the writer, called once. */
export const writes: Readonly<Record<keyof ClusterWriter, (writer: ClusterWriter) => Promise<void>>> = {
  applyDaemonSet: (writer) => writer.applyDaemonSet(daemonSet()),
  replaceSpec: (writer) => writer.replaceSpec(daemonSet()),
  deleteDaemonSet: (writer) => writer.deleteDaemonSet(daemonSet()),
  deleteLease: (writer) => writer.deleteLease('edge-services'),
  addFinalizer: (writer) => writer.addFinalizer(config),
  removeFinalizer: (writer) => writer.removeFinalizer(config),
  writeStatus: (writer) => writer.writeStatus(config, {}),
};
