// On which two nodes of a segment the witnesses are. What runs stays: a witness that moves knows nothing for some seconds.
import type { V1Node } from '@kubernetes/client-node';
import { list } from '../api/words.ts';
import { isControlPlane } from '../observed/placement.ts';
import { nameOf } from '../observed/pods.ts';
import type { Segment } from './segments.ts';

/** A node that holds an address in a segment, by its Lease. */
export interface Holding {
  readonly node: string;
  /** For how long, in milliseconds. */
  readonly heldMs: number;
}

/** What a placement is decided from. */
export interface PlacementInput {
  readonly segment: Segment;
  /** Where the witnesses are now. */
  readonly chosen: readonly string[];
  readonly holdings: readonly Holding[];
  /** Milliseconds since the last move for the sake of a holder. */
  readonly sinceMoveMs: number;
}

/** Where the witnesses of a segment shall be. */
export interface WitnessPlacement {
  /** At most two. */
  readonly nodes: readonly string[];
  /** Half a sentence: why there is none. Empty where there are some. */
  readonly because: string;
  /** A witness leaves a node for the sake of a holder. */
  readonly hasMoved: boolean;
  /** Milliseconds until a witness may leave a holder; undefined: none waits for that. */
  readonly waitMs: number | undefined;
}

/** How many witnesses a segment has. */
export const witnessesPerSegment = 2;

/** A holder has to be the same for so long before a witness leaves its node, and the last such move that far away. */
export const settledMs = 30_000;

// Name of the Lease: kube-vip-witness.<segment>.<node>, in at most 253 characters.
const longestNode = 253 - 'kube-vip-witness.01234567.'.length;

const isReady = ({ status }: V1Node): boolean =>
  status?.conditions?.some((row) => row.type === 'Ready' && row.status === 'True') ?? false;
const isLinux = ({ metadata }: V1Node): boolean =>
  (metadata?.labels?.['kubernetes.io/os'] ?? 'linux') === 'linux';
const canWitness = (node: V1Node): boolean => isLinux(node) && nameOf(node).length <= longestNode;

/** The lower the better. Its own holder is the one node that a witness cannot ask: nobody answers ARP to oneself. */
function rankOf(node: V1Node, holders: ReadonlySet<string>): string {
  const flags = [holders.has(nameOf(node)), node.spec?.unschedulable === true, isControlPlane(node)];
  return `${flags.map(Number).join('')} ${nameOf(node)}`;
}

interface Ranked {
  readonly name: string;
  readonly rank: string;
  readonly isReady: boolean;
}

function rankedOf({ segment, holdings }: PlacementInput): readonly Ranked[] {
  const holders = new Set(holdings.map(({ node }) => node));
  return segment.nodes
    .filter(canWitness)
    .map((node) => ({ name: nameOf(node), rank: rankOf(node, holders), isReady: isReady(node) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
}

/** Those that stay, then the best of the others; one that does not report stays where there is no other. */
function choose(ranked: readonly Ranked[], chosen: readonly string[]): readonly string[] {
  const ready = ranked.filter((row) => row.isReady);
  const isChosen = ({ name }: Ranked): boolean => chosen.includes(name);
  const order = [
    ...ready.filter(isChosen),
    ...ready.filter((row) => !isChosen(row)),
    ...ranked.filter((row) => !row.isReady && isChosen(row)),
  ];
  return order.slice(0, witnessesPerSegment).map(({ name }) => name);
}

type Move = Pick<WitnessPlacement, 'nodes' | 'hasMoved' | 'waitMs'>;

/** Moves one witness off a node that holds, once that has lasted. */
function leaveHolder(nodes: readonly string[], ranked: readonly Ranked[], input: PlacementInput): Move {
  const heldMs = new Map(input.holdings.map((row) => [row.node, row.heldMs]));
  const held = nodes.find((name) => heldMs.has(name));
  const better = ranked.find((row) => row.isReady && !nodes.includes(row.name) && !heldMs.has(row.name));
  // Where some are new anyway, the next look decides.
  if (held === undefined || better === undefined || nodes.some((name) => !input.chosen.includes(name))) {
    return { nodes, hasMoved: false, waitMs: undefined };
  }
  const waitMs = settledMs - Math.min(heldMs.get(held) ?? 0, input.sinceMoveMs);
  return waitMs > 0
    ? { nodes, hasMoved: false, waitMs }
    : {
        nodes: nodes.map((name) => (name === held ? better.name : name)),
        hasMoved: true,
        waitMs: settledMs,
      };
}

/** Where the witnesses of a segment shall be. */
export function placeWitnesses(input: PlacementInput): WitnessPlacement {
  const ranked = rankedOf(input);
  if (ranked.length < witnessesPerSegment) {
    const found = list(ranked.map(({ name }) => name)) || 'none';
    const because = `expected two nodes with an address in ${list(input.segment.subnets)}, found ${found}`;
    return { nodes: [], because, hasMoved: false, waitMs: undefined };
  }
  const move = leaveHolder(choose(ranked, input.chosen), ranked, input);
  const because =
    move.nodes.length > 0
      ? ''
      : `expected a node with an address in ${list(input.segment.subnets)} to be Ready, found none`;
  return { ...move, nodes: [...move.nodes].sort(), because };
}
