// What the operator asks a witness, and what the witness says: the whole contract between the two, as JSON. The program is in
// witness/ (Go). Unknown fields are ignored on both sides, so that either may be newer.

/** The version of the contract. A witness answers no questions of another one. */
export const contractVersion = 1;

/** Key of the ConfigMap whose text is {@link Questions} as JSON. */
export const questionsKey = 'questions';

/** A control-plane address, which is asked for every second. */
export interface ControlQuestion {
  /** In canonical form. */
  readonly address: string;
}

/** Addresses that are asked for one after the other. */
export interface QuestionGroup {
  /** The class of the Services, {@link orphansGroup} or {@link nodesGroup}. */
  readonly name: string;
  /** In canonical form. */
  readonly addresses: readonly string[];
}

/** All that the witnesses of one segment are asked. */
export interface Questions {
  readonly v: typeof contractVersion;
  /** Hash of the rest: answers repeat it. */
  readonly revision: string;
  /** In canonical form, for example `203.0.113.0/24`. */
  readonly subnets: readonly string[];
  readonly control: readonly ControlQuestion[];
  readonly groups: readonly QuestionGroup[];
}

/** The group of addresses that were asked for before and that nothing claims now. No class has this name: a class has a slash. */
export const orphansGroup = 'orphans';

/**
 * The group of the addresses of two nodes. Nothing but their node answers for them, or a router or a switch that answers for all
 * hosts (proxy ARP): without them a machine that took the only address would look like that.
 */
export const nodesGroup = 'nodes';

/** One MAC that answered for an address. Times are of the witness's own clock, in milliseconds of the epoch. */
export interface OwnerSeen {
  /** Lower case with colons. */
  readonly mac: string;
  readonly since: number;
  readonly last: number;
  /** The witness's own node has the address: its kernel says so, since nobody answers ARP to oneself. */
  readonly self?: boolean;
}

/** Who answered for one control-plane address. */
export interface ControlAnswer {
  readonly address: string;
  /** Rounds since it was asked for first. */
  readonly asked: number;
  /** Every MAC that answered in the last three rounds. */
  readonly owners: readonly OwnerSeen[];
  /** Present while nothing answers. */
  readonly silentSince?: number;
}

/** One MAC, and for how many addresses of a group it answered. */
export interface GroupOwner {
  readonly mac: string;
  readonly count: number;
}

/** An address of a group that is not as the most of it: no owner, several, or another owner. */
export interface OddAnswer {
  readonly address: string;
  readonly owners: readonly OwnerSeen[];
  /** Present while nothing answers. */
  readonly silentSince?: number;
}

/** Who answered for the addresses of a group. */
export interface GroupAnswer {
  readonly name: string;
  readonly count: number;
  /** How long one round over the group takes, in milliseconds. */
  readonly roundMs: number;
  readonly owners: readonly GroupOwner[];
  /** At most 100. */
  readonly odd: readonly OddAnswer[];
  /** How many more there are that are odd. */
  readonly more: number;
}

/** A claim that was heard unasked: a gratuitous ARP, or a neighbour advertisement that nobody solicited. */
export interface Heard {
  readonly address: string;
  readonly mac: string;
  readonly at: number;
}

/** All that one witness knows, as the annotation of its Lease. */
export interface Answers {
  readonly v: typeof contractVersion;
  /** Grows with each write of one pod. */
  readonly seq: number;
  /** Of the questions that were answered. */
  readonly revision: string;
  /** Name of the pod. */
  readonly pod: string;
  /** When this was written, in milliseconds of the epoch, by the witness's own clock. */
  readonly at: number;
  readonly interface: string;
  readonly mac: string;
  /** Subnets that the node has no interface in: nothing is said about their addresses. */
  readonly missing: readonly string[];
  /** Half a sentence: why it cannot ask. Empty when it can. */
  readonly trouble: string;
  /** How long it takes to ask all control-plane addresses once, in milliseconds; undefined: not told. */
  readonly controlRoundMs?: number;
  readonly control: readonly ControlAnswer[];
  readonly groups: readonly GroupAnswer[];
  /** The last 20. */
  readonly heard: readonly Heard[];
}

/** A witness writes no more bytes of answers than this. */
export const longestAnswers = 200_000;

/** A witness renews its Lease this often, in seconds. */
export const renewSeconds = 5;

/** A Lease that is not renewed for this long, by the steady clock of the operator, says that its witness knows nothing. */
export const silentSeconds = 10;
