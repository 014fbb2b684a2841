// What a watch has seen, and what we wrote since: reading our own writes keeps two reconciles in a row
// from deciding on an older world.

interface Named {
  readonly metadata?:
    { readonly name?: string; readonly namespace?: string; readonly resourceVersion?: string } | undefined;
}

const keyOf = ({ metadata }: Named): string => `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;

/** Objects of one resource, by namespace and name. */
export class Store<T extends Named> {
  readonly #objects = new Map<string, T>();
  #listVersion = 0;
  /** The same until something changes, so that what was computed from it is still good. */
  #list: readonly T[] | undefined;

  /** Keeps the newer of the two. Resource versions of one resource are ordered numbers (Kubernetes 1.35). */
  put(object: T): void {
    const key = keyOf(object);
    const old = this.#objects.get(key);
    if (old === undefined || versionOf(object) >= versionOf(old)) {
      this.#objects.set(key, object);
      this.#list = undefined;
    }
  }

  delete(object: T): void {
    const key = keyOf(object);
    const old = this.#objects.get(key);
    // A late event about an object that was made anew must not remove its successor.
    if (old !== undefined && versionOf(object) >= versionOf(old)) {
      this.#objects.delete(key);
      this.#list = undefined;
    }
  }

  /** After a list: what it does not name is gone, unless we wrote it since. */
  replaceAll(objects: readonly T[], listVersion: string): void {
    const version = Number(listVersion);
    this.#list = undefined;
    if (version < this.#listVersion) {
      // The cluster went back in time: etcd was restored, and nothing that was seen later is true.
      this.#objects.clear();
    }
    this.#listVersion = version;
    const keys = new Set(objects.map(keyOf));
    for (const [key, object] of this.#objects) {
      if (!keys.has(key) && versionOf(object) <= version) {
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
