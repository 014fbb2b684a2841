// The MAC addresses of all nodes as text that a ConfigMap has: a line for each node, for example
// `n1 02:00:00:00:00:01/eth0 02:00:00:00:00:02`.
import type { MacBook } from './witnessed.ts';

/** One MAC of one node. */
export interface MacRow {
  readonly node: string;
  readonly mac: string;
  /** Undefined: not told. */
  readonly interface: string | undefined;
}

/** A ConfigMap may have 1 MiB. A node whose line does not fit is asked again. */
export const longestMacText = 900_000;

// As many as a probe tells, and fewer where the cluster is large. The one with an interface has the addresses.
const mostOfNode = [16, 8, 6, 4, 2, 1] as const;

const word = ({ mac, interface: nic }: MacRow): string => (nic === undefined ? mac : `${mac}/${nic}`);

const lineOf = (node: string, rows: readonly MacRow[], most: number): string =>
  `${[node, ...rows.slice(0, most).map(word)].join(' ')}\n`;

const inOrder = (rows: readonly MacRow[]): readonly MacRow[] =>
  rows.toSorted(
    (a, b) =>
      Number(a.interface === undefined) - Number(b.interface === undefined) || (a.mac < b.mac ? -1 : 1),
  );

/**
 * What is known of some nodes as text, of at most {@link longestMacText} characters.
 * @param isThere Whether a node is one of the cluster still.
 */
export function macLines({ nodes }: MacBook, isThere: (node: string) => boolean): string {
  const rows = Object.entries(nodes).map(([mac, row]) => ({ mac, ...row }));
  const byNode = [...Map.groupBy(rows, ({ node }) => node)]
    .filter(([node]) => isThere(node))
    .map(([node, own]) => [node, inOrder(own)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const texts = mostOfNode.map((most) => byNode.map(([node, own]) => lineOf(node, own, most)).join(''));
  const whole = texts.find((text) => text.length <= longestMacText);
  if (whole !== undefined) {
    return whole;
  }
  const short = texts.at(-1) ?? '';
  return short.slice(0, short.lastIndexOf('\n', longestMacText - 1) + 1);
}

const shape = /^((?:[0-9a-f]{2}:){5}[0-9a-f]{2})(?:\/([^/\s]{1,15}))?$/;

/** What a text says. A word that is no MAC is left out: the node that has it is asked. */
export const macsInLines = (text: string): readonly MacRow[] =>
  text.split('\n').flatMap((line) => {
    const [node = '', ...words] = line.split(' ');
    return words.flatMap((each) => {
      const [, mac, nic] = shape.exec(each) ?? [];
      return mac === undefined || node === '' ? [] : [{ node, mac, interface: nic }];
    });
  });
