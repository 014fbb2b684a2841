// Keeps the MAC addresses of the nodes in a ConfigMap, so that a new leader knows whose an answer is and asks no node again. It
// reads once, when it begins to lead, and writes only when a node has told of other MACs.
import type { Logger } from 'pino';
import type { ClusterView, MacAccess } from '../cluster/cluster.ts';
import { explain } from '../cluster/errors.ts';
import { macLines, macsInLines } from '../observed/witness/mac-lines.ts';
import { nameOf } from '../observed/pods.ts';
import { hasWitness } from '../witness/questions.ts';
import type { LeaderOnly } from './leader-only.ts';
import type { NetworkMemory } from './network-memory.ts';

/** What a keeper of MAC addresses is made from. */
export interface MacKeeperOptions {
  readonly view: Pick<ClusterView, 'configs' | 'nodes'>;
  readonly access: MacAccess;
  readonly memory: Pick<NetworkMemory, 'book' | 'version' | 'expect' | 'restore'>;
  /** Whose an answer is may be known now. */
  readonly onRead: () => void;
  readonly log: Logger;
}

const lookMs = 5000;
// With thousands of nodes they tell for minutes: one write of all for many of them.
const longestWaitLooks = 6;
// What cannot be read is asked of the nodes, which costs a pod on each of them.
const mostReads = 4;
const longestPauseLooks = 12;

/** Works only between {@link start} and {@link stop}. */
export class MacKeeper implements LeaderOnly {
  readonly #options: MacKeeperOptions;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> | undefined;
  #reads = 0;
  #isRead = false;
  /** As the ConfigMap has it; undefined: there is none. */
  #stored: string | undefined;
  /** Versions of the memory: at the last look, and as it is stored. */
  #seen = 0;
  #kept = 0;
  #waited = 0;
  #refused = 0;
  #pause = 0;

  constructor(options: MacKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#options.memory.expect();
    this.#timer = setInterval(() => this.#look(), lookMs);
    this.#look();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Resolves when the request that was under way at {@link stop} has ended. */
  async ended(): Promise<void> {
    await this.#underWay;
  }

  #look(): void {
    this.#underWay ??= this.#work().finally(() => (this.#underWay = undefined));
  }

  async #work(): Promise<void> {
    if (!this.#isRead) {
      return this.#read();
    }
    if (this.#pause > 0) {
      this.#pause -= 1;
      return;
    }
    try {
      await this.#keep();
      this.#refused = 0;
    } catch (error) {
      this.#refused += 1;
      this.#pause = Math.min(longestPauseLooks, 2 ** this.#refused);
      this.#options.log.warn(explain(error), 'MAC addresses of nodes not kept, trying again');
    }
  }

  async #read(): Promise<void> {
    const { access, memory, log, onRead } = this.#options;
    this.#reads += 1;
    try {
      this.#stored = await access.readMacs();
    } catch (error) {
      log.warn(explain(error), 'MAC addresses of nodes not read');
      if (this.#reads < mostReads) {
        return;
      }
    }
    const isThere = this.#nodes();
    const rows = macsInLines(this.#stored ?? '').filter(({ node }) => isThere(node));
    this.#isRead = true;
    memory.restore(rows);
    log.info({ macs: rows.length }, 'MAC addresses of nodes read');
    onRead();
  }

  /** Whether there is a node of this name: what is kept of others is not believed. */
  #nodes(): (node: string) => boolean {
    const names = new Set(this.#options.view.nodes().map(nameOf));
    return (node) => names.has(node);
  }

  async #keep(): Promise<void> {
    const { view, access, memory } = this.#options;
    if (!view.configs().some(hasWitness)) {
      return this.#leave();
    }
    const { version } = memory;
    const isNews = version !== this.#seen;
    this.#seen = version;
    this.#waited = version === this.#kept ? 0 : this.#waited + 1;
    if (this.#waited === 0 || (isNews && this.#waited < longestWaitLooks)) {
      return;
    }
    const text = macLines(memory.book, this.#nodes());
    if (text !== this.#stored) {
      await access.writeMacs(text);
      this.#stored = text;
    }
    this.#kept = version;
    this.#waited = 0;
  }

  async #leave(): Promise<void> {
    if (this.#stored !== undefined) {
      await this.#options.access.deleteMacs();
      this.#stored = undefined;
      // Where witnesses are wanted again, it is written anew.
      this.#kept = -1;
    }
  }
}
