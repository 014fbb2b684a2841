// What a watch has seen, and what we wrote since: reading our own writes keeps two reconciles in a row
// from deciding on an older world.

interface Named {
  readonly metadata?:
    { readonly name?: string; readonly namespace?: string; readonly resourceVersion?: string } | undefined;
}

const keyOf = ({ metadata }: Named): string => `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;

/** A list as it came: of which version, and what had been seen when it was asked for. */
export interface ListMark {
  readonly version: string;
  /** {@link Store.seen} at that moment. */
  readonly seenBefore: number;
}

/** Objects of one resource, by namespace and name. */
export class Store<T extends Named> {
  readonly #objects = new Map<string, T>();
  #seen = 0;
  /** The same until something changes, so that what was computed from it is still good. */
  #list: readonly T[] | undefined;

  /** Keeps the newer of the two. Resource versions of one resource are ordered numbers (Kubernetes 1.35). */
  put(object: T): void {
    const key = keyOf(object);
    const old = this.#objects.get(key);
    this.#seen = Math.max(this.#seen, versionOf(object));
    if (old === undefined || versionOf(object) >= versionOf(old)) {
      this.#objects.set(key, object);
      this.#list = undefined;
    }
  }

  delete(object: T): void {
    const key = keyOf(object);
    const old = this.#objects.get(key);
    this.#seen = Math.max(this.#seen, versionOf(object));
    // A late event about an object that was made anew must not remove its successor.
    if (old !== undefined && versionOf(object) >= versionOf(old)) {
      this.#objects.delete(key);
      this.#list = undefined;
    }
  }

  /** The highest version that lists, watches and answers to our writes have brought. */
  get seen(): number {
    return this.#seen;
  }

  /** A watch has come to this version, with or without an object. */
  reach(version: string | undefined): void {
    this.#seen = Math.max(this.#seen, Number(version ?? 0));
  }

  /** After a list, which is believed whole: only what we wrote since is known better. */
  replaceAll(objects: readonly T[], { version: listVersion, seenBefore }: ListMark): void {
    const version = Number(listVersion);
    // The cluster went back in time: etcd was restored, and nothing that was seen later is true.
    const isBack = version < seenBefore;
    this.#list = undefined;
    this.#seen = isBack ? version : Math.max(this.#seen, version);
    for (const [key, object] of this.#objects) {
      if (isBack || versionOf(object) <= version) {
        this.#objects.delete(key);
      }
    }
    for (const object of objects) {
      this.put(object);
    }
  }

  /** @param namespace none for a resource of the whole cluster */
  get(name: string, namespace = ''): T | undefined {
    return this.#objects.get(`${namespace}/${name}`);
  }

  list(): readonly T[] {
    this.#list ??= [...this.#objects.values()];
    return this.#list;
  }
}

function versionOf(object: Named): number {
  return Number(object.metadata?.resourceVersion ?? 0);
}
