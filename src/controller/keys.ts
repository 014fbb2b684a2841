// Which configs an event is about. Levels, not edges: the event itself is forgotten.
import type { KubernetesObject, V1Node, V1Service } from '@kubernetes/client-node';
import { addressInService } from '../api/addresses.ts';
import { effectiveClass } from '../api/defaults.ts';
import { configOfComponent, configOfProbe, group, labels } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import { messagesOf } from '../cluster/probe-pods.ts';
import type { ResourceName } from '../cluster/resources.ts';
import { nameOf } from '../observed/pods.ts';
import type { LeaseView } from '../observed/snapshot.ts';
import { claimsOfService } from '../observed/services.ts';
import { makeWitnessNews, type WitnessNews } from './witness-news.ts';

// There are thousands of Services and of nodes, and a config that runs is looked at every few seconds anyway: only those are
// named for whom it is the news that they wait for.
const has = ({ status }: KubeVipConfig, type: string, wanted: (status: string, reason: string) => boolean) =>
  status?.conditions?.some((row) => row.type === type && wanted(row.status, row.reason)) ?? false;

/** Preflight holds something of it back: any fact may be the one that it waits for. */
const isHeldBack = (config: KubeVipConfig): boolean =>
  has(config, 'PreflightPassed', (status) => status !== 'True');

const waitsForService = (config: KubeVipConfig): boolean =>
  has(config, 'Accepted', (status, reason) => status === 'False' && reason === 'ServiceConflict') ||
  has(config, 'DuplicateOwner', (status) => status === 'True') ||
  isHeldBack(config);

const wants = ({ spec }: KubeVipConfig, addresses: ReadonlySet<string | undefined>): boolean =>
  spec.controlPlane?.addresses.some((address) => addresses.has(address)) ?? false;

/** A test of a config: may a change of this Service change a decision about it? */
function concernedByService(object: KubernetesObject): (config: KubeVipConfig) => boolean {
  const service = object as V1Service;
  const addresses = new Set(claimsOfService(service).map(({ address }) => address));
  const { loadBalancerClass } = service.spec ?? {};
  return (config) =>
    (loadBalancerClass !== undefined && effectiveClass(config) === loadBalancerClass) ||
    wants(config, addresses) ||
    waitsForService(config);
}

/** A test of a config: may a change of this node change a decision about it? */
function concernedByNode(object: KubernetesObject): (config: KubeVipConfig) => boolean {
  const addresses = new Set(
    (object as V1Node).status?.addresses?.map(({ address }) => addressInService(address)),
  );
  return (config) => wants(config, addresses) || isHeldBack(config);
}

function named(view: ClusterView, isMeant: (config: KubeVipConfig) => boolean): readonly string[] {
  return view
    .configs()
    .filter(isMeant)
    .map(({ metadata }) => metadata.name);
}

function isRejected({ status }: KubeVipConfig): boolean {
  return status?.conditions?.some((row) => row.type === 'Accepted' && row.status === 'False') ?? false;
}

/** Configs that wait for somebody else to give something up. */
function rejected(view: ClusterView): readonly string[] {
  return named(view, isRejected);
}

function everyConfig(view: ClusterView): readonly string[] {
  return named(view, () => true);
}

/** The config whose DaemonSet or Lease has this name; an unknown name costs one look in the store. */
function ownerOf(object: KubernetesObject): readonly string[] {
  return [configOfComponent(nameOf(object))].filter((name) => name !== undefined);
}

function labelled({ metadata }: KubernetesObject): readonly string[] {
  return [metadata?.labels?.[labels.config]].filter((name) => name !== undefined);
}

function probedBy(daemonSet: string): readonly string[] {
  return [configOfProbe(daemonSet)].filter((name) => name !== undefined);
}

// Of a probe on thousands of nodes only what it said matters: that it is scheduled, pulled and started does not.
function hasReported(object: KubernetesObject): readonly string[] {
  const config = object.metadata?.labels?.[labels.probe];
  return config !== undefined && messagesOf(object).length > 0 ? [config] : [];
}

interface Sighting {
  /** All that is said, but for when it was said last. */
  readonly said: string;
  readonly isParked: boolean;
  readonly renewedAt: number;
  readonly durationMs: number;
}

function sightOf(lease: LeaseView | undefined): Sighting {
  const { parkedFrom, renewedAt = 0, durationSeconds = 0 } = lease ?? {};
  const { holder = '', neverHeld, leaving, acquireTime } = lease ?? {};
  return {
    said: JSON.stringify([holder, parkedFrom, neverHeld, leaving, acquireTime, durationSeconds]),
    isParked: parkedFrom !== undefined,
    renewedAt,
    durationMs: durationSeconds * 1000,
  };
}

/** The same holder renews it, in time. */
const isRenewal = (before: Sighting | undefined, after: Sighting): boolean =>
  before?.said === after.said && after.renewedAt - before.renewedAt <= before.durationMs;

// A cluster may have many policies, of which ours concern every config.
const guards = (object: KubernetesObject, view: ClusterView): readonly string[] =>
  nameOf(object).endsWith(`.${group}`) ? everyConfig(view) : [];

/** The configs whose addresses or class a witness says something new about. */
function askedAbout(view: ClusterView, names: readonly string[]): readonly string[] {
  const about = new Set<string | undefined>(names);
  return named(view, (config) => wants(config, about) || about.has(effectiveClass(config)));
}

function concernedByWitness(view: ClusterView, news: WitnessNews): readonly string[] | undefined {
  if (news.isAboutAll) {
    return everyConfig(view);
  }
  return news.about.length === 0 ? undefined : askedAbout(view, news.about);
}

/**
 * Maps events to keys; undefined: nothing has happened that a decision reads. That a Lease is renewed in time is no news: it
 * happens every other second.
 * @param steady Milliseconds, never going back.
 */
export function makeKeysOf(
  view: ClusterView,
  steady: () => number,
): (resource: ResourceName, object: KubernetesObject) => readonly string[] | undefined {
  const sightings = new Map<string, Sighting>();
  const newsOf = makeWitnessNews(view, steady);
  const concernedByLease = (object: KubernetesObject): readonly string[] | undefined => {
    const news = newsOf(object);
    if (news !== undefined) {
      return concernedByWitness(view, news);
    }
    const after = sightOf(view.lease(nameOf(object)));
    const before = sightings.get(nameOf(object));
    sightings.set(nameOf(object), after);
    if (isRenewal(before, after)) {
      return undefined;
    }
    // A Lease that the operator has, or had, keeps an address from whoever waits for it.
    const waiting = after.isParked || before?.isParked ? rejected(view) : [];
    return [...ownerOf(object), ...waiting];
  };
  const byResource: Record<ResourceName, (object: KubernetesObject) => readonly string[] | undefined> = {
    configs: (object) => [nameOf(object), ...rejected(view)],
    daemonSets: (object) => [...ownerOf(object), ...probedBy(nameOf(object)), ...rejected(view)],
    controllerRevisions: (object) =>
      [object.metadata?.labels?.[labels.recorded]].filter((name) => name !== undefined),
    pods: (object) => [...labelled(object), ...hasReported(object)],
    // Rare, and about every config: what may run beside them has changed.
    openNamespaces: () => everyConfig(view),
    policies: (object) => guards(object, view),
    policyBindings: (object) => guards(object, view),
    nodes: (object) => named(view, concernedByNode(object)),
    services: (object) => named(view, concernedByService(object)),
    leases: concernedByLease,
  };
  return (resource, object) => byResource[resource](object);
}
