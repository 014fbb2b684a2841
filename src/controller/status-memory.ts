// What was written into a status and not stored, because the CRD is of an earlier operator. Status is also the memory of
// the nodes that were asked and of former holders: without it each pass would begin anew, and write for ever.
import { isDeepStrictEqual } from 'node:util';
import type { KubeVipConfig, KubeVipConfigStatus } from '../api/types.ts';

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** A list has one path for all of its entries. */
const below = (path: string, key: string, isList: boolean): string =>
  isList ? `${path}[]` : `${path}.${key}`;

/** Paths of what was sent and is missing in what was stored, each once. */
export function unstoredFields(sent: unknown, stored: unknown, path = 'status'): readonly string[] {
  if (!isTree(sent)) {
    return [];
  }
  const kept = isTree(stored) ? stored : {};
  const found = Object.entries(sent)
    .filter(([, value]) => value !== undefined)
    .flatMap(([key, value]) => {
      const where = below(path, key, Array.isArray(sent));
      return key in kept ? unstoredFields(value, kept[key], where) : [where];
    });
  return [...new Set(found)];
}

interface Kept {
  readonly sent: KubeVipConfigStatus;
  readonly stored: KubeVipConfigStatus;
  readonly unstored: readonly string[];
  readonly writtenMs: number;
}

// A CRD that is applied changes no object: nothing but another write shows that all is stored now.
const writeAgainMs = 30_000;

/** A KubeVipConfig with its whole status, and what of that is not stored. */
export interface Remembered {
  readonly config: KubeVipConfig;
  readonly unstored: readonly string[];
}

/** Keeps what a CRD drops, as long as this operator runs. */
export class StatusMemory {
  readonly #kept = new Map<string, Kept>();
  readonly #now: () => number;

  /** @param now milliseconds, of any clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param stored undefined: the KubeVipConfig is gone */
  keep(name: string, sent: KubeVipConfigStatus, stored: KubeVipConfigStatus | undefined): void {
    const unstored = stored === undefined ? [] : unstoredFields(sent, stored);
    if (stored === undefined || unstored.length === 0) {
      this.#kept.delete(name);
    } else {
      this.#kept.set(name, { sent, stored, unstored, writtenMs: this.#now() });
    }
  }

  /** A config as it is stored goes in; nothing is added to a status that another wrote. */
  complete(config: KubeVipConfig): Remembered {
    const kept = this.#kept.get(config.metadata.name);
    return kept !== undefined && isDeepStrictEqual(kept.stored, config.status)
      ? { config: { ...config, status: kept.sent }, unstored: kept.unstored }
      : { config, unstored: [] };
  }

  /** Whether a status is to be written again although it is as it was: the CRD may store all of it now. */
  isToBeWritten(name: string): boolean {
    const kept = this.#kept.get(name);
    // The clock of the machine may be set back.
    return kept !== undefined && Math.abs(this.#now() - kept.writtenMs) >= writeAgainMs;
  }

  forget(name: string): void {
    this.#kept.delete(name);
  }
}
