// The proof that an address is gone: where to ask, and what was heard.
import type { V1Service } from '@kubernetes/client-node';
import type { KubeVipConfig } from '../../api/types.ts';
import { abandonCommand, abandoned, type Wait } from '../../steps/waits.ts';
import { heldBy, targetsOf } from '../../observed/daemon-set.ts';
import { ownedDaemonSets, type Observed } from '../../observed/observed.ts';
import { loadBalancerAddresses } from '../../observed/services.ts';
import { isGone, nodeStatements, type Holder } from './node-statements.ts';
import type { DialState, Snapshot, DepartureStage, Target } from '../../observed/snapshot.ts';

/**
 * How long silence alone must last: a neighbour cache keeps a former owner for up to 45 s, then asks it for 8 s more
 * (base_reachable_time, delay_first_probe_time and three probes of Linux).
 */
const silenceMs = 60_000;

/**
 * Whether what was heard is enough for its stage. Each dial is three packets: one that is lost changes nothing. What cannot
 * be asked from here has to stay so for as long as silence: it may be a fault of this machine that passes.
 */
export function isProven({ stage, answer, quietMs }: DialState): boolean {
  if (quietMs === undefined) {
    return false;
  }
  // Of the node that had the Lease there is more proof than this; the end is about every node.
  return stage === 'parked' || answer === 'unreachable' || quietMs >= silenceMs;
}

// kubelet's: open on every node, and no port of a Service, which kube-proxy answers for on every node.
const kubeletPort = 10_250;
const otherPort = 6443;
const mostPorts = 65_535;

/**
 * A port that no Service with the address has. Whoever made the Service may have given it every port that a node is known to
 * have open, and a machine refuses at any other.
 */
function freePort(services: readonly V1Service[]): number {
  const taken = new Set(services.flatMap(({ spec }) => spec?.ports?.map((row) => row.port) ?? []));
  const others = [kubeletPort, otherPort].filter((port) => !taken.has(port));
  let port = others[0] ?? mostPorts;
  while (taken.has(port) && port > 1) {
    port -= 1;
  }
  return port;
}

// Of every namespace: spec.services.namespace may have been another when kube-vip took an address.
function serviceTargets({ services }: Observed, loadBalancerClass: string): readonly Target[] {
  const ours = services.byClass.get(loadBalancerClass) ?? [];
  const rows = ours.flatMap((service) =>
    loadBalancerAddresses(service).map((address) => ({ address, service })),
  );
  return [...Map.groupBy(rows, ({ address }) => address)].map(([address, having]) => ({
    address,
    port: freePort(having.map(({ service }) => service)),
  }));
}

/** A config that lives on may ask for an address that it never had. */
function askedFor({ snapshot: { config }, spec: { controlPlane } }: Observed): readonly Target[] {
  return config.metadata.deletionTimestamp !== undefined && controlPlane
    ? controlPlane.addresses.map((address) => ({ address, port: controlPlane.port }))
    : [];
}

/**
 * The control-plane addresses that kube-vip may have, with the port of the API servers: what its pods are told, and what
 * the Lease remembers of pods that are gone. Not those that another KubeVipConfig runs: it answers for them.
 */
export function controlPlaneTargets(observed: Observed): readonly Target[] {
  const { lease, owned: live } = observed.components['control-plane'];
  // Without a Lease, or with one that the operator made, no kube-vip of ours ever led, and none ever had an address.
  if (lease === undefined || lease.neverHeld) {
    return [];
  }
  const ours = ownedDaemonSets(observed);
  const elsewhere = observed.snapshot.daemonSets.filter((object) => !ours.includes(object)).flatMap(heldBy);
  const all = [...askedFor(observed), ...(live ? targetsOf(live) : []), ...lease.leaving];
  const isFirst = ({ address, port }: Target, index: number): boolean =>
    all.findIndex((row) => row.address === address && row.port === port) === index;
  return all.filter(isFirst).filter(({ address }) => !elsewhere.includes(address));
}

/** Every address that kube-vip may have. */
export function allTargets(observed: Observed): readonly Target[] {
  const { services } = observed.spec;
  return [
    ...controlPlaneTargets(observed),
    ...(services && observed.components.services.lease
      ? serviceTargets(observed, services.loadBalancerClass)
      : []),
  ];
}

const heardAt = (
  { heard }: Snapshot,
  stage: DepartureStage,
  { address, port }: Target,
): DialState | undefined =>
  heard?.find((row) => row.stage === stage && row.address === address && row.port === port);

/** A target that is not known to be gone. */
export interface Unproven {
  readonly address: string;
  /** For a message. */
  readonly said: Pick<Wait, 'what' | 'why'>;
  /** Something has it. */
  readonly answers: boolean;
  /** The nodes that say that they have it, for a message; empty when none does. */
  readonly nodes: string;
  /** How to take it off where it is, for a person. */
  readonly remedy: string;
  /** What a person can do where nothing is known to have it: at once, or when that lasts too long. */
  readonly otherwise: { readonly todo: string } | { readonly late: string };
}

const takeOff = (holders: readonly Holder[]): string =>
  holders.length === 0
    ? 'take it off the node that has it (docs/deletion.md)'
    : holders
        .map(({ node, place }) =>
          place === undefined
            ? `take it off ${node}`
            : `take it off on ${node}: ip address del ${place.cidr} dev ${place.interface}`,
        )
        .join(', ');

function sayLate(address: string, heard: DialState | undefined): string {
  const found =
    heard === undefined
      ? 'look at the log of the operator, which should have asked there'
      : `look on the nodes for ${address}, the minute begins anew with every answer`;
  return `${found} (docs/deletion.md). Where the operator cannot ask, start it with --probe-addresses off`;
}

interface Unjudged {
  readonly why: string;
  readonly todo: string;
}

const unjudged: ReadonlyMap<DialState['answer'] | undefined, Unjudged> = new Map([
  [
    'unreferenced',
    {
      why: 'no other machine of its network answers the operator',
      todo: `let a node or gateway of that network answer the operator at port ${kubeletPort}`,
    },
  ],
  [
    'blind',
    {
      why: 'the operator has no way to it from its node',
      todo: 'give the pods of the operator a route to that network',
    },
  ],
]);

/** Nothing answers there, and nothing could be heard. What a person does not change stays so. */
const sayUnjudged = (
  config: KubeVipConfig,
  { where, address }: { readonly where: string; readonly address: string },
  { why, todo }: Unjudged,
) => ({
  said: { what: `a look at ${where}`, why: `cannot judge: ${why}` },
  otherwise: {
    todo: `${todo} (docs/deletion.md). When you have seen that no machine has ${address}, run ${abandonCommand(config, address)}`,
  },
});

function sayUnproven(
  config: KubeVipConfig,
  { address, port }: Target,
  heard: DialState | undefined,
  holders: readonly Holder[],
): Unproven {
  const where = `${address.includes(':') ? `[${address}]` : address}:${port}`;
  const nodes = holders.map(({ node }) => node).join(' and ');
  const had = holders.map(
    ({ node, place }) => `, node ${node} has ${address}${place ? ` on ${place.interface}` : ''}`,
  );
  const otherwise = { late: sayLate(address, heard) };
  const told = { address, nodes, remedy: takeOff(holders), otherwise };
  if (heard?.answer === 'answers' || nodes !== '') {
    const sound = heard?.answer === 'answers' ? 'it still answers' : 'nothing answers there';
    return { ...told, answers: true, said: { what: `${where} to go`, why: `${sound}${had.join('')}` } };
  }
  const why = unjudged.get(heard?.answer);
  if (why !== undefined) {
    return { ...told, answers: false, ...sayUnjudged(config, { where, address }, why) };
  }
  const what = heard === undefined ? `a look at ${where}` : `a minute of silence at ${where}`;
  return { ...told, answers: false, said: { what } };
}

/** Targets that are not known to be gone, and that were not given up. None while nothing is asked. */
export function unproven(
  observed: Observed,
  stage: DepartureStage,
  targets: readonly Target[],
): readonly Unproven[] {
  const { snapshot } = observed;
  const givenUp = abandoned(snapshot.config);
  const statements = nodeStatements(observed);
  return (snapshot.heard ? targets : [])
    .filter(({ address }) => !givenUp.includes(address))
    .flatMap((target) => {
      const heard = heardAt(snapshot, stage, target);
      return heard && isGone(heard, isProven(heard), statements)
        ? []
        : [sayUnproven(snapshot.config, target, heard, statements?.holders(target.address) ?? [])];
    });
}

/** Addresses that could not be asked: none of their family reach this pod, or asking is off. */
export function unseen(
  { snapshot }: Observed,
  stage: DepartureStage,
  targets: readonly Target[],
): readonly string[] {
  return targets
    .filter((target) => [undefined, 'blind'].includes(heardAt(snapshot, stage, target)?.answer))
    .map(({ address }) => address);
}

/** Addresses that are still there when no pod of ours is. */
export function waitForAddresses({ config }: Snapshot, left: readonly Unproven[]): readonly Wait[] {
  return left.map(({ address, said, answers, remedy, otherwise }) =>
    answers
      ? { ...said, todo: `${remedy}. When it was never ours, run ${abandonCommand(config, address)}` }
      : { ...said, ...otherwise },
  );
}
