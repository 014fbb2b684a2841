// Another kube-vip, as its variables and flags describe it: what it holds, in which mode, with which Lease, and which
// hazards of the catalogue it has.
import { addressOrName } from '../../api/addresses.ts';
import { itemsOf } from '../../api/words.ts';
import { hazards } from '../../catalog/hazards.ts';
import type { Fence, Hazard } from '../../catalog/hazards/row.ts';
import { verdictOf, type Feature } from '../../catalog/verdicts.ts';
import type { Survey, Workload } from './survey.ts';
import { leaseOf } from './kube-vip-leases.ts';
import { effectiveOf, isOff, isOn, isSince, settingOf, versionOf } from './kube-vip-settings.ts';
import { isKubeVip, isOurs, workloadsThat } from './workload.ts';

const isForeign = (workload: Workload): boolean => isKubeVip(workload) && !isOurs(workload);

/** Every kube-vip of the cluster that this operator did not make. */
export const foreignKubeVips = ({ workloads }: Survey): readonly Workload[] =>
  workloadsThat(workloads, isForeign);

/** Control-plane addresses of a foreign kube-vip, in the form that a spec has: `address`, and `vip_address` before it. */
export function addressesOf(workload: Workload): readonly string[] {
  return [settingOf(workload, 'address'), settingOf(workload, 'vip_address')]
    .flatMap(itemsOf)
    .map(addressOrName);
}

/** Whether a foreign kube-vip is told to serve Services. */
export const servesServices = (workload: Workload): boolean => isOn(workload, 'svc_enable');

/** The class whose Services it serves, with a class filter and without one; undefined when it serves none. */
export function classOf(workload: Workload): string | undefined {
  return servesServices(workload) ? effectiveOf(workload, 'lb_class_name') : undefined;
}

/** Whether lb_class_legacy_handling=false, of v0.8.1 and later, lets it serve what has exactly its class. */
const matchesExactly = (workload: Workload): boolean =>
  settingOf(workload, 'lb_class_legacy_handling') === 'false' && isSince(workload, '0.8.1');

/** Whether it leaves Services without a class alone, as the policy foreign-kube-vip judges it. */
export const hasClassFilter = (workload: Workload): boolean =>
  classOf(workload) !== '' && (isOn(workload, 'lb_class_only') || matchesExactly(workload));

const modes: Readonly<Record<string, string>> = {
  vip_arp: 'ARP',
  bgp_enable: 'BGP',
  vip_routingtable: 'routing table',
  vip_wireguard: 'WireGuard',
};

/** For example `ARP mode, Lease kube-system/plndr-cp-lock`. */
export function describe(workload: Workload): string {
  const mode = Object.entries(modes).filter(([name]) => isOn(workload, name));
  const leases = [
    ...(isOn(workload, 'cp_enable') ? [leaseOf(workload, 'control-plane')] : []),
    ...(servesServices(workload) ? [leaseOf(workload, 'services')] : []),
  ];
  const said = leases.length === 0 ? 'no Lease' : `Lease ${leases.join(' and ')}`;
  return `${mode.map(([, name]) => name).join(' and ') || 'no'} mode, ${said}`;
}

const filters = ['lb_class_only', 'lb_class_legacy_handling'];

// Where Leases are is our own business, and of two ways to filter by class one is enough.
function isRead(workload: Workload, name: string): boolean {
  if (name === 'cp_namespace' || (filters.includes(name) && hasClassFilter(workload))) {
    return false;
  }
  return !/^(svc_|lb_class_)/.test(name) || servesServices(workload);
}

function breaks(fence: Fence, workload: Workload): boolean {
  if (fence.kind !== 'not-expressible') {
    return false;
  }
  const { never = [], always = {} } = fence;
  return (
    never.some((name) => !isOff(settingOf(workload, name) ?? '')) ||
    Object.entries(always).some(
      ([name, value]) => isRead(workload, name) && effectiveOf(workload, name) !== value,
    )
  );
}

// What no single setting says.
const byShape: Readonly<Record<string, (workload: Workload) => boolean>> = {
  'cp-svc-one-process': (workload) => isOn(workload, 'cp_enable') && servesServices(workload),
  'super-admin-conf': ({ hostPaths }) => hostPaths.some((path) => path.endsWith('/admin.conf')),
};

/** The hazards that a foreign kube-vip has, judged by what this operator never or always sets. */
export function hazardsOf(workload: Workload): readonly Hazard[] {
  return hazards.filter(
    ({ id, fences }) => (byShape[id]?.(workload) ?? false) || fences.some((fence) => breaks(fence, workload)),
  );
}

/** Why its release is to be avoided for what it does, or undefined. */
export function avoidedBecause(workload: Workload): string | undefined {
  const version = versionOf(workload);
  const features: readonly Feature[] = [
    ...(isOn(workload, 'cp_enable') ? ['control-plane' as const] : []),
    ...(servesServices(workload) ? ['services' as const] : []),
  ];
  const bad = features
    .flatMap((feature) => (version === undefined ? [] : (verdictOf(version, feature) ?? [])))
    .find(({ verdict }) => verdict === 'avoid');
  return bad && `${version}: ${bad.because}`;
}

/** How its addresses would come to us. Only a person does that yet. */
export function handOver({ kind, namespace, name, isStatic, node, owner }: Workload): string {
  const before =
    owner === undefined ? '' : `delete what would make ${owner} anew, if anything does, and then `;
  const stop = isStatic
    ? `move its manifest out of the folder of static pods (kubeadm: /etc/kubernetes/manifests) on ${node ?? 'its node'} and on every other node that has it, the holder last`
    : `${before}run kubectl -n ${namespace} delete ${owner?.toLowerCase() ?? `${kind.toLowerCase()} ${name}`}`;
  return `to hand over, ${stop}. The address is on no node until it is applied here, which follows by itself`;
}
