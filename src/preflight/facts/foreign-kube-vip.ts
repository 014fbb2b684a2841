// Another kube-vip, as its variables describe it: what it holds, in which mode, with which Lease, and which
// hazards of the catalogue it has.
import semver from 'semver';
import { canonicalAddress } from '../../api/addresses.ts';
import { hazards } from '../../catalog/hazards.ts';
import type { Fence, Hazard } from '../../catalog/hazards/row.ts';
import { variables } from '../../catalog/variables.ts';
import { verdictOf, type Feature } from '../../catalog/verdicts.ts';
import type { Survey, Workload } from '../../plan/survey.ts';
import { flagsOf, valuesOf } from './flags.ts';
import { isKubeVip, isOurs } from './workload.ts';

const isTrue = (text: string | undefined): boolean => /^(1|t|true)$/i.test(text ?? '');
const isOff = (text: string): boolean => /^(|0|f|false)$/i.test(text);

/** Every kube-vip of the cluster that this operator did not make. */
export function foreignKubeVips({ workloads }: Survey): readonly Workload[] {
  return workloads.filter((workload) => isKubeVip(workload) && !isOurs(workload));
}

const splitList = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

// The environment wins over a flag, and a variable that is empty counts as none.
function settingOf({ env, args }: Workload, name: string, flag: string): string | undefined {
  const set = env[name] ?? '';
  return set === '' ? valuesOf(flagsOf(args), flag).at(-1) : set;
}

/**
 * Control-plane addresses of a foreign kube-vip, in the form that a spec has: `address`, `vip_address` before it, or the
 * flags of both.
 */
export function addressesOf(workload: Workload): readonly string[] {
  return [settingOf(workload, 'address', '--address'), settingOf(workload, 'vip_address', '--vip')]
    .flatMap(splitList)
    .map((text) => canonicalAddress(text) ?? text);
}

export const servesServices = ({ env }: Workload): boolean => isTrue(env['svc_enable']);

/** The class whose Services it serves, with a class filter and without one; undefined when it serves none. */
export function classOf(workload: Workload): string | undefined {
  return servesServices(workload) ? (workload.env['lb_class_name'] ?? defaultOf('lb_class_name')) : undefined;
}

/** Whether lb_class_legacy_handling=false, of v0.8.1 and later, lets it serve what has exactly its class. */
function matchesExactly(workload: Workload): boolean {
  const version = versionOf(workload);
  const legacy = workload.env['lb_class_legacy_handling'] ?? '';
  return legacy !== '' && isOff(legacy) && version !== undefined && semver.gte(version, '0.8.1');
}

/** Whether it leaves Services without a class alone, as the policy foreign-kube-vip judges it. */
export const hasClassFilter = (workload: Workload): boolean =>
  classOf(workload) !== '' && (isTrue(workload.env['lb_class_only']) || matchesExactly(workload));

const modes: Readonly<Record<string, string>> = {
  vip_arp: 'ARP',
  bgp_enable: 'BGP',
  vip_routingtable: 'routing table',
  vip_wireguard: 'WireGuard',
};

/** For example `ARP mode, Lease kube-system/plndr-cp-lock`. */
export function describe({ env, namespace }: Workload): string {
  const mode = Object.entries(modes).filter(([name]) => isTrue(env[name]));
  const where = env['cp_namespace'] ?? namespace;
  const leases = [
    isTrue(env['cp_enable']) && (env['vip_leasename'] ?? 'plndr-cp-lock'),
    isTrue(env['svc_enable']) && (env['svc_leasename'] ?? 'plndr-svcs-lock'),
  ].filter((name) => name !== false);
  const said =
    leases.length === 0 ? 'no Lease' : `Lease ${leases.map((name) => `${where}/${name}`).join(' and ')}`;
  return `${mode.map(([, name]) => name).join(' and ') || 'no'} mode, ${said}`;
}

/** Its release as the tag of its image says, for example `v0.7.2`; that of a mirror may have something behind it. */
export function versionOf({ images }: Workload): string | undefined {
  const tags = images.flatMap((image) => /:v?(\d+\.\d+\.\d+)[^/]*$/.exec(image)?.[1] ?? []);
  const found = tags.find((tag) => semver.valid(tag) !== null);
  return found && `v${found}`;
}

function defaultOf(name: string): string {
  return variables.find((row) => row.name === name)?.default ?? '';
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
  const { env } = workload;
  return (
    never.some((name) => !isOff(env[name] ?? '')) ||
    Object.entries(always).some(
      ([name, value]) => isRead(workload, name) && (env[name] ?? defaultOf(name)) !== value,
    )
  );
}

// What no single variable says.
const byShape: Readonly<Record<string, (workload: Workload) => boolean>> = {
  'cp-svc-one-process': ({ env }) => isTrue(env['cp_enable']) && isTrue(env['svc_enable']),
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
    ...(isTrue(workload.env['cp_enable']) ? ['control-plane' as const] : []),
    ...(servesServices(workload) ? ['services' as const] : []),
  ];
  const bad = features
    .flatMap((feature) => (version === undefined ? [] : (verdictOf(version, feature) ?? [])))
    .find(({ verdict }) => verdict === 'avoid');
  return bad && `${version}: ${bad.because}`;
}

/** How its addresses would come to us. Nobody does it yet but a person. */
export function handOver({ kind, namespace, name, isStatic, node }: Workload): string {
  const stop = isStatic
    ? `move its manifest out of the folder of static pods (kubeadm: /etc/kubernetes/manifests) on ${node ?? 'its node'} and on every other node that has it, the holder last`
    : `kubectl -n ${namespace} delete ${kind.toLowerCase()} ${name}`;
  return `to hand over, ${stop}; the address is on no node until it is applied here, which follows by itself`;
}
