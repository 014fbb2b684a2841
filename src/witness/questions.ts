// What the witnesses are asked: every address that a KubeVipConfig may have on a node, and those that it had.
import type { V1DaemonSet, V1Service } from '@kubernetes/client-node';
import { canonicalAddress } from '../api/addresses.ts';
import { effectiveClass } from '../api/defaults.ts';
import { componentName } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';
import { isRefused } from '../grants/readiness.ts';
import { standingOf } from '../grants/standing.ts';
import { heldBy } from '../observed/daemon-set.ts';
import { byName, oncePer } from '../observed/once.ts';
import { fingerprint } from '../render/hash.ts';
import { contractVersion, nodesGroup, orphansGroup, type Questions } from './contract.ts';

/** An address that is to be asked for. */
export interface AskedAddress {
  /** In canonical form. */
  readonly address: string;
  /** The class of its Service; undefined: of the control plane. */
  readonly loadBalancerClass: string | undefined;
  /** Name of the Lease that says which node has it. */
  readonly lease: string;
}

/** What decides which addresses are asked for. */
export interface AddressFacts {
  readonly configs: readonly KubeVipConfig[];
  readonly services: readonly V1Service[];
  readonly daemonSets: readonly V1DaemonSet[];
}

/** Whether the network is asked about the addresses of a config. */
export const hasWitness = ({ spec }: KubeVipConfig): boolean => spec.witness !== 'Off';

/** Addresses of the control plane of a config: those of its spec, unless that is refused, and those that its kube-vip has. */
export function controlAddresses(
  config: KubeVipConfig,
  daemonSets: readonly V1DaemonSet[],
): readonly string[] {
  const running = byName(daemonSets, componentName(config.metadata.name, 'control-plane'));
  const written = isRefused(config) ? [] : (config.spec.controlPlane?.addresses ?? []);
  const held = running ? heldBy(running) : [];
  return [...new Set([...written, ...held].flatMap((text) => canonicalAddress(text) ?? []))];
}

// A list of Services is the same until one of them changes, and there may be 20,000.
const foundIn = oncePer<readonly V1Service[], Map<string, readonly AskedAddress[]>>(() => new Map());

function ofServices(
  configs: readonly KubeVipConfig[],
  services: readonly V1Service[],
): readonly AskedAddress[] {
  const leases = configs.map(
    (config) => [effectiveClass(config), componentName(config.metadata.name, 'services')] as const,
  );
  const key = JSON.stringify(leases);
  const found = foundIn(services).get(key) ?? findIn(services, new Map(leases));
  foundIn(services).set(key, found);
  return found;
}

function findIn(
  services: readonly V1Service[],
  leases: ReadonlyMap<string | undefined, string>,
): readonly AskedAddress[] {
  const found = new Map<string, AskedAddress>();
  for (const service of services) {
    const { loadBalancerClass, held } = standingOf(service);
    const lease = loadBalancerClass === undefined ? undefined : leases.get(loadBalancerClass);
    for (const address of lease === undefined ? [] : held) {
      // Services that share an address have it once.
      if (!found.has(address)) {
        found.set(address, { address, loadBalancerClass, lease: lease ?? '' });
      }
    }
  }
  return [...found.values()];
}

/** Every address of the configs that have a witness; one of the control plane is asked for as that. */
export function addressesToAsk({ configs, services, daemonSets }: AddressFacts): readonly AskedAddress[] {
  const witnessed = configs.filter(hasWitness);
  const control = witnessed.flatMap((config) =>
    controlAddresses(config, daemonSets).map((address) => ({
      address,
      loadBalancerClass: undefined,
      lease: componentName(config.metadata.name, 'control-plane'),
    })),
  );
  const taken = new Set(control.map(({ address }) => address));
  return [...control, ...ofServices(witnessed, services).filter(({ address }) => !taken.has(address))];
}

/** A witness gets no more addresses of groups than this: its round then takes some minutes, and a ConfigMap holds them. */
export const mostAddresses = 20_000;

/** What the witnesses of a segment are asked, and how many addresses had to be left out. */
export interface Asking {
  readonly questions: Questions;
  readonly omitted: number;
}

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

/**
 * What the witnesses of a segment are asked. What may be an orphan comes first: nothing else tells of it.
 * @param nodes Addresses of nodes.
 */
export function questionsFor(
  subnets: readonly string[],
  asked: readonly AskedAddress[],
  former: readonly string[],
  nodes: readonly string[] = [],
): Asking {
  const control = distinct(
    asked.flatMap(({ address, loadBalancerClass }) => (loadBalancerClass === undefined ? address : [])),
  ).map((address) => ({ address }));
  const byClass = Map.groupBy(
    asked.filter(({ loadBalancerClass }) => loadBalancerClass !== undefined),
    ({ loadBalancerClass = '' }) => loadBalancerClass,
  );
  const wanted = [
    [orphansGroup, distinct(former)] as const,
    ...[...byClass.keys()]
      .sort()
      .map((name) => [name, distinct((byClass.get(name) ?? []).map(({ address }) => address))] as const),
  ];
  let left = mostAddresses;
  const groups = wanted.flatMap(([name, addresses]) => {
    const kept = addresses.slice(0, left);
    left -= kept.length;
    return kept.length > 0 ? [{ name, addresses: kept }] : [];
  });
  const ofNodes = nodes.length > 0 ? [{ name: nodesGroup, addresses: distinct(nodes) }] : [];
  const rest = { v: contractVersion, subnets, control, groups: [...groups, ...ofNodes] } as const;
  const all = wanted.reduce((sum, [, addresses]) => sum + addresses.length, 0);
  return { questions: { ...rest, revision: fingerprint(rest) }, omitted: all - (mostAddresses - left) };
}

/** The questions in a text; undefined for what is none. */
export function questionsIn(text: string): Questions | undefined {
  try {
    const questions = JSON.parse(text) as Questions;
    return Array.isArray(questions.control) && Array.isArray(questions.groups) ? questions : undefined;
  } catch {
    return undefined;
  }
}

/** The subnets and addresses of ours in questions as a ConfigMap has them; undefined for what is none. */
export function parseQuestions(
  text: string,
): { readonly subnets: readonly string[]; readonly addresses: readonly string[] } | undefined {
  try {
    const { subnets, control, groups } = JSON.parse(text) as Questions;
    const addresses = [
      ...control.map(({ address }) => address),
      ...groups.filter(({ name }) => name !== nodesGroup).flatMap((group) => group.addresses),
    ];
    return { subnets, addresses };
  } catch {
    return undefined;
  }
}
