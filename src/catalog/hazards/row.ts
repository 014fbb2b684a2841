// What a hazard is, and what can stop it. Tests hold every fence against what it names.
import type { Reason } from '../../api/conditions.ts';

/** What holds for every DaemonSet that is rendered; test/catalog/hazards.test.ts has the proof of each. */
export type Shape =
  | 'one function per process'
  | 'Leases of its own'
  | 'metrics port of its own'
  | 'identity is the node name'
  | 'host prefix'
  | 'no pod ends by itself'
  | 'explicit election timing'
  | 'hung connections end'
  | 'no probe'
  | 'no path of the host'
  | 'API server of its own node'
  | 'control-plane nodes only'
  | 'no toleration for services'
  | 'image by digest'
  | 'literal addresses of the spec';

interface NotExpressible {
  readonly kind: 'not-expressible';
  readonly how: string;
  /** Variables that are never rendered. */
  readonly never?: readonly string[];
  /** Variables that, where they are rendered, have this one value. */
  readonly always?: Readonly<Record<string, string>>;
  /** Fields that the schema does not have, so that strict decoding refuses them. */
  readonly noField?: readonly string[];
  /** A field whose schema has these bounds. */
  readonly bound?: { readonly field: string; readonly minimum?: number; readonly maximum?: number };
  readonly shape?: Shape;
}

/** What stops a hazard, and the row elsewhere that does it. A test holds that the row exists. */
export type Fence =
  | NotExpressible
  /** Ids of validation rules. */
  | { readonly kind: 'cel'; readonly how: string; readonly rules: readonly string[] }
  /** Name of a ValidatingAdmissionPolicy in config/admission. */
  | { readonly kind: 'admission-policy'; readonly how: string; readonly policy: string }
  /** Name of a preflight check. */
  | { readonly kind: 'preflight'; readonly how: string; readonly check: string }
  /** What the staged rollout does about it. */
  | { readonly kind: 'rollout'; readonly how: string; readonly gate: string }
  /** The reason that a condition then has. */
  | { readonly kind: 'watched'; readonly how: string; readonly reason: Reason };

/** Section of docs/hazards.md that a hazard is in. */
export type Theme = 'address' | 'election' | 'bootstrap' | 'interface' | 'neighbours' | 'features';

/** One thing that is known to go wrong with kube-vip, its evidence and its fences. */
export interface Hazard {
  readonly id: string;
  /** One sentence for the user: what breaks. */
  readonly breaks: string;
  /** kube-vip settings and circumstances that it takes. */
  readonly settings: string;
  /** Releases of kube-vip. */
  readonly versions: string;
  /** Threads, file@tag, `lab run`, or `inferred`. */
  readonly evidence: readonly string[];
  readonly fences: readonly Fence[];
  /** What the fences leave open, and why. */
  readonly notCovered?: string;
}

type Expression = Omit<NotExpressible, 'kind' | 'how'>;

/** A fence by what cannot be written. */
export const notExpressible = (how: string, expression: Expression): Fence => ({
  kind: 'not-expressible',
  how,
  ...expression,
});

/** A fence by validation rules of the CRD. */
export const cel = (how: string, ...rules: readonly string[]): Fence => ({ kind: 'cel', how, rules });

/** A fence by a policy of the API server. */
export const policy = (name: string, how: string): Fence => ({
  kind: 'admission-policy',
  how,
  policy: `${name}.kubevip.dev`,
});

/** A fence by a check of the live cluster; it names both. */
export const preflight = (check: string, how: string): Fence => ({ kind: 'preflight', how, check });

/** A gate of src/rollout/gates.ts, which an upgrade does not pass. */
export const rollout = (gate: string, how: string): Fence => ({ kind: 'rollout', how, gate });

/** Said in status, after the fact. */
export const watched = (reason: Reason, how: string): Fence => ({ kind: 'watched', how, reason });

/** Threads of the upstream repository, by number. */
export const upstream = (...numbers: readonly number[]): readonly string[] =>
  numbers.map((number) => `kube-vip/kube-vip#${number}`);
