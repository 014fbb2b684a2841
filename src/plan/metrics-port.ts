// Which of several DaemonSets keeps a metrics port that all of them say. After a restore of etcd, or an edit by hand, two may.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { effectiveSpec } from '../api/defaults.ts';
import { componentKinds, componentName, type ComponentKind } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';
import { isRefused } from '../grants/readiness.ts';
import type { Component } from '../observed/component.ts';
import { renderedHash } from '../observed/daemon-set.ts';
import { metricsPortsIn, metricsPortUsers } from '../observed/metrics-ports.ts';
import type { Observed } from '../observed/observed.ts';
import { byName, oncePer } from '../observed/once.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import { renderDaemonSet } from '../render/daemon-set.ts';

interface User {
  readonly config: KubeVipConfig;
  readonly kind: ComponentKind;
}

const nameOf = ({ config, kind }: User): string => componentName(config.metadata.name, kind);

/** By name of the DaemonSet; one whose config leaves gives its port up anyhow. */
const byDaemonSet = oncePer(
  (configs: readonly KubeVipConfig[]): ReadonlyMap<string, User> =>
    new Map(
      configs
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
        .flatMap((config) => componentKinds.map((kind): User => ({ config, kind })))
        .map((user) => [nameOf(user), user]),
    ),
);

/** The DaemonSets of KubeVipConfigs that say a port. */
function usersOf(snapshot: Snapshot, port: number): readonly User[] {
  const users = byDaemonSet(snapshot.configs);
  return metricsPortUsers(snapshot, port)
    .map((name) => users.get(name ?? ''))
    .filter((user) => user !== undefined);
}

/** Whether a port is what the operator chose for a DaemonSet, and no edit of it. */
function wasRenderedWith(snapshot: Snapshot, user: User, port: number): boolean {
  const { daemonSets, recorded, namespace } = snapshot;
  const live = byName(daemonSets, nameOf(user));
  const records = recorded
    .filter(({ daemonSet }) => daemonSet === nameOf(user))
    .toSorted((a, b) => b.revision - a.revision);
  const record = live ? records.find(({ hash }) => hash === renderedHash(live)) : records[0];
  if (record !== undefined || live === undefined) {
    return record !== undefined && metricsPortsIn(record.object).includes(port);
  }
  // An earlier operator recorded nothing.
  const { config, kind: component } = user;
  const spec = effectiveSpec(config);
  const uid = config.metadata.uid ?? '';
  const rendered = renderDaemonSet({ spec, component, namespace, metricsPort: port, uid });
  return renderedHash(rendered) === renderedHash(live);
}

/** An accepted config comes before a refused one, then the older one, then the control plane. */
const rankOf = ({ config, kind }: User): string =>
  [
    isRefused(config) ? 1 : 0,
    config.metadata.creationTimestamp ?? '',
    config.metadata.name,
    componentKinds.indexOf(kind),
  ].join(' ');

/** Whether a port of a component belongs to another DaemonSet, which was rendered with it and comes before. */
export function isPortOfOther(
  { snapshot }: Observed,
  { kind }: Pick<Component, 'kind'>,
  port: number,
): boolean {
  const self: User = { config: snapshot.config, kind };
  const others = usersOf(snapshot, port).filter((user) => nameOf(user) !== nameOf(self));
  if (others.length === 0) {
    return false;
  }
  const isOwn = wasRenderedWith(snapshot, self, port);
  return others.some(
    (user) => (!isOwn || rankOf(user) < rankOf(self)) && wasRenderedWith(snapshot, user, port),
  );
}

/** Whether what was applied has a port that belongs to another DaemonSet. */
export const hasPortOfOther = (observed: Observed, component: Component, object: V1DaemonSet): boolean =>
  metricsPortsIn(object).some((port) => isPortOfOther(observed, component, port));
