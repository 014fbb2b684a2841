// Renderings that were applied. Each is kept, so that repair goes back to it while an edit is held, a fact is missing, a
// verdict has changed or the operator is newer.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { oncePer } from './once.ts';

/** A rendering of a DaemonSet that was applied, as its ControllerRevision keeps it. */
export interface RecordedRendering {
  /** Of the ControllerRevision: `<DaemonSet>-<hash>`. */
  readonly name: string;
  readonly daemonSet: string;
  /** What the DaemonSet has as its rendered hash. */
  readonly hash: string;
  /** The one that was applied last has the highest. */
  readonly revision: number;
  /** What the spec asked for at that time, see specMark; undefined: not known, because an earlier operator applied it. */
  readonly mark: string | undefined;
  readonly object: V1DaemonSet;
}

/** How many are kept of each component. */
export const mostRecorded = 10;

/** The UID of the KubeVipConfig that a rendering belongs to. */
const ownerOf = ({ object }: RecordedRendering): string | undefined =>
  object.metadata?.ownerReferences?.[0]?.uid;

const byDaemonSet = oncePer((recorded: readonly RecordedRendering[]) =>
  Map.groupBy(recorded, (row) => row.daemonSet),
);

/** Those of a DaemonSet and of this KubeVipConfig, not of one before it of the same name; the last applied one first. */
export const recordedOf = (
  recorded: readonly RecordedRendering[],
  daemonSet: string,
  uid: string | undefined,
): readonly RecordedRendering[] =>
  (byDaemonSet(recorded).get(daemonSet) ?? [])
    .filter((row) => ownerOf(row) === uid)
    .toSorted((a, b) => b.revision - a.revision);
