// What witnesses heard on the network, and what it means for the addresses of a component. Times are milliseconds before a
// moment: the clock of a witness is never held against another.

/** One MAC that answered for an address. */
export interface OwnerSight {
  /** Lower case with colons. */
  readonly mac: string;
  /** Since when it has answered, and when it did last, in milliseconds before the answers were written. */
  readonly sinceMs: number;
  readonly lastMs: number;
  /** The node of the witness has the address itself. */
  readonly isSelf: boolean;
}

/** Who answered one witness for one address. */
export interface AddressSight {
  readonly address: string;
  readonly owners: readonly OwnerSight[];
  /** For how long nothing has answered when that was written; undefined while something does. */
  readonly silentMs: number | undefined;
  /** Milliseconds between two questions for it. */
  readonly roundMs: number;
}

/** Who answered one witness for the Service addresses of a class. */
export interface GroupSight {
  /** The class. */
  readonly name: string;
  readonly count: number;
  /** By MAC, for how many of them it answered. */
  readonly owners: readonly { readonly mac: string; readonly count: number }[];
  /** Addresses with no owner, with several, or with another than the most have. */
  readonly odd: readonly AddressSight[];
  /** How many more of these there are. */
  readonly more: number;
}

/** The same of addresses that nothing claims any more. */
export interface FormerSight extends GroupSight {
  /** All that are asked for. */
  readonly addresses: readonly string[];
}

/** What one witness says. */
export interface WitnessStatement {
  readonly segment: string;
  /** Node of the witness. */
  readonly node: string;
  /** When it was written, in milliseconds before now, by the steady clock of the operator. */
  readonly ageMs: number;
  /** Why it cannot ask, in half a sentence; empty when it can. */
  readonly trouble: string;
  /** Control-plane addresses and classes that its segment is asked for. */
  readonly asks: readonly string[];
  readonly control: readonly AddressSight[];
  /** By class. */
  readonly groups: readonly GroupSight[];
  /** Of addresses of nodes; undefined: it is asked for none. */
  readonly nodes?: GroupSight | undefined;
  /** Of addresses that nothing claims any more; undefined: it is asked for none, or has not read for which. */
  readonly former: FormerSight | undefined;
}

/** An interface of a node, as a probe told it. */
export interface MacOfNode {
  readonly node: string;
  /** Name of the interface; undefined: not told. */
  readonly interface: string | undefined;
  /** An earlier leader was told so. The card may be in another node by now. */
  readonly isKept?: boolean;
}

/** What the operator remembers of MAC addresses, of all nodes that ever told theirs. Times are of its own clock. */
export interface MacBook {
  readonly nodes: Readonly<Record<string, MacOfNode>>;
  /** When each node told its addresses last. */
  readonly toldAt: Readonly<Record<string, number>>;
  /** When the nodes of a component were asked last because of a MAC that nobody knew; the key is `component mac`. */
  readonly askedAt: Readonly<Record<string, number>>;
  /** What an earlier leader kept is being read: until then no MAC is known to be unknown. */
  readonly isAwaited?: boolean;
}

/** An address that the witnesses ask for though nothing claims it any more. */
export interface FormerAddress {
  readonly address: string;
  /** For how many milliseconds it has been seen to be asked for so. */
  readonly sinceMs: number;
}

/** Where witnesses are planned, and why they are not elsewhere. */
export interface Coverage {
  /** Half a sentence: why there is no witness anywhere; empty where there may be some. */
  readonly because: string;
  /** No KubeVipConfig wanted a witness then, so it says nothing of one that does. */
  readonly isUnwanted?: boolean;
  /** The same of each segment that has an address of ours. */
  readonly segments: readonly { readonly subnets: readonly string[]; readonly because: string }[];
}

/** Addresses that no witness asks for. */
export interface Uncovered {
  readonly addresses: readonly string[];
  /** In half a sentence. */
  readonly because: string;
}

/** What a KubeVipConfig knows from witnesses. */
export interface WitnessView {
  /** Of every witness of the cluster. */
  readonly statements: readonly WitnessStatement[];
  readonly macs: MacBook;
  readonly former: readonly FormerAddress[];
  /** Undefined: not planned yet. */
  readonly coverage?: Coverage | undefined;
}

/** Who answers for an address. */
export interface Owner {
  /** Undefined: the MAC is none that a node has told. */
  readonly node: string | undefined;
  readonly mac: string;
  readonly interface: string | undefined;
  /** Since when, in milliseconds before now. */
  readonly sinceMs: number;
}

/**
 * `unknown`: no witness can tell. `moving`: something has just changed, and a hand-over looks like this for a moment.
 * `unrecognised`: a MAC answers that no node has told, and the nodes are still to be asked again. `stranger`: they were,
 * and none has it. `another`: the holder of the Lease does not answer, and another node does.
 */
export type VerdictKind =
  'unknown' | 'moving' | 'unrecognised' | 'nobody' | 'one' | 'another' | 'two' | 'stranger';

/** What the witnesses make of one address. */
export interface AddressVerdict {
  readonly address: string;
  readonly kind: VerdictKind;
  /** Those that answer now, the first one first. */
  readonly owners: readonly Owner[];
  /** Nodes of the witnesses that this rests on. */
  readonly witnesses: readonly string[];
  /** Nodes of witnesses that hear nothing while another hears an owner. */
  readonly deaf: readonly string[];
  /** Why it is not known, in half a sentence; empty when it is. */
  readonly why: string;
}

/** An address that a node answers for and nothing claims. */
export interface Orphan {
  readonly address: string;
  readonly node: string;
  readonly interface: string | undefined;
}

/** What witnesses make of the addresses of one component. */
export interface Witnessed {
  /** Of a control plane one for each address. Of Services those alone that are not as they should be. */
  readonly verdicts: readonly AddressVerdict[];
  /** How many Service addresses are asked for, and how many that are not as they should be are not listed. */
  readonly asked: number;
  readonly unlisted: number;
  /** Milliseconds until the first of the witnesses that answer counts as silent; undefined: none answers. */
  readonly silentInMs: number | undefined;
  /** Nodes of the witnesses that answer. */
  readonly heard: readonly string[];
  /** Witnesses that know nothing now, for example `n4 (it has been silent for more than 10 s)`. */
  readonly silent: readonly string[];
  /** Only the holder answers, for every address. */
  readonly isProven: boolean;
  /** MACs for which the nodes are to be asked again. */
  readonly unrecognised: readonly string[];
  readonly orphans: readonly Orphan[];
}

/** A witness that was not heard for so long, by the steady clock of the operator, knows nothing. */
export const silentAfterMs = 10_000;

/** Whether several answer for an address, or another than should. */
export const hasWrongOwner = ({ kind }: Pick<AddressVerdict, 'kind'>): boolean =>
  kind === 'two' || kind === 'stranger' || kind === 'another';

/** Whether time tells more: a hand-over ends, and nodes that are asked answer. */
export const isUncertain = ({ kind }: AddressVerdict): boolean =>
  kind === 'moving' || kind === 'unrecognised';
