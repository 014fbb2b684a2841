// An event about a KubeVipConfig, as the API server takes it.
import { hostname } from 'node:os';
import { apiVersion, fieldManager, group, kind } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';
import type { EventDraft } from '../status/events.ts';

// Of an object without namespace the API server takes events in `default` and `kube-system` alone
// (pkg/apis/core/validation/events.go@v1.36.3).
const namespace = 'default';

/** Collection that every event of ours is written to. */
export const eventsPath = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;

// metav1.MicroTime has six digits.
const microTime = (at: Date): string => at.toISOString().replace('Z', '000Z');

/** What is changed in an event that happened again: nothing else of it may be. */
export const seriesOf = (count: number, at: Date): object => ({
  series: { count, lastObservedTime: microTime(at) },
});

/** An Event about a KubeVipConfig, as the API server takes it. `at` is when it happened. */
export function eventOf({ metadata }: KubeVipConfig, draft: EventDraft, at: Date): object {
  const { name, uid, resourceVersion } = metadata;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { generateName: `${name}-`, namespace },
    eventTime: microTime(at),
    reportingController: `${group}/${fieldManager}`,
    reportingInstance: hostname(),
    action: 'Reconcile',
    regarding: { apiVersion, kind, name, uid, resourceVersion },
    ...draft,
  };
}
