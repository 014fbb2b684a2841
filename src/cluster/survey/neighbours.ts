// Other load balancers as their custom resources describe them, and Leases of a kube-vip that is not ours.
import type { KubernetesObject } from '@kubernetes/client-node';
import type { ForeignLease, L2Policy, Pool, ServiceSelector } from '../../observed/neighbours/survey.ts';
import { itemsOf } from '../../api/words.ts';
import { listAll } from '../pages.ts';
import { attempt, getObject, type Part, type Reader } from './parts.ts';

interface Groups {
  readonly groups: readonly { readonly name: string }[];
}

interface MetalLbPool extends KubernetesObject {
  readonly spec?: { readonly addresses?: readonly string[] };
}

interface CiliumBlock {
  readonly cidr?: string;
  readonly start?: string;
  readonly stop?: string;
}

interface CiliumPool extends KubernetesObject {
  readonly spec?: {
    readonly disabled?: boolean;
    readonly blocks?: readonly CiliumBlock[];
    readonly cidrs?: readonly CiliumBlock[];
    readonly serviceSelector?: ServiceSelector;
  };
}

interface CiliumPolicy extends KubernetesObject {
  readonly spec?: { readonly loadBalancerIPs?: boolean; readonly serviceSelector?: ServiceSelector };
}

/** Objects at the first of several paths that is served. */
async function list<T extends KubernetesObject>(
  reader: Reader,
  ...paths: readonly string[]
): Promise<readonly T[]> {
  for (const path of paths) {
    const listed = await attempt(reader, path, () => listAll(reader.http, { path }));
    if (listed !== undefined) {
      return listed.items as readonly T[];
    }
  }
  return [];
}

async function metalLbPools(reader: Reader): Promise<readonly Pool[]> {
  const pools = await list<MetalLbPool>(reader, '/apis/metallb.io/v1beta1/ipaddresspools');
  return pools.map(({ metadata, spec }) => ({
    object: `IPAddressPool/${metadata?.namespace}/${metadata?.name}`,
    namespace: metadata?.namespace ?? '',
    ranges: spec?.addresses ?? [],
  }));
}

interface ConfigMap {
  readonly data?: Readonly<Record<string, string>>;
}

// Keys are `cidr-NAMESPACE` and `range-NAMESPACE`, or with `global` (README of kube-vip/kube-vip-cloud-provider@d3522c6).
const isRangeKey = (key: string): boolean => /^(cidr|range)-/.test(key);

async function cloudProviderPools(reader: Reader): Promise<readonly Pool[]> {
  const [namespace, name] = ['kube-system', 'kubevip'];
  const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
  const found = await getObject<ConfigMap>(reader, `pools in ConfigMap ${namespace}/${name}`, path);
  const ranges = Object.entries(found?.data ?? {})
    .filter(([key]) => isRangeKey(key))
    .flatMap(([, text]) => itemsOf(text));
  return ranges.length === 0 ? [] : [{ object: `ConfigMap/${namespace}/${name}`, ranges }];
}

const rangeOf = ({ cidr, start, stop }: CiliumBlock): string => cidr ?? `${start}-${stop ?? start}`;

const selectorOf = (selector: ServiceSelector | undefined): Pick<Pool, 'selector'> =>
  selector ? { selector } : {};

async function ciliumFacts(
  reader: Reader,
): Promise<{ readonly pools: readonly Pool[]; readonly policies: readonly L2Policy[] }> {
  const group = '/apis/cilium.io';
  const [pools, policies] = await Promise.all([
    // v2 from Cilium v1.18 on, where the older one is deprecated.
    list<CiliumPool>(
      reader,
      `${group}/v2/ciliumloadbalancerippools`,
      `${group}/v2alpha1/ciliumloadbalancerippools`,
    ),
    list<CiliumPolicy>(reader, `${group}/v2alpha1/ciliuml2announcementpolicies`),
  ]);
  return {
    pools: pools
      .filter(({ spec }) => spec?.disabled !== true)
      .map(({ metadata, spec }) => ({
        object: `CiliumLoadBalancerIPPool/${metadata?.name}`,
        ranges: [...(spec?.blocks ?? []), ...(spec?.cidrs ?? [])].map(rangeOf),
        ...selectorOf(spec?.serviceSelector),
      })),
    policies: policies.map(({ metadata, spec }) => ({
      name: metadata?.name ?? '',
      announces: spec?.loadBalancerIPs === true,
      ...selectorOf(spec?.serviceSelector),
    })),
  };
}

/** Reads address pools of MetalLB, Cilium and kube-vip's cloud provider, and Cilium's announcement policies, where those are. */
export const neighbours: Part = async (reader) => {
  const found = await getObject<Groups>(reader, 'API groups', '/apis');
  const has = (group: string): boolean => found?.groups.some(({ name }) => name === group) ?? false;
  const [cloudProvider, metalLb, cilium] = await Promise.all([
    cloudProviderPools(reader),
    has('metallb.io') ? metalLbPools(reader) : [],
    has('cilium.io') ? ciliumFacts(reader) : { pools: [], policies: [] },
  ]);
  return { pools: [...cloudProvider, ...metalLb, ...cilium.pools], l2Policies: cilium.policies };
};

interface Lease {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly renewTime?: string;
  };
}

const defaultLeases = ['plndr-cp-lock', 'plndr-svcs-lock'];

async function foreignLease(reader: Reader, name: string): Promise<readonly ForeignLease[]> {
  const namespace = 'kube-system';
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}`;
  const found = await getObject<Lease>(reader, `Lease ${namespace}/${name}`, path);
  if (found === undefined) {
    return [];
  }
  const { holderIdentity: holder = '', leaseDurationSeconds = 15, renewTime = '' } = found.spec ?? {};
  // By our clock: one that is off by more than a Lease takes a live kube-vip for a dead one, and then says less.
  if (holder !== '' && Number.isNaN(Date.parse(renewTime))) {
    reader.doubt(`Lease ${namespace}/${name}`, `It does not say when ${holder} renewed it`);
  }
  const isFresh = reader.now() - Date.parse(renewTime) <= leaseDurationSeconds * 1000;
  return [{ namespace, name, holder, isFresh }];
}

/** Reads the Leases that a kube-vip of others has by default. */
export const foreignLeases: Part = async (reader) => ({
  foreignLeases: (await Promise.all(defaultLeases.map((name) => foreignLease(reader, name)))).flat(),
});
