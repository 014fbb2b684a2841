// What one operator remembers of the network: whose MAC addresses are, and who answered for which address. What it must not forget
// when it starts again is in the status as well.
import { macsInReport } from '../api/node-report.ts';
import type { OwnerChange, ProbePod, Remedied, Snapshot } from '../observed/snapshot.ts';
import { askingKey } from '../observed/witness/mac-book.ts';
import type { MacRow } from '../observed/witness/mac-lines.ts';
import type { MacBook, MacOfNode } from '../observed/witness/witnessed.ts';

/** What is remembered of one KubeVipConfig. */
export type Past = Pick<Snapshot, 'ownerHistory' | 'remedies'>;

const dated = <T extends OwnerChange | Remedied>(row: T, nowText: string): T => ({
  ...row,
  at: { at: row.at.at, text: row.at.text ?? nowText },
});

// When a node told what was kept is not known. It is before any question of this operator.
const longAgo = 0;
// A MAC that was asked for and went is forgotten.
const askedForMs = 3_600_000;

/** Of all nodes, and of all configs. */
export class NetworkMemory {
  readonly #nodes: Record<string, MacOfNode> = {};
  readonly #toldAt: Record<string, number> = {};
  readonly #askedAt: Record<string, number> = {};
  readonly #reports = new Map<string, string>();
  readonly #past = new Map<string, Past>();
  /** MACs of each node: with 5,000 of them nothing may look at the MACs of all for each. */
  readonly #macs = new Map<string, readonly string[]>();
  #version = 0;
  #isAwaited = false;

  /** MACs of the nodes. */
  get book(): MacBook {
    return {
      nodes: this.#nodes,
      toldAt: this.#toldAt,
      askedAt: this.#askedAt,
      isAwaited: this.#isAwaited,
    };
  }

  /** Changes whenever a node tells of other MACs than before. */
  get version(): number {
    return this.#version;
  }

  /** What an earlier leader has kept is being read. */
  expect(): void {
    this.#isAwaited = true;
  }

  /** Takes in what an earlier leader has kept. What nodes have told since this operator runs is newer. */
  restore(rows: readonly MacRow[]): void {
    this.#isAwaited = false;
    const silent = rows.filter(({ node }) => !this.#reports.has(node));
    for (const [node, told] of Map.groupBy(silent, (row) => row.node)) {
      const unknown = told.filter(({ mac }) => this.#nodes[mac] === undefined);
      unknown.forEach(
        ({ mac, interface: nic }) => (this.#nodes[mac] = { node, interface: nic, isKept: true }),
      );
      this.#macs.set(
        node,
        unknown.map(({ mac }) => mac),
      );
      this.#toldAt[node] = longAgo;
    }
  }

  /** Takes down what nodes tell, each report once. */
  learn(pods: readonly ProbePod[], now: number): void {
    for (const { node, messages } of pods) {
      const [message] = messages;
      if (message !== undefined && this.#reports.get(node) !== message) {
        this.#reports.set(node, message);
        this.#take(node, message, now);
      }
    }
  }

  /** The nodes of a component are being asked whose these MACs are. */
  asked(component: string, macs: readonly string[], now: number): void {
    Object.entries(this.#askedAt)
      .filter(([, at]) => now - at > askedForMs)
      .forEach(([key]) => delete this.#askedAt[key]);
    macs.forEach((mac) => (this.#askedAt[askingKey(component, mac)] = now));
  }

  /** What is remembered of a config; undefined: nothing since this operator runs. */
  past(config: string): Past | undefined {
    return this.#past.get(config);
  }

  /** @param nowText of what has no text yet, RFC 3339 */
  keep(config: string, { ownerHistory, remedies }: Past, nowText: string): void {
    this.#past.set(config, {
      ownerHistory: ownerHistory.map((row) => dated(row, nowText)),
      remedies: remedies.map((row) => dated(row, nowText)),
    });
  }

  /** The config is gone. */
  forget(config: string): void {
    this.#past.delete(config);
  }

  // A network card that was taken out is no card of this node any more.
  #take(node: string, message: string, now: number): void {
    const told = macsInReport(message);
    const before = this.#macs.get(node) ?? [];
    this.#toldAt[node] = now;
    if (told.length === 0) {
      return;
    }
    const isNews = !this.#isKnown(node, told);
    before.filter((mac) => this.#nodes[mac]?.node === node).forEach((mac) => delete this.#nodes[mac]);
    told.forEach((row) => (this.#nodes[row.mac] = { node, interface: row.interface }));
    this.#macs.set(
      node,
      told.map(({ mac }) => mac),
    );
    this.#version += Number(isNews);
  }

  #isKnown(node: string, told: ReturnType<typeof macsInReport>): boolean {
    const isSame = ({ mac, interface: nic }: (typeof told)[number]): boolean =>
      this.#nodes[mac]?.node === node && this.#nodes[mac].interface === nic;
    return this.#macs.get(node)?.length === told.length && told.every(isSame);
  }
}
