// In which order nodes get another rendering, as data. Nothing here knows pods or Leases.

/** What the order of the nodes depends on. */
export interface OrderedNode {
  readonly name: string;
  /** It runs what the nodes should get. */
  readonly isNew: boolean;
  readonly isReady: boolean;
  /** Its kubelet reports. One that does not ends no pod. */
  readonly isHeard: boolean;
  /** How many addresses it holds, as far as is known. */
  readonly addresses: number;
}

/** Nodes that are changed at once. */
export interface Group {
  readonly phase: 'Canary' | 'Batch' | 'Holder';
  readonly nodes: readonly string[];
}

const largestBatch = 10;
const share = 5;

/** How many nodes without an address are changed at once: a fifth of all, and at most ten. */
export const batchSize = (nodes: number): number =>
  Math.min(largestBatch, Math.max(1, Math.ceil(nodes / share)));

function inBatches(names: readonly string[], size: number): readonly Group[] {
  return names.length === 0
    ? []
    : [{ phase: 'Batch', nodes: names.slice(0, size) }, ...inBatches(names.slice(size), size)];
}

const byName = (a: OrderedNode, b: OrderedNode): number => (a.name < b.name ? -1 : 1);

/** Nodes that are still to be changed, and can be. */
const openOf = (nodes: readonly OrderedNode[]): readonly OrderedNode[] =>
  nodes.filter(({ isNew, isHeard }) => isHeard && !isNew).toSorted(byName);

/**
 * What is still to be changed, in order: one node first, then those that hold nothing in batches, then each holder by itself, the
 * one with the fewest addresses first. Nodes that do not report are left out.
 */
export function groupsOf(nodes: readonly OrderedNode[]): readonly Group[] {
  const open = openOf(nodes);
  const free = open.filter(({ addresses }) => addresses === 0).map(({ name }) => name);
  const holders = open.filter(({ addresses }) => addresses > 0).toSorted((a, b) => a.addresses - b.addresses);
  const isFirst = !nodes.some(({ isNew }) => isNew);
  const canary = isFirst ? free.slice(0, 1) : [];
  return [
    ...canary.map((name) => ({ phase: 'Canary', nodes: [name] }) as const),
    ...inBatches(free.slice(canary.length), batchSize(nodes.length)),
    ...holders.map(({ name }) => ({ phase: 'Holder', nodes: [name] }) as const),
  ];
}

/** Why no holder may be changed yet, in half a sentence; undefined: it may. The only node there is holds on in place. */
export function whyHolderWaits(nodes: readonly OrderedNode[]): string | undefined {
  if (nodes.length === 1) {
    return undefined;
  }
  const open = openOf(nodes).filter(({ addresses }) => addresses === 0);
  if (open.length > 0) {
    return `${open[0]?.name} has not passed yet`;
  }
  return nodes.some(({ isNew, isReady, isHeard }) => isNew && isReady && isHeard)
    ? undefined
    : 'no node that has passed can take over';
}

/** What is expected of the rest of a rollout. */
export interface Forecast {
  /** How often addresses still have to move. */
  readonly moves: number;
  /** For how long an address may be on no node, at most and in whole seconds. */
  readonly absenceSeconds: number;
}

// client-go waits for a retry period, and up to 1.2 times as much again (JitterFactor in tools/leaderelection of v0.35).
const jitter = 2.2;
// A pod that is replaced in place: it ends, and the next one starts (lab runs: 2 s on an idle machine).
const restartSeconds = 5;

/** How often addresses move until all nodes are changed, and how long they may be absent. */
export function forecastOf(
  nodes: readonly OrderedNode[],
  { retryPeriodSeconds }: { readonly retryPeriodSeconds: number },
): Forecast {
  const moves = openOf(nodes).filter(({ addresses }) => addresses > 0).length;
  const inPlace = nodes.length === 1 ? restartSeconds : 0;
  return { moves, absenceSeconds: moves === 0 ? 0 : Math.ceil(retryPeriodSeconds * jitter) + inPlace };
}
