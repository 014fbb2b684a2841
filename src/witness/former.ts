// Addresses that were asked for and that nothing claims any more: a node may have one all the same.
import type { V1Node } from '@kubernetes/client-node';
import { standingOf } from '../grants/standing.ts';
import { nodeAddresses } from '../observed/addresses.ts';
import { orphansGroup, type Answers } from './contract.ts';
import { controlAddresses, type AddressFacts } from './questions.ts';

/** Since when each former address is one, in milliseconds of a clock that never goes back. */
export type Former = ReadonlyMap<string, number>;

/** A former address is asked for so long, in milliseconds, whoever has it. */
export const longestFormerMs = 3_600_000;

/** Nobody has answered for so long: nobody has it. */
export const quietMs = 60_000;

/** Those of some addresses that anything in the cluster names. What a Service left behind, it does not name. */
export function claimedOf(
  candidates: ReadonlySet<string>,
  facts: AddressFacts & { readonly nodes: readonly V1Node[] },
): ReadonlySet<string> {
  if (candidates.size === 0) {
    return new Set();
  }
  const { configs, services, daemonSets, nodes } = facts;
  const ofNodes = nodeAddresses(nodes);
  const ofServices = services.flatMap((service) =>
    standingOf(service)
      .claims.filter(({ isLeftBehind, address }) => !isLeftBehind && candidates.has(address))
      .map(({ address }) => address),
  );
  return new Set([
    ...configs.flatMap((config) => controlAddresses(config, daemonSets)),
    ...ofServices,
    ...[...candidates].filter((address) => ofNodes.has(address)),
  ]);
}

/** What decides about former addresses. */
export interface FormerFacts {
  readonly before: Former;
  /** What the witnesses are asked until now. */
  readonly askedBefore: Iterable<string>;
  /** What they are asked from now on. */
  readonly asked: ReadonlySet<string>;
  readonly claimedOf: (candidates: ReadonlySet<string>) => ReadonlySet<string>;
  /** For how long no witness has had an answer for an address, in milliseconds; undefined: not known. */
  readonly quietFor: (address: string) => number | undefined;
  readonly now: number;
}

/** The former addresses from now on. */
export function formerNow({ before, askedBefore, asked, now, ...facts }: FormerFacts): Former {
  const candidates = new Set([...askedBefore, ...before.keys()].filter((address) => !asked.has(address)));
  const claimed = facts.claimedOf(candidates);
  const rows = [...candidates]
    .filter((address) => !claimed.has(address))
    .map((address) => [address, before.get(address) ?? now] as const)
    .filter(
      ([address, since]) =>
        now - since < longestFormerMs && !(before.has(address) && (facts.quietFor(address) ?? 0) >= quietMs),
    );
  return new Map(rows);
}

/** What a witness says of groups, and when. */
export type SaidOfGroups = Pick<Answers, 'at' | 'groups'>;

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** What a text of answers says of groups; undefined: it says nothing that can be read. */
export function groupsIn(text: string): SaidOfGroups | undefined {
  try {
    const said = JSON.parse(text) as Partial<SaidOfGroups> | null;
    const { at, groups } = said ?? {};
    const isRead = groups?.every((row) => isObject(row) && Array.isArray(row.odd) && row.odd.every(isObject));
    return at !== undefined && groups !== undefined && isRead ? { at, groups } : undefined;
  } catch {
    return undefined;
  }
}

/** For how long an address of the group of orphans is silent at one witness; 0: it is not, undefined: not known. */
function quietAt({ at, groups }: SaidOfGroups, address: string): number | undefined {
  const group = groups.find(({ name }) => name === orphansGroup);
  const odd = group?.odd.find((row) => row.address === address);
  if (odd !== undefined) {
    return odd.silentSince === undefined ? 0 : at - odd.silentSince;
  }
  // What is not odd has an owner. What could not be listed may be anything.
  return group === undefined || group.more > 0 ? undefined : 0;
}

/**
 * For how long nobody has answered for a former address, by the witness that has heard something last. Where one does not know, it is
 * not known.
 */
export function quietFor(answers: readonly SaidOfGroups[], address: string): number | undefined {
  const known = answers.map((row) => quietAt(row, address));
  return known.length === 0 || known.includes(undefined)
    ? undefined
    : Math.min(...known.map((ms) => ms ?? 0));
}
