// An event about a KubeVipConfig or a Service, as the API server takes it.
import { hostname } from 'node:os';
import { apiVersion, fieldManager, group, kind } from '../api/metadata.ts';
import type { Metadata } from '../api/types.ts';
import type { EventDraft } from '../status/events.ts';

// Of an object without namespace the API server takes events in `default` and `kube-system` alone
// (pkg/apis/core/validation/events.go@v1.36.3).
const namespaceOfOthers = 'default';

/** What an event is about; without a kind it is a KubeVipConfig, as a list has them. */
export interface EventSubject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Metadata;
}

const namespaceOf = ({ metadata }: EventSubject): string => metadata.namespace ?? namespaceOfOthers;

/** Collection that events about an object are written to. */
export const eventsPath = (about: EventSubject): string =>
  `/apis/events.k8s.io/v1/namespaces/${namespaceOf(about)}/events`;

// metav1.MicroTime has six digits.
const microTime = (at: Date): string => at.toISOString().replace('Z', '000Z');

/** What is changed in an event that happened again: nothing else of it may be. */
export const seriesOf = (count: number, at: Date): object => ({
  series: { count, lastObservedTime: microTime(at) },
});

/** An Event as the API server takes it. `at` is when it happened. */
export function eventOf(about: EventSubject, draft: EventDraft, at: Date): object {
  const { apiVersion: version = apiVersion, kind: of = kind, metadata } = about;
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { generateName: `${name}-`, namespace: namespaceOf(about) },
    eventTime: microTime(at),
    reportingController: `${group}/${fieldManager}`,
    reportingInstance: hostname(),
    action: 'Reconcile',
    regarding: { apiVersion: version, kind: of, ...(namespace && { namespace }), name, uid, resourceVersion },
    ...draft,
  };
}
