// A recorded rendering as the ControllerRevision that keeps it. It has none of the labels that select the pods: the
// DaemonSet controller would adopt it, and delete it with its own history (pkg/controller/daemon/update.go of Kubernetes v1.36.3).
import type { V1ControllerRevision, V1DaemonSet } from '@kubernetes/client-node';
import { annotations, apiVersion, kind, labels, systemNamespace } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';
import { renderedHash } from '../observed/daemon-set.ts';
import type { RecordedRendering } from '../observed/recorded.ts';
import { replacedOnDelete } from '../render/daemon-set.ts';

const notesOf = ({ mark }: RecordedRendering): Record<string, string> =>
  mark === undefined ? {} : { [annotations.specMark]: mark };

/** The ControllerRevision of a rendering. */
export function revisionOf({ metadata }: KubeVipConfig, record: RecordedRendering): V1ControllerRevision {
  const { name, revision, object: data } = record;
  const { name: config, uid = '' } = metadata;
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name,
      namespace: systemNamespace,
      labels: { [labels.recorded]: config },
      annotations: notesOf(record),
      ownerReferences: [{ apiVersion, kind, name: config, uid, controller: true }],
    },
    data,
    revision,
  };
}

/** What changes of one that exists: its rendering does not. */
export const newerRevision = (record: RecordedRendering): object => ({
  metadata: { annotations: notesOf(record) },
  revision: record.revision,
});

const marked = ({ metadata }: V1ControllerRevision): string | undefined =>
  metadata?.annotations?.[annotations.specMark];

/** What a ControllerRevision keeps; undefined: no rendering of ours. */
export function recordOf(kept: V1ControllerRevision): RecordedRendering | undefined {
  const object = kept.data as V1DaemonSet | undefined;
  const { name: daemonSet } = object?.metadata ?? {};
  if (object?.spec === undefined || daemonSet === undefined) {
    return undefined;
  }
  const hash = renderedHash(object);
  const { name = '' } = kept.metadata ?? {};
  return hash === undefined
    ? undefined
    : {
        name,
        daemonSet,
        hash,
        revision: kept.revision,
        mark: marked(kept),
        object: replacedOnDelete(object),
      };
}
