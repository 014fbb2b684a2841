// What is true of one KubeVipConfig: drawn from its Snapshot once per reconcile and handed on. Nothing is decided here,
// and nothing of it is derived anywhere else.
import type { V1Service } from '@kubernetes/client-node';
import { effectiveSpec, type EffectiveSpec } from '../api/defaults.ts';
import { componentKinds, type ComponentKind } from '../api/metadata.ts';
import { nodeAddresses, type NodeAddress } from './addresses.ts';
import { findConflicts, type Conflict } from './claims.ts';
import { componentObjects, type Component, type ComponentObjects, type Ownership } from './component.ts';
import { handOverOf } from './hand-over.ts';
import { oncePer } from './once.ts';
import { servicesWithVip, sharedAddresses, type Sharing } from './service-conflicts.ts';
import { indexServices, servedServices, type ServiceClaim, type ServiceIndex } from './services.ts';
import type { OwnerChange, Snapshot } from './snapshot.ts';
import { historyAfter } from './witness/history.ts';
import { judge } from './witness/judge.ts';
import { uncoveredOf } from './witness/uncovered.ts';

/** A KubeVipConfig and everything in the cluster that concerns it. */
export interface Observed {
  readonly snapshot: Snapshot;
  /** The spec with every optional decided. */
  readonly spec: EffectiveSpec;
  /** Both of them, whether the spec asks for them or not. */
  readonly components: Readonly<Record<ComponentKind, Component>>;
  /** Those that the spec asks for, in rendering order. */
  readonly asked: readonly Component[];
  /** Claims of the spec that another KubeVipConfig has, in the order of the spec. */
  readonly conflicts: readonly Conflict[];
  /** Address to node, for every address that a Node object names. */
  readonly nodeAddresses: ReadonlyMap<string, NodeAddress>;
  /** The addresses of every Service of the cluster. */
  readonly services: ServiceIndex;
  /** Load balancers of the class of the spec, in the namespace that it serves. */
  readonly servedServices: readonly V1Service[];
  /** Services that have a control-plane address of the spec, in whatever field, class or type. */
  readonly servicesWithVip: readonly ServiceClaim[];
  /** Addresses of Services of the class that another Service cannot have as well. */
  readonly sharedAddresses: readonly Sharing[];
  /** Who answered for its addresses, what is known now included, the last change first. */
  readonly ownerHistory: readonly OwnerChange[];
}

/** How a mode tells who holds what a component claims. */
export type FindOwnership = (snapshot: Snapshot, component: ComponentObjects) => Ownership;

// The same object until the config changes, so that what was rendered from it is still good.
const specOf = oncePer(effectiveSpec);

function historyOf(
  { ownerHistory, now }: Snapshot,
  components: Observed['components'],
): Observed['ownerHistory'] {
  const { 'control-plane': controlPlane, services } = components;
  const isVip = (address: string): boolean => controlPlane.claims.includes(address);
  const rows = [
    { ...controlPlane, witnessed: controlPlane.witnessed, listsAll: true, isOwn: isVip },
    {
      ...services,
      witnessed: services.witnessed,
      listsAll: false,
      isOwn: (address: string) => !isVip(address),
    },
  ];
  return historyAfter(ownerHistory, rows, now);
}

/**
 * What is true of the KubeVipConfig of a Snapshot, where a mode tells who holds what.
 * @param ownershipOf That of the mode of the KubeVipConfig.
 */
export function observeWith(snapshot: Snapshot, ownershipOf: FindOwnership): Observed {
  const spec = specOf(snapshot.config);
  const services = indexServices(snapshot.services);
  const componentOf = (kind: ComponentKind): Component => {
    const objects = componentObjects(snapshot, spec, kind);
    const owned = { ...objects, ...ownershipOf(snapshot, objects) };
    return {
      ...owned,
      witnessed: judge(snapshot, owned),
      uncovered: uncoveredOf(snapshot, owned),
      handOver: handOverOf(snapshot.nodes, owned),
    };
  };
  const components = { 'control-plane': componentOf('control-plane'), services: componentOf('services') };
  return {
    snapshot,
    spec,
    components,
    asked: componentKinds.map((kind) => components[kind]).filter(({ part }) => part !== undefined),
    conflicts: findConflicts(snapshot),
    nodeAddresses: nodeAddresses(snapshot.nodes),
    services,
    servedServices: servedServices(services, spec.services),
    servicesWithVip: servicesWithVip(spec, services),
    sharedAddresses: sharedAddresses(spec, services),
    ownerHistory: historyOf(snapshot, components),
  };
}

/** The DaemonSets of this KubeVipConfig that the operator made, also those that terminate. */
export function ownedDaemonSets({
  components,
}: Pick<Observed, 'components'>): readonly NonNullable<Component['owned']>[] {
  return componentKinds.flatMap((kind) => components[kind].owned ?? []);
}
