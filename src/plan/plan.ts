// What one pass does about a KubeVipConfig, as a value. A plan says of each component what becomes of it:
//
//   Plan ─┬─ deleting                       the whole config leaves
//         ├─ suspended ── what is left so ─┐
//         └─ running ─────────────────────┴─ one ComponentPlan each:
//                                            keep · apply · rolling · held · removing · refused
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { ComponentKind } from '../api/metadata.ts';
import type { Rollout } from '../rollout/stage.ts';
import type { AdmissionChange } from './admission.ts';
import type {
  Ask,
  HistoryStep,
  Hold,
  Probing,
  Rejection,
  RemedyStep,
  Step,
  Waiting,
  Withdrawal,
} from '../steps/step.ts';

interface OfComponent {
  readonly component: ComponentKind;
}

/** What a newer operator renders otherwise of a spec that nobody edited. It restarts nothing until a person takes it. */
export interface WaitingRendering {
  readonly hash: string;
  /** Path of the first field that differs. */
  readonly path: string;
}

/** What the API server makes of a DaemonSet that should exist. */
interface OfObject extends OfComponent {
  /** What is changed on admission and is not harmless; undefined: nothing. */
  readonly admission?: readonly AdmissionChange[];
}

/** It runs as it should. */
export interface Keep extends OfObject {
  readonly kind: 'keep';
  /** What should exist. */
  readonly object: V1DaemonSet;
  /** Undefined: none waits. */
  readonly newer?: WaitingRendering;
}

/** It is made, changed or put back as it should be. */
export interface Apply extends OfObject {
  readonly kind: 'apply';
  readonly object: V1DaemonSet;
  readonly steps: readonly Step[];
  /** Undefined: none waits. */
  readonly newer?: WaitingRendering;
}

/** Its nodes get another rendering, one after the other. */
export interface Rolling extends OfObject {
  readonly kind: 'rolling';
  /** What should stand in the DaemonSet now. */
  readonly object: V1DaemonSet;
  readonly steps: readonly Step[];
  readonly rollout: Rollout;
}

/** It is not made, changed or taken away, though the spec asks for that. */
export interface Held extends OfComponent {
  readonly kind: 'held';
  /** What should exist; undefined: nothing, and what runs stays. */
  readonly object: V1DaemonSet | undefined;
  readonly hold: Hold;
  /** What keeps that which was applied before. */
  readonly steps: readonly Step[];
}

/** It leaves the nodes. */
export interface Removing extends OfComponent, Withdrawal {
  readonly kind: 'removing';
  /** What starts when it has left; undefined: nothing. */
  readonly object: V1DaemonSet | undefined;
}

/** The spec is refused, and every component with it. What it runs, runs on, but for what another KubeVipConfig has. */
export interface Refused extends OfComponent {
  readonly kind: 'refused';
  readonly rejection: Rejection;
  readonly steps: readonly Step[];
}

/** What becomes of one component. */
export type ComponentPlan = Keep | Apply | Rolling | Held | Removing | Refused;

/** The KubeVipConfig and all that it has go. */
export interface Deleting {
  readonly kind: 'deleting';
  readonly steps: readonly Step[];
  /** Undefined: nothing is waited for. */
  readonly waiting?: Waiting;
  readonly ask?: Ask;
}

/** Nothing is done about the spec. */
export interface Suspended {
  readonly kind: 'suspended';
  /** What keeps a Lease that the operator has, or lets it go back, and takes back what a rollout offers. */
  readonly steps: readonly Step[];
  /** What would become of each component. */
  readonly withheld: readonly ComponentPlan[];
}

/** What the spec asks for is done. */
export interface Running {
  readonly kind: 'running';
  /** What comes before anything is made. */
  readonly preparation: readonly Step[];
  /** One for each component that the spec asks for or that is there; when the spec is refused, for both. */
  readonly components: readonly ComponentPlan[];
  /** Pods of kube-vip that are ended because another node should have what they answer for; undefined: none. */
  readonly remedy?: readonly RemedyStep[];
}

/** What is done about the renderings that are kept, after everything else. */
export interface Recording {
  readonly history: readonly HistoryStep[];
}

/** What one pass does about a KubeVipConfig. */
export type Plan = (Deleting | Suspended | Running) &
  Recording & {
    /** What is done about the probes of its nodes. */
    readonly probing: Probing;
  };

/** What becomes of the components of a config that is neither deleted nor suspended. */
const componentsOf = (plan: Plan): readonly ComponentPlan[] =>
  plan.kind === 'running' ? plan.components : [];

/** The pods that are ended. */
export const remedyOf = (plan: Plan): readonly RemedyStep[] =>
  plan.kind === 'running' ? (plan.remedy ?? []) : [];

/** Every write, in order, but for those about probes. */
export function stepsOf(plan: Plan): readonly Step[] {
  return plan.kind === 'running'
    ? [
        ...plan.preparation,
        ...plan.components.flatMap((row) => ('steps' in row ? row.steps : [])),
        ...remedyOf(plan),
      ]
    : plan.steps;
}

/** The control plane or Services on their way off the nodes while their config lives on. */
export const removalsOf = (plan: Plan): readonly Removing[] =>
  componentsOf(plan).filter((row) => row.kind === 'removing');

/** Addresses to dial until another plan says something else; undefined: none. */
export function askOf(plan: Plan): Ask | undefined {
  return plan.kind === 'deleting' ? plan.ask : removalsOf(plan).find(({ ask }) => ask)?.ask;
}

/** What a deletion or a removal waits for; undefined: nothing. */
export function waitingOf(plan: Plan): Waiting | undefined {
  return plan.kind === 'deleting' ? plan.waiting : removalsOf(plan).find(({ waiting }) => waiting)?.waiting;
}

/** What was decided about components, also where it is not carried out. */
export const decidedOf = (plan: Plan): readonly ComponentPlan[] =>
  plan.kind === 'suspended' ? plan.withheld : componentsOf(plan);

/** The component whose nodes get another rendering, or went back from it; undefined: none. One at a time has its turn. */
export const rollingIn = (plan: Plan): Rolling | undefined =>
  componentsOf(plan).find((row) => row.kind === 'rolling');

/** Why nothing is rendered: a person must act. */
export const rejectionOf = (plan: Plan): Rejection | undefined =>
  decidedOf(plan).find((row) => row.kind === 'refused')?.rejection;

/** The components of which something is left undone that the spec asks for. */
export const heldIn = (plan: Plan): readonly Held[] =>
  componentsOf(plan).filter((row) => row.kind === 'held');

/** Why something is left undone that the spec asks for. */
export const holdOf = (plan: Plan): Hold | undefined => heldIn(plan)[0]?.hold;

/** The DaemonSets of which something is changed on admission. */
export const changedOnAdmissionIn = (
  plan: Plan,
): readonly { readonly object: V1DaemonSet; readonly changes: readonly AdmissionChange[] }[] =>
  decidedOf(plan).flatMap((row) =>
    'admission' in row && row.admission ? [{ object: row.object, changes: row.admission }] : [],
  );

/** Of each component the newer rendering that waits to be taken. */
export const newerRenderingsOf = (plan: Plan): readonly (OfComponent & WaitingRendering)[] =>
  decidedOf(plan).flatMap((row) =>
    'newer' in row && row.newer ? [{ component: row.component, ...row.newer }] : [],
  );

/** The DaemonSets that should exist; none while the config is refused, suspended or being deleted. */
export function desiredOf(plan: Plan): readonly V1DaemonSet[] {
  return rejectionOf(plan)
    ? []
    : componentsOf(plan).flatMap((row) => ('object' in row ? (row.object ?? []) : []));
}
