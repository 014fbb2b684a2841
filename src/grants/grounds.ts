// What a decision about a grant rests on: who serves which class, and which addresses no Service may have.
import type { V1Node } from '@kubernetes/client-node';
import { addressValue, endsOf, type AddressValue } from '../api/address-range.ts';
import { canonicalAddress } from '../api/addresses.ts';
import { effectiveClass, poolsOf } from '../api/defaults.ts';
import type { KubeVipConfig } from '../api/types.ts';
import { nodeAddresses } from '../observed/addresses.ts';
import { rangesOf } from '../observed/neighbours/networks.ts';
import type { Survey } from '../observed/neighbours/survey.ts';
import type { AddressBook } from './book.ts';
import { offersOf, type Pool } from './pools.ts';
import type { Prospects } from './prospects.ts';
import { hindranceOf, isRefused, type Hindrance } from './readiness.ts';
import type { Turn } from './pace.ts';
import { RangeSet } from './range-set.ts';
import { rangesOfOthers } from './ranges-of-others.ts';
import type { Standing } from './standing.ts';

/** What is known of the cluster when grants are decided. */
export interface ClusterFacts {
  readonly configs: readonly KubeVipConfig[];
  readonly nodes: readonly V1Node[];
  /** Undefined while it has not been read. */
  readonly survey: Survey | undefined;
}

/** The KubeVipConfig that serves a class. */
export interface Server {
  readonly config: KubeVipConfig;
  /** Undefined: every namespace. */
  readonly namespace: string | undefined;
  readonly pools: RangeSet;
  /** The same, one after the other, in the order in which an address is looked for. */
  readonly offers: readonly Pool[];
  /** For messages, for example `main (203.0.113.64/27)`; empty without pools. */
  readonly offer: string;
  /** Why it grants nothing new now; undefined: it grants. */
  readonly hindrance: Hindrance | undefined;
}

/** Tells what an address is that no Service may have, in half a sentence; undefined: nothing of the kind. */
export type Lookup = (address: string, value: AddressValue) => string | undefined;

/** Everything that checks look at besides the Service. */
export interface Grounds {
  readonly serverOf: (loadBalancerClass: string) => Server | undefined;
  readonly controlPlane: Lookup;
  readonly node: Lookup;
  readonly gateway: Lookup;
  readonly subnet: Lookup;
  readonly network: Lookup;
  /** The last number of the network of pods or Services that has an address. */
  readonly endOfNetwork: (value: AddressValue) => bigint | undefined;
  /** What other load balancers give away; undefined: nothing was read. */
  readonly ofOthers: RangeSet | undefined;
  /** Which kube-vip leads for a class, by its node, its container and the time; empty: none is known. */
  readonly leaderOf: (loadBalancerClass: string) => string;
  /** The KubeVipConfig that may grant an address, by its pools: the oldest. */
  readonly pool: (value: AddressValue) => KubeVipConfig | undefined;
}

/**
 * What the network says of an address: whether a machine answers for it. `unheard`: it has not been asked for long enough.
 * `stale`: nobody had it, and that was too long ago. `blind`: it cannot be asked from here. `unreferenced`: nobody answers there, nor does
 * who would have to. `unasked`: an administrator turned that off.
 */
export type Sight = 'nobody' | 'somebody' | 'unheard' | 'stale' | 'blind' | 'unreferenced' | 'unasked';

/** Grounds, the Services, and the time in milliseconds that never goes back. */
export interface GrantFacts {
  readonly grounds: Grounds;
  readonly book: AddressBook;
  readonly now: number;
  /** What the network says. */
  readonly sightOf: (address: string) => Sight;
  /** When the last grant was written, of those that the kube-vip of a class has published, on the same clock as `now`. */
  readonly workedOffUntil: (loadBalancerClass: string) => number;
  readonly prospects: Prospects;
  /** When this process began to lead: nobody knows what was given up just before. */
  readonly since: number;
  /** For how many milliseconds the grant of a Service has not been published; 0 when nothing is under way. */
  readonly underWayMs: (key: string) => number;
  /** Why a Service has to wait for its turn; undefined: it has it. */
  readonly turnOf: (asker: Standing) => Turn | undefined;
}

// A config is the same object until it or its status changes.
const poolsKnown = new WeakMap<KubeVipConfig['spec'], RangeSet>();

function poolSet(config: KubeVipConfig): RangeSet {
  const known =
    poolsKnown.get(config.spec) ??
    new RangeSet(
      poolsOf(config).flatMap(({ name, addresses }) => addresses.map((range) => [range, name] as const)),
    );
  poolsKnown.set(config.spec, known);
  return known;
}

const shownRanges = 4;

function offerOf(config: KubeVipConfig): string {
  const rows = poolsOf(config).map(({ name, addresses }) => {
    const more = addresses.length > shownRanges ? ' and more' : '';
    return `${name} (${addresses.slice(0, shownRanges).join(', ')}${more})`;
  });
  return rows.slice(0, shownRanges).join(', ') + (rows.length > shownRanges ? ' and more' : '');
}

const precedence = (config: KubeVipConfig): string =>
  `${isRefused(config) ? 1 : 0} ${config.metadata.creationTimestamp ?? ''} ${config.metadata.name}`;

const byPrecedence = (a: KubeVipConfig, b: KubeVipConfig): number => (precedence(a) < precedence(b) ? -1 : 1);

function serversOf(
  inOrder: readonly KubeVipConfig[],
  survey: Survey | undefined,
): ReadonlyMap<string, Server> {
  const servers = new Map<string, Server>();
  // The last one of a class stays: the one that was accepted, else the oldest.
  for (const config of inOrder.toReversed()) {
    const loadBalancerClass = effectiveClass(config);
    if (loadBalancerClass !== undefined) {
      servers.set(loadBalancerClass, {
        config,
        namespace: config.spec.services?.namespace,
        pools: poolSet(config),
        offers: offersOf(config),
        offer: offerOf(config),
        hindrance: hindranceOf(config, survey),
      });
    }
  }
  return servers;
}

const named =
  (rows: ReadonlyMap<string, string>): Lookup =>
  (address) =>
    rows.get(address);

/** Text to what it is, by the canonical spelling of the text; what is no address is left out. */
function byAddress(rows: readonly (readonly [text: string, what: string])[]): ReadonlyMap<string, string> {
  return new Map(
    rows.flatMap(([text, what]) => {
      const address = canonicalAddress(text);
      return address === undefined ? [] : [[address, what] as const];
    }),
  );
}

function controlPlanes({ configs, survey }: ClusterFacts): ReadonlyMap<string, string> {
  const noted = [survey?.kubeadm?.endpoint, survey?.clusterInfoHost].filter((host) => host !== undefined);
  return byAddress([
    ...noted.map((host) => [host, 'the address of the API servers'] as const),
    ...configs.flatMap(({ metadata, spec }) =>
      (spec.controlPlane?.addresses ?? []).map(
        (text) => [text, `the control-plane address of KubeVipConfig ${metadata.name}`] as const,
      ),
    ),
  ]);
}

function networksOf({ nodes, survey }: ClusterFacts): RangeSet {
  const podRanges = nodes.flatMap(({ metadata, spec }) =>
    (spec?.podCIDRs ?? []).map((range) => [range, `${range}, the pods of node ${metadata?.name}`] as const),
  );
  const noted = { snapshot: { nodes }, survey: survey ?? { kubeadm: undefined, serviceRanges: [] } };
  const of = (network: 'pods' | 'services') =>
    [...new Set(rangesOf(noted, network))].map(
      (range) => [range, `${range}, the network of ${network}`] as const,
    );
  return new RangeSet([...of('services'), ...of('pods'), ...podRanges]);
}

/** First and last address of each subnet: in IPv6 the first is that of any router, and the last one is spared too. */
function subnetEnds(configs: readonly KubeVipConfig[]): Lookup {
  const texts = new Set(
    configs.flatMap(({ status }) => (status?.nodeProbe ?? []).flatMap(({ subnets = [] }) => subnets)),
  );
  const ends = new Map(
    [...texts].flatMap((text) =>
      endsOf(text).map(
        ({ value: { family, value }, called }) =>
          [`${family} ${value}`, `the ${called} address of ${text}, a subnet of the nodes`] as const,
      ),
    ),
  );
  return (_, { family, value }) => ends.get(`${family} ${value}`);
}

function gatewaysOf(configs: readonly KubeVipConfig[]): ReadonlyMap<string, string> {
  const texts = configs.flatMap(({ status }) =>
    (status?.nodeProbe ?? []).flatMap(({ gateways = [] }) => gateways),
  );
  return byAddress(texts.map((text) => [text, 'the default gateway of nodes'] as const));
}

// A list is the same object until something of it changes, and 5,000 nodes are worth remembering.
const networksKnown = new WeakMap<readonly V1Node[], readonly [survey: Survey | undefined, set: RangeSet]>();

function knownNetworks(facts: ClusterFacts): RangeSet {
  const [survey, known] = networksKnown.get(facts.nodes) ?? [];
  const set = known !== undefined && survey === facts.survey ? known : networksOf(facts);
  networksKnown.set(facts.nodes, [facts.survey, set]);
  return set;
}

function leaderOf({ config }: Server): string {
  const { holder = '', holderSince = '', holderContainer = '' } = config.status?.services ?? {};
  return holder === '' ? '' : `${holder} ${holderContainer} ${holderSince}`;
}

/** What follows from the facts. To be kept as long as the same facts hold. */
export function groundsOf(facts: ClusterFacts): Grounds {
  const { configs, nodes, survey } = facts;
  const inOrder = [...configs].sort(byPrecedence);
  const servers = serversOf(inOrder, survey);
  const networks = knownNetworks(facts);
  return {
    serverOf: (loadBalancerClass) => servers.get(loadBalancerClass),
    controlPlane: named(controlPlanes(facts)),
    node: (address) => {
      const owner = nodeAddresses(nodes).get(address);
      return owner && `an address of node ${owner.node}`;
    },
    gateway: named(gatewaysOf(configs)),
    subnet: subnetEnds(configs),
    network: (_, value) => {
      const range = networks.find(value);
      return range && `an address of ${range}`;
    },
    endOfNetwork: (value) => networks.endOf(value),
    ofOthers: survey && rangesOfOthers(survey),
    leaderOf: (loadBalancerClass) => {
      const server = servers.get(loadBalancerClass);
      return server === undefined ? '' : leaderOf(server);
    },
    pool: (value) => inOrder.find((config) => poolSet(config).find(value) !== undefined),
  };
}

/** The number of an address that is known to be one. */
export const valueOf = (address: string): AddressValue =>
  addressValue(address) ?? { family: 'IPv4', value: -1n };
