// What a witness wrote into its Lease, in the form that the decisions use. The text comes from a pod that an intruder on its
// node may have taken over: what is not as the contract has it is not believed, and never fails a reconcile.
import { contains } from '../observed/addresses.ts';
import {
  silentAfterMs,
  type AddressSight,
  type FormerSight,
  type GroupSight,
  type OwnerSight,
  type WitnessStatement,
} from '../observed/witness/witnessed.ts';
import {
  contractVersion,
  longestAnswers,
  nodesGroup,
  orphansGroup,
  type Answers,
  type ControlAnswer,
  type GroupAnswer,
  type OddAnswer,
  type OwnerSeen,
  type Questions,
} from './contract.ts';

/** A control-plane address is asked for once a second, where there are not very many. */
const shortestRoundMs = 1000;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isListOf =
  (isItem: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(isItem);
const isMissingOr =
  (isValue: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || isValue(value);

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;
const has =
  (shape: Shape) =>
  (value: unknown): boolean =>
    isObject(value) && Object.entries(shape).every(([name, isField]) => isField(value[name]));

const isMac = (value: unknown): boolean => isText(value) && /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(value);
const isOwner = has({ mac: isMac, since: isNumber, last: isNumber });
const isAddress = has({
  address: isText,
  owners: isListOf(isOwner),
  silentSince: isMissingOr(isNumber),
});
const isControl = (value: unknown): boolean => isAddress(value) && has({ asked: isNumber })(value);
const isGroup = has({
  name: isText,
  count: isNumber,
  roundMs: isNumber,
  owners: isListOf(has({ mac: isMac, count: isNumber })),
  odd: isListOf(isAddress),
  more: isNumber,
});
const isAnswers = has({
  v: (value) => value === contractVersion,
  revision: isText,
  at: isNumber,
  trouble: isText,
  missing: isListOf(isText),
  controlRoundMs: isMissingOr(isNumber),
  control: isListOf(isControl),
  groups: isListOf(isGroup),
});

/** The answers in a text; undefined: it is none, or of another version of the contract. */
export function parseAnswers(text: string): Answers | undefined {
  if (text.length > longestAnswers) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    return isAnswers(value) ? (value as Answers) : undefined;
  } catch {
    return undefined;
  }
}

// A clock that was set back makes no time below zero.
const before = (at: number, time: number): number => Math.max(0, at - time);

const ownerSight = ({ mac, since, last, self = false }: OwnerSeen, at: number): OwnerSight => ({
  mac,
  sinceMs: before(at, since),
  lastMs: before(at, last),
  isSelf: self,
});

const addressSight = (
  { address, owners, silentSince }: ControlAnswer | OddAnswer,
  at: number,
  roundMs: number,
): AddressSight => ({
  address,
  owners: owners.map((owner) => ownerSight(owner, at)),
  silentMs: silentSince === undefined ? undefined : before(at, silentSince),
  roundMs,
});

const groupSight = ({ name, count, roundMs, owners, odd, more }: GroupAnswer, at: number): GroupSight => ({
  name,
  count,
  owners,
  odd: odd.map((row) => addressSight(row, at, roundMs)),
  more,
});

/** The Lease of a witness, as far as it is read. */
export interface AnswersInLease {
  readonly segment: string;
  readonly node: string;
  /** As it was written; undefined: the witness has not answered yet. */
  readonly answers: string | undefined;
  /** Milliseconds since it was seen to be renewed, by the steady clock of the operator. */
  readonly ageMs: number;
}

function troubleOf({ answers: text, ageMs }: AnswersInLease, answers: Answers | undefined): string {
  if (text === undefined) {
    return 'it has said nothing yet';
  }
  if (ageMs > silentAfterMs) {
    return `it has been silent for more than ${silentAfterMs / 1000} s`;
  }
  return answers === undefined ? 'its answers cannot be read' : answers.trouble;
}

/** Only where the witness answers what is asked now: an address that it is not asked for looks like one that all have. */
function formerSight(
  groups: readonly GroupSight[],
  answers: Answers | undefined,
  questions: Questions | undefined,
): FormerSight | undefined {
  const group = groups.find(({ name }) => name === orphansGroup);
  const asked = questions?.groups.find(({ name }) => name === orphansGroup);
  const isPresent = answers !== undefined && answers.revision === questions?.revision;
  return group && asked && isPresent ? { ...group, addresses: asked.addresses } : undefined;
}

/** Control-plane addresses and classes; before the questions are known, by what the witness answers. */
const asksOf = (
  { control, groups }: Pick<Questions | Answers, 'control' | 'groups'> = { control: [], groups: [] },
) => [...control.map(({ address }) => address), ...groups.map(({ name }) => name)];

/**
 * What a witness says; nothing but why, where it cannot say anything.
 * @param questions what it is asked now; undefined: not known.
 */
export function statementOf(
  lease: AnswersInLease,
  answers: Answers | undefined,
  questions?: Questions,
): WitnessStatement {
  const { segment, node, ageMs } = lease;
  const trouble = troubleOf(lease, answers);
  const { at = 0, control = [], groups = [], missing = [] } = trouble === '' ? (answers ?? {}) : {};
  const roundMs = Math.max(shortestRoundMs, answers?.controlRoundMs ?? 0);
  // What was never asked for is not silent.
  const asked = control.filter((row) => row.asked > 0);
  // Silence where the node has no interface says nothing.
  const isJudged = ({ address }: AddressSight): boolean => !missing.some((cidr) => contains(cidr, address));
  const rows = groups
    .map((group) => groupSight(group, at))
    .map((group) => ({ ...group, odd: group.odd.filter(isJudged) }));
  return {
    segment,
    node,
    ageMs,
    trouble,
    asks: asksOf(questions ?? answers),
    control: asked.map((row) => addressSight(row, at, roundMs)).filter(isJudged),
    groups: rows.filter(({ name }) => name !== orphansGroup && name !== nodesGroup),
    nodes: rows.find(({ name }) => name === nodesGroup),
    former: formerSight(rows, answers, questions),
  };
}
