// A cluster as an administrator leaves it after `kubectl apply -k config/default`, without controllers.
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { startApiServer, type ApiServer } from '../lab/api-server.ts';
import { Admin } from './admin.ts';
import { giveBack, takeKept, type Loan } from './kept.ts';
import { noteUse } from './permissions.ts';
import { makePolicies, preparedFolder } from './prepared.ts';
import { readStore } from './store.ts';
import { until } from './until.ts';

export const namespace = 'kube-vip-system';

export const paths = {
  configs: '/apis/kubevip.dev/v1alpha1/kubevipconfigs',
  daemonSets: `/apis/apps/v1/namespaces/${namespace}/daemonsets`,
  leases: `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`,
  pods: `/api/v1/namespaces/${namespace}/pods`,
  crd: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/kubevipconfigs.kubevip.dev',
} as const;

export interface TestCluster {
  readonly api: ApiServer;
  readonly admin: Admin;
  /** Kubeconfig of the operator's ServiceAccount. */
  readonly kubeconfig: string;
  config(name: string): Promise<KubeVipConfig | undefined>;
  daemonSet(name: string): Promise<V1DaemonSet | undefined>;
  stop(): Promise<void>;
}

interface Crd {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Resolves when the API server serves KubeVipConfigs. */
export async function untilServed(admin: Admin): Promise<void> {
  await until('the CRD to be established', async () =>
    (await admin.get<Crd>(paths.crd))?.status?.conditions?.some(
      ({ type, status }) => type === 'Established' && status === 'True',
    ),
  );
  await until(
    'KubeVipConfigs to be served',
    async () => (await admin.send({ method: 'GET', path: paths.configs })).status === 200,
  );
}

export interface ClusterOptions {
  /** Admission policies that are not in force, for tests of what the operator does with what they refuse. */
  readonly open?: readonly string[];
  /** Flags of the API server beside those that every test has. */
  readonly flags?: Readonly<Record<string, string>>;
}

async function startNew({ open = [], flags = {} }: ClusterOptions): Promise<Loan> {
  const api = await startApiServer({ copyOf: preparedFolder(), audit: true, flags });
  const admin = new Admin(api);
  try {
    await untilServed(admin);
    await makePolicies(admin, open);
    return { api, before: await readStore(api.etcdUrl) };
  } catch (error) {
    await api.stop();
    throw error;
  } finally {
    admin.close();
  }
}

const isSpecial = ({ open = [], flags = {} }: ClusterOptions): boolean =>
  open.length > 0 || Object.keys(flags).length > 0;

/** An API server that has everything of `config/default`: a copy of the prepared cluster, or one that a test gave back. */
export async function startCluster(options: ClusterOptions = {}): Promise<TestCluster> {
  const isOrdinary = !isSpecial(options);
  const loan = (isOrdinary ? await takeKept() : undefined) ?? (await startNew(options));
  const { api } = loan;
  const admin = new Admin(api);
  try {
    return {
      api,
      admin,
      kubeconfig: await api.serviceAccountKubeconfig(namespace, 'kube-vip-operator'),
      config: (name) => admin.get(`${paths.configs}/${name}`),
      daemonSet: (name) => admin.get(`${paths.daemonSets}/${name}`),
      async stop() {
        admin.close();
        noteUse(api);
        await (isOrdinary ? giveBack(loan) : api.stop());
      },
    };
  } catch (error) {
    await api.stop();
    throw error;
  }
}
