// Whose a MAC is, and when the nodes are asked again about one that none of them has told: a network card may have been changed,
// a bond or a bridge made, since they told theirs.
import type { MacBook, MacOfNode } from './witnessed.ts';

/** A MAC that nobody knows is asked for no more often than this. */
const pauseMs = 5 * 60_000;
/** What the nodes are asked because of one component often answers the others as well. */
const restMs = 10_000;

/** An empty one. */
export const emptyMacBook: MacBook = { nodes: {}, toldAt: {}, askedAt: {} };

/** Key of {@link MacBook.askedAt}. */
export const askingKey = (component: string, mac: string): string => `${component} ${mac}`;

/** A MAC that answers for an address of a component. */
interface Question {
  /** Name of its DaemonSet. */
  readonly component: string;
  readonly mac: string;
  /** Since when it has answered, in milliseconds of the epoch by the operator's clock. */
  readonly seenAt: number;
}

/** Whether no node has told this operator of a MAC. */
export const isUncertain = (row: MacOfNode | undefined): boolean => row === undefined || row.isKept === true;

/** Whether the nodes of the component are to be asked whose a MAC is. */
export function shouldAsk(
  { nodes, askedAt, isAwaited = false }: MacBook,
  { component, mac, seenAt, now }: Question & { readonly now: number },
): boolean {
  const own = askedAt[askingKey(component, mac)];
  const isRecent = Object.entries(askedAt).some(([key, at]) => key.endsWith(` ${mac}`) && now - at < restMs);
  const isDue = own === undefined || (seenAt > own && now - own >= pauseMs);
  return isUncertain(nodes[mac]) && !isAwaited && isDue && !isRecent;
}

/**
 * Whether the nodes were asked whose a MAC is, and all of them have answered since or had their time. A node whose kubelet does not
 * report cannot be asked: what it told before counts.
 */
export function isOver(
  { nodes, toldAt, askedAt }: MacBook,
  {
    component,
    mac,
    nodes: asked,
    silentNodes,
    finishedAt = -Infinity,
  }: Question & {
    /** Nodes that run the component. */
    readonly nodes: readonly string[];
    readonly silentNodes: ReadonlySet<string>;
    /** When the nodes of the component were last done with answering; undefined: never. */
    readonly finishedAt?: number | undefined;
  },
): boolean {
  const at = askedAt[askingKey(component, mac)];
  if (at === undefined || nodes[mac] !== undefined) {
    return false;
  }
  const hasTold = (node: string): boolean => {
    const told = toldAt[node];
    return told !== undefined && (told >= at || silentNodes.has(node));
  };
  return finishedAt > at || (asked.length > 0 && asked.every(hasTold));
}
