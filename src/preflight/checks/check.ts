// What a preflight check is: a question about the live cluster, as a row. checks.ts has the table.
import { componentKinds, type ComponentKind } from '../../api/metadata.ts';
import { wasApplied } from '../../observed/component.ts';
import type { Observed } from '../../observed/observed.ts';
import type { NodeFinding } from '../../observed/snapshot.ts';
import type { Survey } from '../../observed/neighbours/survey.ts';

/** Everything that a check may look at: what is observed, with the survey at hand, and what the nodes said. */
export interface Facts extends Observed {
  /** That of the snapshot, or an empty one while it is not there yet. */
  readonly survey: Survey;
  /** What the nodes said. */
  readonly nodeFindings: readonly NodeFinding[];
}

/** What a check found about one object. It is told as: object, found, detail, what was expected, what to do. */
export interface Finding {
  /** For example `Node/n2` or `Service/kube-system/traefik`. */
  readonly object: string;
  /** What is wrong with the object, in one short clause that goes on behind its name. */
  readonly found: string;
  /** What more is known, as sentences without the last full stop. */
  readonly detail?: string | undefined;
  readonly expected: string;
  /** Instead of the remedy of the check, where more is known. */
  readonly todo?: string;
  /** A warning, also of a check that blocks: any tenant can make this object, and it puts no address on a node. */
  readonly onlyWarns?: boolean;
}

/** One question about the live cluster. */
export interface Check {
  readonly id: string;
  /** As docs/preflight.md asks it. */
  readonly question: string;
  /** `blocks` is for what breaks the law (one owner per address) or cannot work. Only an override of an administrator lets it pass. */
  readonly severity: 'blocks' | 'warns';
  /** The one component that a failure makes unsafe, and so holds back; undefined: both. */
  readonly holds?: ComponentKind;
  /**
   * Who can bring a finding about without rights over nodes or the namespace of kube-vip; undefined: administrators
   * alone. What a tenant can cause keeps a component from starting, and never holds back a change of one that runs.
   */
  readonly by?: 'tenant';
  /** A failure keeps a component from starting alone: what runs was judged before, and by the last facts since. */
  readonly onlyStart?: true;
  readonly find: (facts: Facts) => readonly Finding[];
  /** What to do, in the imperative. */
  readonly remedy: string;
  /** Ids of docs/hazards.md, or threads. */
  readonly links: readonly string[];
}

/** The control-plane addresses of a config. */
export const vipsOf = ({ spec }: Pick<Facts, 'spec'>): readonly string[] =>
  spec.controlPlane?.addresses ?? [];

/** Whether a round of the survey is there: until then what it does not say is no finding. */
export const isSurveyed = ({ snapshot }: Pick<Facts, 'snapshot'>): boolean => snapshot.survey !== undefined;

/** `KubeVipConfig edge`, for sentences. */
export const configName = ({ spec }: Pick<Facts, 'spec'>): string => `KubeVipConfig ${spec.name}`;

/** The components that a failure of a check holds back; of some checks only one that was never applied. */
export function heldBack(
  { severity, holds, by, onlyStart }: Check,
  { components }: Pick<Facts, 'components'>,
): readonly ComponentKind[] {
  const kinds = holds === undefined ? componentKinds : [holds];
  const isFree = (kind: ComponentKind): boolean =>
    (by === 'tenant' || onlyStart === true) && wasApplied(components[kind]);
  return severity === 'blocks' ? kinds.filter((kind) => !isFree(kind)) : [];
}
